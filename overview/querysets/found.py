"""Search over everything the actor may see: each kind of thing by its own words, Chinese included; in one question."""

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from analytics.choices import ImportState
from analytics.models import Import, ImportFile, Source
from assets.models import Asset
from campaigns.models import Campaign, Goal, Kpi, Programme
from core.search import matching
from placements.models import AdAccount, Placement
from placements.rules.platforms import platform_name
from risks.models import Incident, Risk
from tasks.models import Task

NOTHING = Value("", output_field=CharField())
OF_CAMPAIGN = (F("campaign__name"), F("campaign__code"))
OF_WORKSPACE = (NOTHING, NOTHING)


@dataclass(frozen=True)
class Kind:
    """One kind of thing in the search: its heading, icon, where its words stand, and how a found one is called."""

    code: str
    label: str
    icon: str
    rows: object
    name: object  # the column or expression with its name
    fields: tuple = ()  # plain text columns; none: the segmented search text
    place: tuple = OF_CAMPAIGN  # where it belongs, in words, and the code of its campaign


@dataclass(frozen=True)
class Found:
    """A found thing: its name, where it belongs, and the code of its campaign ("" without one)."""

    model: str
    pk: UUID
    label: str
    hint: str
    campaign: str


def _living(model):
    return lambda actor: model.objects.visible_to(actor).active()


def _planned(model):
    return lambda actor: model.objects.visible_to(actor).active().filter(campaign__archived_at=None)


def _running(actor):
    return Incident.objects.visible_to(actor).filter(campaign__archived_at=None)


def _people(actor):
    return Membership.objects.visible_to(actor).of_people()


_EMAIL = Coalesce("user__email", NOTHING, output_field=CharField())
_PERSON = Coalesce(NullIf("user__name", NOTHING), _EMAIL, output_field=CharField())
KINDS = (
    Kind("campaign", _("Campaigns"), "target-arrow", _living(Campaign), F("name"), place=(F("code"), F("code"))),
    Kind("task", _("Tasks"), "list-check", _planned(Task), F("title")),
    Kind("asset", _("Assets"), "photo", _planned(Asset), F("title")),
    Kind("placement", _("Placements"), "calendar-stats", _planned(Placement), F("name")),
    Kind("kpi", _("KPIs"), "target", _planned(Kpi), F("name")),
    Kind("goal", _("Goals"), "flag-2", _planned(Goal), F("title"), ("title",)),
    Kind("risk", _("Risks"), "alert-triangle", _planned(Risk), F("title")),
    Kind("incident", _("Incidents"), "flame", _running, F("title"), ("title",)),
    Kind("programme", _("Programmes"), "folder", _living(Programme), F("name"), ("name",), OF_WORKSPACE),
    Kind("source", _("Data sources"), "plug-connected", _living(Source), F("name"), ("name",), OF_WORKSPACE),
    Kind(
        "import",
        _("Imports"),
        "file-spreadsheet",
        Import.objects.visible_to,
        NOTHING,
        ("files__stored__name",),
        (F("state"), Coalesce("campaign__code", NOTHING)),
    ),
    Kind(
        "ad_account",
        _("Ad accounts"),
        "credit-card",
        _living(AdAccount),
        F("name"),
        ("name", "external_id"),
        (F("platform"), NOTHING),
    ),
    Kind(
        "person",
        _("People"),
        "user",
        _people,
        _PERSON,
        ("user__name", "user__email"),
        (_EMAIL, NOTHING),
    ),
)
UNLIMITED = {"source", "import", "ad_account", "person", "programme"}


def found(actor, words, *, limit, kinds=()):
    """`[(Kind, [Found])]` of the kinds that hold all the words, at most `limit` of each; newest first."""
    words = words.strip()[:100]
    if not words:
        return []
    shown = [kind for kind in KINDS if not kinds or kind.code in kinds]
    if actor.is_limited:  # who is limited to some campaigns reaches nothing that belongs to no campaign
        shown = [kind for kind in shown if kind.code not in UNLIMITED]
    return _in_one_question(actor, words, shown, limit) if shown else []


def _in_one_question(actor, words, shown, limit):
    models, parts = [], []
    for place, kind in enumerate(shown):
        rows = kind.rows(actor)
        newest = _holding(kind, rows, words).order_by("-pk").values("pk")[:limit]
        parts.append(rows.filter(pk__in=newest).order_by().values_list(Value(place), "pk", kind.name, *kind.place))
        models.append(rows.model._meta.label_lower)
    groups = defaultdict(list)
    for place, *said in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
        groups[place].append(Found(models[place], *said))
    ordered = [(shown[place], sorted(groups[place], key=lambda one: one.pk, reverse=True)) for place in sorted(groups)]
    return [(kind, WORDED[kind.code](rows) if kind.code in WORDED else rows) for kind, rows in ordered]


def _accounts(rows):
    """Ad accounts belong to a platform."""
    return [replace(one, hint=platform_name(one.hint)) for one in rows]


def _imports(rows):
    """Imports are called by their files."""
    names = defaultdict(list)
    files = ImportFile.objects.filter(imported__in=[one.pk for one in rows]).order_by("position", "pk")
    for pk, name in files.values_list("imported", "stored__name"):
        names[pk].append(name)
    return [
        Found(one.model, one.pk, ", ".join(names[one.pk]), ImportState(one.hint).label, one.campaign) for one in rows
    ]


WORDED = {"import": _imports, "ad_account": _accounts}


def _holding(kind, rows, words):
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
