"""Playbooks: the library of the workspace, those of a campaign, one of them, writing and rewriting it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns.models import Channel
from campaigns.views import find_campaign, undone
from core.models import Activity
from risks import actions
from risks.choices import RiskClass
from risks.forms import AdoptForm, MessageFormSet, PlaybookForm
from risks.models import Playbook
from risks.permissions import can_keep_library, can_keep_playbook
from risks.rules.register import MANDATORY
from risks.views import carried_out, frame, read, told

LATEST = 8


def shown(rows):
    """Playbooks as cards: with their steps, and the longest way through them."""
    found = list(rows.select_related("workspace", "campaign", "campaign__workspace").with_steps())
    for one in found:
        one.is_mandatory = one.risk_class in MANDATORY
    return found


def library(request, slug):
    rows = Playbook.objects.visible_to(request.actor).library()
    is_archive = request.GET.get("archived") == "1"
    rows = rows.filter(archived_at__isnull=not is_archive).order_by("position", "name")
    context = {
        "slug": slug,
        "playbooks": shown(rows),
        "is_archive": is_archive,
        "may_keep": can_keep_library(request.actor),
    }
    return render(request, "risks/library.html", context)


def campaign_playbooks(request, slug, code):
    campaign = find_campaign(request, code)
    found = shown(Playbook.objects.visible_to(request.actor).for_campaign(campaign))
    missing = Playbook.objects.visible_to(request.actor).missing_classes(campaign)
    context = {
        "own": [one for one in found if one.campaign_id],
        "shelf": [one for one in found if not one.campaign_id],
        "missing": [RiskClass(one).label for one in missing],
    }
    return render(request, "risks/playbooks.html", frame(request, campaign, "campaign-playbooks", **context))


def playbook_of(request, pk):
    rows = Playbook.objects.visible_to(request.actor).select_related("workspace", "campaign", "campaign__workspace")
    return get_object_or_404(rows.with_steps(), pk=pk)


def playbook(request, slug, pk):
    row = playbook_of(request, pk)
    channels = Channel.objects.visible_to(request.actor).coded()
    lines = Activity.objects.visible_to(request.actor).about(row.pk)
    may_keep = can_keep_playbook(request.actor, row)
    context = {
        "slug": slug,
        "playbook": row,
        "steps": list(row.steps.all()),
        "channels": [channels[code].label if code in channels else code for code in row.pause_channels],
        "may_keep": may_keep,
        "may_edit": may_keep and row.archived_at is None,
        "adopt": AdoptForm(actor=request.actor),
        "activities": told(lines[:LATEST], row),
    }
    return render(request, "risks/playbook.html", context)


def _written(request, row):
    """The message templates as they stand or were typed."""
    stored = row.said_messages if row else ()
    return MessageFormSet(request.POST or None, prefix="messages", initial=stored)


def _page(request, form, written, act, **context):
    """The form of a playbook; carried out when it and its messages can be read."""
    is_ready = request.method == "POST" and written.is_valid()
    if is_ready and form.carries_out(lambda **typed: act(messages=written.messages(), **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": form.result})
        return redirect(form.result)
    if request.method == "POST" and not is_ready and form.is_valid():
        form.add_error(None, _("Look at the messages again."))
    return form_page(request, "risks/playbook_form.html", form, written=written, **context)


def create(request, slug):
    form = PlaybookForm(request.POST or None, actor=request.actor)
    return _page(request, form, _written(request, None), _maker(request, None), slug=slug)


def campaign_create(request, slug, code):
    campaign = find_campaign(request, code)
    form = PlaybookForm(request.POST or None, actor=request.actor)
    return _page(request, form, _written(request, None), _maker(request, campaign), slug=slug, campaign=campaign)


def _maker(request, campaign):
    def make(**typed):
        return actions.create_playbook(request.actor, campaign=campaign, **typed)

    return make


def edit(request, slug, pk):
    row = playbook_of(request, pk)
    form = PlaybookForm(request.POST or None, actor=request.actor, row=row)

    def act(**typed):
        return actions.update_playbook(request.actor, playbook=row, **typed)

    return _page(request, form, _written(request, row), act, slug=slug, playbook=row, campaign=row.campaign)


@require_POST
def adopt(request, slug, pk):
    row = playbook_of(request, pk)

    def act():
        form = AdoptForm(request.POST, actor=request.actor)
        return actions.adopt_playbook(request.actor, playbook=row, **read(form))

    copy = carried_out(request, act, _("This is the campaign's own copy. Fit it to the campaign."))
    return redirect(copy or row)


@require_POST
def archive(request, slug, pk):
    row = playbook_of(request, pk)
    undo, done = reverse("risks:playbook-restore", args=[slug, pk]), _("%(name)s is archived.") % {"name": row}
    carried_out(request, lambda: actions.archive_playbook(request.actor, playbook=row), done, undo)
    if row.campaign:
        return redirect("risks:campaign-playbooks", slug, row.campaign.code)
    return redirect("risks:playbooks", slug)


@require_POST
def restore(request, slug, pk):
    row = actions.restore_playbook(request.actor, playbook=playbook_of(request, pk))
    return undone(request, _("%(name)s is back.") % {"name": row}, row.get_absolute_url())


@require_POST
def load(request, slug):
    made = carried_out(request, lambda: actions.add_defaults(request.actor))
    if made is not None:
        text = ngettext("%(count)d default playbook added.", "%(count)d default playbooks added.", len(made))
        messages.success(request, text % {"count": len(made)})
    return redirect("risks:playbooks", slug)
