"""Questions of a campaign as its own people see them: the list, asking, answering, closing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organization
from campaigns import actions
from campaigns.choices import QuestionState
from campaigns.forms import AnswerForm, QuestionForm
from campaigns.models import Question
from campaigns.permissions import can_answer, can_ask, can_close
from campaigns.rules import brief as rules
from campaigns.views import find_campaign, menu, where
from core.errors import PharosError

PAGE = 40


def questions(request, slug, code):
    """Open ones first; `?state=`, `?with=` an organisation or `ours`, `?q=`."""
    campaign = find_campaign(request, code)
    form = QuestionForm(actor=request.actor, campaign=campaign)
    return listing(request, slug, campaign, form)


def listing(request, slug, campaign, form, status=200):
    rows = Question.objects.visible_to(request.actor).of(campaign).listed()
    partners = Organization.objects.visible_to(request.actor).filter(pk__in=rows.order_by().values("organization"))
    rows = filtered(request, rows.found_by_words(request.GET.get("q", "").strip()[:200]))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page:
        dressed(request.actor, row)
    sides = [("ours", _("among ourselves")), *((str(one.pk), one.name) for one in partners.order_by("name"))]
    context = {
        "slug": slug,
        "campaign": campaign,
        "page": page,
        "form": form if can_ask(request.actor, campaign) else None,
        "filters": [
            menu(request, "state", _("State"), QuestionState.choices),
            menu(request, "with", _("With"), sides),
        ],
        "is_filtered": any(request.GET.get(name) for name in ("state", "with", "q")),
    }
    return render(request, "campaigns/questions.html", context, status=status)


def filtered(request, rows):
    side, state = request.GET.get("with", ""), request.GET.get("state", "")
    rows = rows.filter(organization=None) if side == "ours" else where(rows, "organization", side)
    rows = rows.filter(state=state) if state in QuestionState.values else rows
    return rows.open_first()


def dressed(actor, row):
    """A question with what this person may do, and the words of its section."""
    row.may_answer, row.may_close = bool(can_answer(actor, row)), bool(can_close(actor, row))
    row.section_label = rules.label(row.section) if row.section else ""
    row.is_theirs = row.asked_by.kind == "seat"
    return row


@require_POST
def ask(request, slug, code):
    campaign = find_campaign(request, code)
    form = QuestionForm(request.POST, actor=request.actor, campaign=campaign)
    if form.carries_out(lambda **typed: actions.ask_question(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("The question is asked."))
        return redirect("campaigns:questions", slug, code)
    return listing(request, slug, campaign, form, 422)


def question_of(request, code, pk):
    rows = Question.objects.visible_to(request.actor).listed()
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def question(request, slug, code, pk):
    row = dressed(request.actor, question_of(request, code, pk))
    form = AnswerForm(initial={"answer": row.answer})
    context = {"slug": slug, "campaign": row.campaign, "question": row, "form": form}
    return render(request, "campaigns/question.html", context)


@require_POST
def answer(request, slug, code, pk):
    row = question_of(request, code, pk)
    form = AnswerForm(request.POST)
    if form.carries_out(lambda **typed: actions.answer_question(request.actor, question=row, **typed)):
        messages.success(request, _("The answer is given."))
        return redirect("campaigns:question", slug, code, pk)
    row = dressed(request.actor, question_of(request, code, pk))
    context = {"slug": slug, "campaign": row.campaign, "question": row, "form": form}
    return render(request, "campaigns/question.html", context, status=422)


def carried_out(request, row, *, act, sentence):
    """Do one thing with a question; a refusal is said."""
    try:
        act(request.actor, question=row)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)


@require_POST
def close(request, slug, code, pk):
    row = question_of(request, code, pk)
    carried_out(request, row, act=actions.close_question, sentence=_("The question is closed."))
    return redirect("campaigns:question", slug, code, pk)


@require_POST
def reopen(request, slug, code, pk):
    row = question_of(request, code, pk)
    carried_out(request, row, act=actions.reopen_question, sentence=_("The question is open again."))
    return redirect("campaigns:question", slug, code, pk)
