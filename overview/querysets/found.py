"""Search over everything the actor may see: each kind of thing by its own words, Chinese included."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from analytics.models import Import, Source
from assets.models import Asset
from campaigns.models import Campaign, Goal, Kpi, Programme
from core.search import matching
from placements.models import AdAccount, Placement
from risks.models import Incident, Risk
from tasks.models import Task


@dataclass(frozen=True)
class Kind:
    """One kind of thing in the search: its heading, icon, and where its words stand."""

    code: str
    label: str
    icon: str
    rows: object
    fields: tuple = ()  # plain text columns; none: the segmented search text


KINDS = (
    Kind("campaign", _("Campaigns"), "target-arrow", lambda a: Campaign.objects.visible_to(a).active()),
    Kind(
        "task",
        _("Tasks"),
        "list-check",
        lambda a: Task.objects.visible_to(a).active().filter(campaign__archived_at=None).select_related("campaign"),
    ),
    Kind(
        "asset",
        _("Assets"),
        "photo",
        lambda a: Asset.objects.visible_to(a).active().filter(campaign__archived_at=None).select_related("campaign"),
    ),
    Kind(
        "placement",
        _("Placements"),
        "calendar-stats",
        lambda a: (
            Placement.objects.visible_to(a).active().filter(campaign__archived_at=None).select_related("campaign")
        ),
    ),
    Kind(
        "kpi",
        _("KPIs"),
        "target",
        lambda a: Kpi.objects.visible_to(a).active().filter(campaign__archived_at=None).select_related("campaign"),
    ),
    Kind(
        "goal",
        _("Goals"),
        "flag-2",
        lambda a: Goal.objects.visible_to(a).active().filter(campaign__archived_at=None).select_related("campaign"),
        ("title",),
    ),
    Kind(
        "risk",
        _("Risks"),
        "alert-triangle",
        lambda a: Risk.objects.visible_to(a).active().filter(campaign__archived_at=None).select_related("campaign"),
    ),
    Kind(
        "incident",
        _("Incidents"),
        "flame",
        lambda a: Incident.objects.visible_to(a).filter(campaign__archived_at=None).select_related("campaign"),
        ("title",),
    ),
    Kind("programme", _("Programmes"), "folder", lambda a: Programme.objects.visible_to(a).active(), ("name",)),
    Kind("source", _("Data sources"), "plug-connected", lambda a: Source.objects.visible_to(a).active(), ("name",)),
    Kind(
        "import",
        _("Imports"),
        "file-spreadsheet",
        lambda a: Import.objects.visible_to(a).prefetch_related("files__stored").distinct(),
        ("files__stored__name",),
    ),
    Kind(
        "ad_account",
        _("Ad accounts"),
        "credit-card",
        lambda a: AdAccount.objects.visible_to(a).active(),
        ("name", "external_id"),
    ),
    Kind(
        "person",
        _("People"),
        "user",
        lambda a: Membership.objects.visible_to(a).of_people().select_related("user"),
        ("user__name", "user__email"),
    ),
)
UNLIMITED = {"source", "import", "ad_account", "person", "programme"}


def found(actor, words, *, limit, kinds=()):
    """`[(Kind, rows)]` of the kinds that hold all the words, at most `limit` rows each; newest first."""
    words = words.strip()[:100]
    if not words:
        return []
    shown = [kind for kind in KINDS if not kinds or kind.code in kinds]
    if actor.is_limited:  # who is limited to some campaigns reaches nothing that belongs to no campaign
        shown = [kind for kind in shown if kind.code not in UNLIMITED]
    pairs = ((kind, list(_holding(kind, actor, words).order_by("-pk")[:limit])) for kind in shown)
    return [(kind, rows) for kind, rows in pairs if rows]


def _holding(kind, actor, words):
    rows = kind.rows(actor)
    if not kind.fields:
        return rows.filter(matching(words) | _coded(kind, words))
    for word in words.split()[:8]:
        condition = Q()
        for field in kind.fields:
            condition |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(condition)
    return rows


def _coded(kind, words):
    """Codes are found by any part: "11-20" finds D11-2026."""
    return Q(code__icontains=words) if kind.code in ("campaign", "asset", "placement") else Q(pk=None)
