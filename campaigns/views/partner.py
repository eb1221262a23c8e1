"""What a partner reads of the plan: shared sections of the brief, questions to the client and the client's to it."""

from django.apps import apps
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models.faces import names_for
from campaigns import actions
from campaigns.choices import QuestionState
from campaigns.forms import AnswerForm, PartnerQuestionForm
from campaigns.models import Campaign, Question
from campaigns.models.shared import shared_briefs
from campaigns.permissions import can_answer, can_ask, can_close
from campaigns.rules import brief as rules
from campaigns.views import where
from campaigns.views.questions import carried_out

MOST = 200


def briefs(request, slug):
    """The sections that each campaign shares with the organisation, in the words in force."""
    return render(request, "campaigns/partner_briefs.html", {"slug": slug, "briefs": shared_briefs(request.actor)})


def questions(request, slug):
    """The organisation's questions, what waits for it first, and the form for another one."""
    return page(request, slug, PartnerQuestionForm(campaigns=_campaigns(request), initial=_initial(request)))


def _campaigns(request):
    """Campaigns in which the seat may ask."""
    reached = request.actor.campaigns_of("questions", "write")
    rows = Campaign.objects.visible_to(request.actor).active().filter(pk__in=reached)
    return rows.select_related("workspace").order_by("start_date")


def _initial(request):
    subject = _subject(request.actor, request.GET.get("about", ""))
    if subject is None:
        return {}
    return {"about": f"{subject._meta.label_lower}:{subject.pk}", "campaign": subject.campaign_id}


def _subject(actor, about):
    """The thing "assets.asset:<id>" names among what the seat sees, else None."""
    kind, _colon, key = about[:120].partition(":")
    if kind not in ("tasks.task", "assets.asset", "placements.placement"):
        return None
    rows = apps.get_model(kind).objects.visible_to(actor).active().select_related("campaign")
    return where(rows, "pk", key or "none").first()


def page(request, slug, form, status=200):
    rows = list(Question.objects.visible_to(request.actor).filter(campaign__archived_at=None).listed()[:MOST])
    dressed(request.actor, rows)
    about = _subject(request.actor, str(form["about"].value() or ""))
    sections = {brief.campaign_id: brief.sections for brief in shared_briefs(request.actor)}
    context = {
        "slug": slug,
        "waiting": [row for row in rows if row.waits],
        "answered": [row for row in rows if row.state == QuestionState.ANSWERED],
        "asked": [row for row in rows if row.state == QuestionState.OPEN and not row.waits],
        "closed": [row for row in rows if row.state == QuestionState.CLOSED],
        "form": form if form.fields["campaign"].queryset.exists() else None,
        "about": about,
        "sections": sections,
    }
    return render(request, "campaigns/partner_questions.html", context, status=status)


def dressed(actor, rows):
    """Questions with whether they wait for the seats (`waits`), who speaks, and what may be done."""
    names = names_for(actor, [person for row in rows for person in (row.asked_by, row.answered_by)])
    for row in rows:
        row.may_answer, row.may_close = bool(can_answer(actor, row)), bool(can_close(actor, row))
        row.waits = row.state == QuestionState.OPEN and row.asked_by.kind != "seat"
        row.asked_name, row.answered_name = names[row.asked_by_id], names.get(row.answered_by_id, "")
        row.is_ours = row.asked_by.kind == "seat"
        row.section_label = rules.label(row.section) if row.section else ""
    return rows


@require_POST
def ask(request, slug):
    """Ask the client."""
    form = PartnerQuestionForm(request.POST, campaigns=_campaigns(request))
    form.subject_of = lambda about: _subject(request.actor, about)
    if form.carries_out(lambda **typed: actions.ask_question(request.actor, **typed)):
        messages.success(request, _("The client is asked. You get a mail when the answer is here."))
        return redirect("campaigns:partner-questions", slug)
    return page(request, slug, form, 422)


def question_of(request, pk):
    return get_object_or_404(Question.objects.visible_to(request.actor).listed(), pk=pk)


def question(request, slug, pk):
    """One question with its answer."""
    row = dressed(request.actor, [question_of(request, pk)])[0]
    form = AnswerForm(initial={"answer": row.answer})
    context = {"slug": slug, "question": row, "form": form, "may_ask": bool(can_ask(request.actor, row.campaign))}
    return render(request, "campaigns/partner_question.html", context)


@require_POST
def answer(request, slug, pk):
    """Answer what the client asked."""
    row = question_of(request, pk)
    form = AnswerForm(request.POST)
    if form.carries_out(lambda **typed: actions.answer_question(request.actor, question=row, **typed)):
        messages.success(request, _("The answer is with the client."))
        return redirect("campaigns:partner-question", slug, pk)
    context = {"slug": slug, "question": dressed(request.actor, [question_of(request, pk)])[0], "form": form}
    return render(request, "campaigns/partner_question.html", context, status=422)


@require_POST
def close(request, slug, pk):
    """Nothing is left to say."""
    act = {"act": actions.close_question, "sentence": _("The question is closed.")}
    carried_out(request, question_of(request, pk), **act)
    return redirect("campaigns:partner-questions", slug)


@require_POST
def reopen(request, slug, pk):
    """The answer is not enough."""
    carried_out(
        request, question_of(request, pk), act=actions.reopen_question, sentence=_("The question is open again.")
    )
    return redirect("campaigns:partner-question", slug, pk)
