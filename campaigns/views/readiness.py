"""Lines of the readiness board that are signed by name, and the launch. The board itself is a page of overview."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns import actions
from campaigns.actions.writing import today_of
from campaigns.forms import LaunchForm, ReadinessLineForm, SignForm
from campaigns.models import ReadinessLine
from campaigns.permissions import can_plan, can_sign, can_withdraw
from campaigns.views import find_campaign, offer_undo, undone
from core.errors import PharosError
from core.files import served


def tabs(request, campaign):
    """Board, access and kept boards; the one at hand is marked."""
    at = [request.actor.workspace.slug, campaign.code]
    pages = [
        (_("Board"), reverse("overview:readiness", args=at)),
        (_("Access"), reverse("campaigns:access", args=at)),
        (_("Kept boards"), reverse("overview:readiness-snapshots", args=at)),
    ]
    return [{"label": label, "url": to, "active": to == request.path} for label, to in pages]


def find(request, code, pk):
    """A line of the campaign of the address, or 404."""
    rows = ReadinessLine.objects.visible_to(request.actor).with_people()
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def board(slug, code):
    return reverse("overview:readiness", args=[slug, code])


def add(request, slug, code):
    campaign = find_campaign(request, code)
    form = ReadinessLineForm(request.POST or None, actor=request.actor, initial={"owner": request.user})
    if form.carries_out(lambda **typed: actions.add_readiness_line(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("“%(name)s” stands on the board.") % {"name": form.result})
        return redirect(board(slug, code))
    return form_page(request, "campaigns/readiness_form.html", form, campaign=campaign, slug=slug)


def edit(request, slug, code, pk):
    line = find(request, code, pk)
    form = ReadinessLineForm(request.POST or None, actor=request.actor, row=line)
    if form.carries_out(lambda **typed: actions.update_readiness_line(request.actor, line=line, **typed)):
        messages.success(request, _("Saved."))
        return redirect(line.get_absolute_url())
    return form_page(request, "campaigns/readiness_form.html", form, campaign=line.campaign, slug=slug, line=line)


def line(request, slug, code, pk):
    """One line: what is needed, who signed with what; the named owner signs here."""
    row = find(request, code, pk)
    form = SignForm(request.POST or None, request.FILES or None, row=row)
    if form.carries_out(lambda **typed: actions.sign_readiness_line(request.actor, line=row, **typed)):
        messages.success(request, _("“%(name)s” is signed.") % {"name": row})
        return redirect(board(slug, code))
    context = {
        "line": row,
        "state": row.state_on(today_of(row.campaign)),
        "may_sign": can_sign(request.actor, row),
        "may_withdraw": row.is_signed and can_withdraw(request.actor, row),
        "may_plan": can_plan(request.actor, row),
    }
    return form_page(request, "campaigns/readiness_line.html", form, campaign=row.campaign, slug=slug, **context)


@require_POST
def withdraw(request, slug, code, pk):
    row = find(request, code, pk)
    said(request, lambda: actions.withdraw_signature(request.actor, line=row), _("The signature is taken back."))
    return redirect(row.get_absolute_url())


def said(request, act, sentence):
    """Carry an act out and say so, or say what it refused."""
    try:
        result = act()
    except PharosError as refused:
        if refused.status in (403, 404):
            raise
        messages.error(request, str(refused))
        return None
    messages.success(request, sentence)
    return result


@require_POST
def archive(request, slug, code, pk):
    row = find(request, code, pk)
    actions.archive_readiness_line(request.actor, line=row)
    undo = reverse("campaigns:readiness-restore", args=[slug, code, pk])
    offer_undo(request, _("“%(name)s” is off the board.") % {"name": row}, undo)
    return redirect(board(slug, code))


@require_POST
def restore(request, slug, code, pk):
    row = find(request, code, pk)
    actions.restore_readiness_line(request.actor, line=row)
    return undone(request, _("“%(name)s” is back.") % {"name": row}, board(slug, code))


def evidence(request, slug, code, pk):
    """The bytes of the evidence."""
    row = find(request, code, pk)
    if row.file is None:
        raise Http404
    return served(row.file)


@require_POST
def keep(request, slug, code):
    campaign = find_campaign(request, code)
    kept = said(request, lambda: actions.keep_snapshot(request.actor, campaign=campaign), _("The board is kept."))
    return redirect(kept.get_absolute_url() if kept else board(slug, code))


@require_POST
def launch(request, slug, code):
    """Go live from the board: it is kept with the launch."""
    campaign = find_campaign(request, code)
    form = LaunchForm(request.POST, row=campaign)

    def act(**typed):
        return actions.move_campaign(request.actor, campaign=campaign, step="launch", **typed)

    if form.carries_out(act):
        messages.success(request, _("The campaign is live. The board is kept as it stood."))
    else:
        for sentence in dict.fromkeys(text for texts in form.errors.values() for text in texts):
            messages.error(request, sentence)
    return redirect(board(slug, code))
