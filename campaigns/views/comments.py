"""Comments on anything of a campaign: a fragment other pages load, and the acts on one comment."""

from django.db.models import Exists, OuterRef
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Membership
from campaigns import actions
from campaigns.forms import CommentForm
from campaigns.models import CampaignMember, Comment
from campaigns.permissions import can_comment, can_remove_comment, can_rewrite
from campaigns.querysets import subject_of
from campaigns.rules import mentions
from campaigns.views import find_campaign

OFFERED = 8


def thread(request, campaign, subject, form=None, answering=None, editing=None):
    """What campaigns/_comments.html shows: comments with their answers, and the forms."""
    kind = subject._meta.label_lower
    rows = Comment.objects.visible_to(request.actor).of(campaign).filter(subject_type=kind, subject_id=subject.pk)
    rows = list(rows.select_related("author"))
    answers = {}
    for row in rows:
        row.may_rewrite = can_rewrite(request.actor, row) and row.archived_at is None
        row.may_remove = can_remove_comment(request.actor, row) and row.archived_at is None
        answers.setdefault(row.parent_id, []).append(row)
    for row in rows:
        row.answers = [each for each in answers.get(row.pk, []) if each.archived_at is None]
    shown = [row for row in answers.get(None, []) if row.archived_at is None or row.answers]
    return {
        "campaign": campaign,
        "subject_type": kind,
        "subject": subject,
        "comments": shown,
        "comment_form": form or CommentForm(auto_id="comment_%s"),
        "answering": answering,
        "editing": editing,
        "may_comment": can_comment(request.actor, campaign),
        "people_url": reverse("campaigns:people-json", args=[campaign.workspace.slug, campaign.code]),
        "comments_url": reverse("campaigns:comments", args=[campaign.workspace.slug, campaign.code, kind, subject.pk]),
    }


def find_subject(request, campaign, kind, pk):
    subject = subject_of(request.actor, campaign, kind, pk)
    if subject is None:
        raise Http404
    return subject


def comments(request, slug, code, kind, pk):
    campaign = find_campaign(request, code)
    subject = find_subject(request, campaign, kind, pk)
    form = CommentForm(request.POST or None, auto_id="comment_%s")
    if form.is_bound and form.is_valid():
        parent = parent_of(request, campaign, form.cleaned_data["parent"])
        actions.add_comment(
            request.actor, campaign=campaign, subject=subject, text=form.cleaned_data["text"], parent=parent
        )
        return shown(request, campaign, subject)
    answering = parent_of(request, campaign, request.GET.get("answer"))
    return fragment(request, campaign, subject, form=form if form.is_bound else None, answering=answering)


def parent_of(request, campaign, pk):
    """The comment that is answered, or None."""
    return get_object_or_404(Comment.objects.visible_to(request.actor).of(campaign), pk=pk) if pk else None


def fragment(request, campaign, subject, **state):
    """The thread alone for htmx, on a page of its own otherwise."""
    context = thread(request, campaign, subject, **state)
    failed = context["comment_form"].errors
    name = "campaigns/_comments.html" if request.htmx else "campaigns/comments.html"
    return render(request, name, context, status=422 if failed else 200)


def shown(request, campaign, subject):
    """After an act: the fresh thread, or back to where it is shown."""
    if request.htmx:
        return fragment(request, campaign, subject)
    return redirect("campaigns:comments", campaign.workspace.slug, campaign.code, subject._meta.label_lower, subject.pk)


def find_comment(request, campaign, pk):
    row = get_object_or_404(Comment.objects.visible_to(request.actor).of(campaign), pk=pk)
    return row, find_subject(request, campaign, row.subject_type, row.subject_id)


def comment(request, slug, code, pk):
    """Change the words of one's own comment."""
    campaign = find_campaign(request, code)
    row, subject = find_comment(request, campaign, pk)
    form = CommentForm(request.POST or None, row=row, auto_id="comment_%s")
    form.initial["text"] = mentions.typed(row.text, people(request.actor))
    if form.carries_out(lambda seen=None, **typed: edit(request.actor, row, typed["text"], seen)):
        return shown(request, campaign, subject)
    return fragment(request, campaign, subject, form=form, editing=row)


def edit(actor, row, text, seen):
    return actions.edit_comment(actor, comment=row, text=text, seen=seen)


@require_POST
def delete(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row, subject = find_comment(request, campaign, pk)
    actions.remove_comment(request.actor, comment=row)
    return shown(request, campaign, subject)


def people(actor):
    """[(id, name)] of everybody who may be named."""
    return list(Membership.objects.visible_to(actor).of_people().values_list("user_id", "user__name"))


def people_json(request, slug, code):
    """`{"people": [{id, name, hint}]}` whose name holds `q`: members of the campaign first, then of the workspace."""
    campaign = find_campaign(request, code)
    words = request.GET.get("q", "").strip()[:60]
    inside = CampaignMember.objects.visible_to(request.actor).of(campaign).filter(user=OuterRef("user"))
    rows = Membership.objects.visible_to(request.actor).of_people().filter(user__name__icontains=words)
    rows = rows.annotate(is_inside=Exists(inside)).select_related("user", "organization")
    found = rows.order_by("-is_inside", "user__name", "pk")[:OFFERED]
    return JsonResponse({"people": [_offered(member) for member in found]})


def _offered(member):
    hint = member.title or str(member.organization or "")
    return {
        "id": str(member.user_id),
        "name": member.user.name,
        "initials": member.user.initials,
        "hint": hint,
        "reference": mentions.reference(member.user.name, member.user_id),
    }
