"""The pages of risks, and what they share: the campaign of the address, the tabs, the logbook in words."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.errors import Invalid, PharosError
from risks.models import Incident, Risk
from risks.permissions import can_keep_risk, can_respond


def frame(request, campaign, view, **context):
    """What every page of a campaign's risks shows: its tabs, and what the actor may do."""
    return {
        "campaign": campaign,
        "slug": campaign.workspace.slug,
        "view": view,
        "tabs": SimpleLazyObject(lambda: _tabs(request.actor, campaign, view)),  # counted only where they are shown
        "may_plan": can_keep_risk(request.actor, campaign),
        "may_respond": can_respond(request.actor, campaign),
        **context,
    }


def _tabs(actor, campaign, view):
    at, counts = [campaign.workspace.slug, campaign.code], _counts(actor, campaign)
    pages = [
        ("list", _("Register")),
        ("campaign-playbooks", _("Playbooks")),
        ("campaign-incidents", _("Incidents")),
    ]
    return [
        {"label": label, "url": reverse(f"risks:{name}", args=at), "active": name == view, "count": counts.get(name)}
        for name, label in pages
    ]


def _counts(actor, campaign):
    """How many risks and incidents are open."""
    return {
        "list": Risk.objects.visible_to(actor).of(campaign).open().count(),
        "campaign-incidents": Incident.objects.visible_to(actor).of(campaign).running().count(),
    }


def read(form):
    """What was typed, or Invalid with the first thing that is wrong."""
    if form.is_valid():
        return form.values() if hasattr(form, "values") else form.cleaned_data
    field, sentences = next(iter(form.errors.items()))
    raise Invalid(str(sentences[0]), code="invalid", errors={field: str(sentences[0])})


def carried_out(request, act, sentence="", undo=""):
    """The result of `act()`, or None; what it refuses, or what was done (with a way back), is said on the next page."""
    try:
        result = act()
    except PharosError as refused:
        messages.error(request, str(refused))
        return None
    if sentence:
        messages.success(request, sentence, extra_tags=undo)
    return result


MOST_LINES = 4
HIDDEN = {"archived_at", "position", "search_text", "messages", "lock_version"}


def told(activities, row):
    """The lines of the logbook on a row: each with its words and which fields moved."""
    labels = {field.name: _(capfirst(field.verbose_name)) for field in row._meta.fields}
    choices = {field.name: dict(field.flatchoices) for field in row._meta.fields if field.choices}
    found = list(activities)
    for one in found:
        pairs = [(name, pair) for name, pair in one.changes.items() if name not in HIDDEN and len(pair) == 2]
        one.words = did(one.verb)
        one.lines = [_line(labels.get(name, name), pair, choices.get(name)) for name, pair in pairs[:MOST_LINES]]
    return found


def _line(label, pair, choices):
    before, after = [
        str((choices or {}).get(each, each))[:80] if each not in (None, "", [], {}) else "–" for each in pair
    ]
    return _("%(field)s: %(before)s → %(after)s") % {"field": label, "before": before, "after": after}


def did(verb):
    """What somebody did, as the end of a sentence that begins with their name."""
    return {
        "risks.risk_created": _("added this risk"),
        "risks.risk_changed": _("changed this risk"),
        "risks.risk_moved": _("moved this risk to another state"),
        "risks.risk_reviewed": _("looked at this risk"),
        "risks.risk_archived": _("archived this risk"),
        "risks.risk_restored": _("restored this risk"),
        "risks.playbook_created": _("wrote this playbook"),
        "risks.playbook_changed": _("rewrote this playbook"),
        "risks.playbook_adopted": _("copied this playbook into the campaign"),
        "risks.playbook_archived": _("archived this playbook"),
        "risks.playbook_restored": _("restored this playbook"),
    }.get(verb, _("changed this"))
