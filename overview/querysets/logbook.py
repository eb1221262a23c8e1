"""The logbook, as far as a person may read it: its lines, the filters of page and REST, the pages of a long list."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from accounts.choices import MEMBER_AREAS
from accounts.models import User
from core.models import Activity, AuditEvent
from core.policy import manager

PRIVATE_TO_MANAGERS = "accounts.api_key_"
PRIVATE_TO_THE_PERSON = ("accounts.view_", "accounts.profile_", "accounts.signed_", "accounts.password_")
PHAROS, GONE = "pharos", "gone"
EQUAL = {"kind": "subject_type", "subject": "subject_id", "verb": "verb", "campaign": "campaign_id"}


def logbook(actor):
    """Lines of the workspace, newest first; whoever reaches parts of some campaigns reads the lines on those parts."""
    rows = Activity.objects.visible_to(actor)
    if actor.is_limited:
        rows = rows.filter(_within_reach(actor))
    for beginning in PRIVATE_TO_THE_PERSON:
        rows = rows.filter(~Q(verb__startswith=beginning) | Q(user_id=actor.user_id))
    if not manager(actor):
        rows = rows.exclude(verb__startswith=PRIVATE_TO_MANAGERS)
    return rows.order_by("-at", "-id")


def _within_reach(actor):
    """Lines on things of the sections that the actor reads, campaign by campaign."""
    inside = Q(pk=None)
    for area, kinds in sections().items():
        inside |= Q(subject_type__in=kinds, campaign_id__in=actor.campaigns_of(area))
    return inside


@cache
def sections():
    """{section: the kinds of things in it}, as the tables say."""
    found = defaultdict(list)
    for model in apps.get_models():
        found[getattr(model, "AREA", model._meta.app_label)].append(model._meta.label_lower)
    return {area: kinds for area, kinds in found.items() if area in MEMBER_AREAS}


def events(actor):
    """Events of the workspace for those who look after it."""
    return AuditEvent.objects.visible_to(actor).order_by("-at", "-id")


def chosen(rows, wanted):
    """Lines that fit: `who` (an id or "pharos"), `area`, `kind`, `subject`, `verb`, `campaign`, words `q`, days."""
    for name, column in EQUAL.items():
        if wanted.get(name):
            rows = rows.filter(**{column: wanted[name]})
    if wanted.get("who"):
        rows = rows.filter(user_id=None if wanted["who"] == PHAROS else wanted["who"])
    if wanted.get("area"):
        rows = rows.filter(verb__startswith=f"{wanted['area']}.")
    for word in wanted.get("q", "").split():
        rows = rows.filter(Q(subject_label__icontains=word) | Q(user_name__icontains=word))
    return within_days(rows, wanted.get("start"), wanted.get("finish"))


def within_days(rows, start, finish):
    """Lines of the days start … finish (None: open) in the zone at hand."""
    if start:
        rows = rows.filter(at__gte=_midnight(start))
    return rows.filter(at__lt=_midnight(finish) + timedelta(days=1)) if finish else rows


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def page_of(rows, *, before="", after="", size=50):
    """(lines, whether there are newer ones, whether there are older ones): those next to the line `before` or `after`
    which they stand. Neither, or one that is not there: the newest."""
    border = _line(before or after)
    if border is None:
        found = list(rows[: size + 1])
        return found[:size], False, len(found) > size
    if before:
        older = rows.filter(Q(at__lt=border.at) | Q(at=border.at, id__lt=border.id))
        found = list(older[: size + 1])
        return found[:size], True, len(found) > size
    newer = rows.filter(Q(at__gt=border.at) | Q(at=border.at, id__gt=border.id)).order_by("at", "id")
    found = list(newer[: size + 1])
    return found[:size][::-1], len(found) > size, True


def _line(key):
    return _first(Activity.objects.only("at"), pk=key) if key else None


def _first(rows, **key):
    """The first line with this id, which somebody may have made up."""
    try:
        return rows.filter(**{name: UUID(value) for name, value in key.items()}).first()
    except ValueError:
        return None


def doers(actor, asked=""):
    """Who may have done something here, as {kind of principal: [(user id, name)]}; keys for managers alone. Whoever is
    asked for and has left is among them by the name of their day."""
    of_here = Q(memberships__workspace=actor.workspace_id) | Q(seat__workspace=actor.workspace_id)
    if manager(actor):
        of_here |= Q(api_key__workspace=actor.workspace_id)
    found = defaultdict(list)
    for key, name, kind in User.objects.filter(of_here).order_by("name").distinct().values_list("pk", "name", "kind"):
        found[kind].append((str(key), name))
    if asked and asked != PHAROS and asked not in {key for pairs in found.values() for key, _name in pairs}:
        line = _first(logbook(actor), user_id=asked)
        found[GONE] = [(asked, line.user_name)] if line else []
    return found
