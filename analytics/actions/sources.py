"""Acts on sources: connect, change, pause, resume, test."""

from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import SOURCE_RANK, SourceKind, SourceState
from analytics.connectors import json_api
from analytics.connectors.json_config import check_call, check_config
from analytics.models import Source
from analytics.permissions.sources import can_manage_sources
from analytics.rules.pulling import days_to_pull, next_pull
from campaigns.choices import MetricKind
from campaigns.models import Metric
from core.audit import record
from core.crypto import decrypt, encrypt
from core.errors import Invalid, PharosError, RuleBroken, require
from core.swap import swap
from core.time import time_zones

SCHEDULE = ("every_minutes", "daily_at", "time_zone")


@transaction.atomic
def create_source(actor, *, kind, platform, name, config=None, token="", **values):
    """Connect a source. A JSON source's settings are checked here; its first pull comes with its schedule."""
    require(can_manage_sources(actor))
    config = config or {}
    if kind == SourceKind.JSON:
        check(actor, config)
    check_schedule(values)
    source = Source(workspace=actor.workspace, kind=kind, platform=platform, name=name, config=config, **values)
    source.rank = SOURCE_RANK[kind]
    source.credentials = encrypt({"token": token}) if token else ""
    source.next_pull_at = upcoming(source)
    try:
        with transaction.atomic():
            source.save(force_insert=True)
    except IntegrityError as error:
        raise _name_taken() from error
    record(actor, "analytics.source_created", source)
    return source


@transaction.atomic
def update_source(actor, *, source, seen=None, token=None, **changes):
    """Change settings, schedule or credentials (`token`: write-only; None keeps it, "" removes it)."""
    require(can_manage_sources(actor))
    if source.kind == SourceKind.JSON and "config" in changes:
        check(actor, changes["config"])
    check_schedule(changes)
    told = {}
    if token is not None:
        changes["credentials"] = encrypt({"token": token}) if token else ""
        told = {"credentials": ["…", "…"]}
        if source.state == SourceState.NEEDS_REAUTH:
            changes |= {"state": SourceState.CONNECTED, "last_error": ""}
    try:
        with transaction.atomic():
            diff = swap(source, seen=seen, **changes)
    except IntegrityError as error:
        raise _name_taken() from error
    if {"state", *SCHEDULE} & set(diff):
        swap(source, next_pull_at=upcoming(source))
    diff = {name: change for name, change in diff.items() if name != "credentials"} | told
    if diff:
        record(actor, "analytics.source_changed", source, changes=diff)
    return source


@transaction.atomic
def pause_source(actor, *, source, seen=None):
    """No more scheduled pulls until it is resumed."""
    require(can_manage_sources(actor))
    if source.kind != SourceKind.JSON:
        raise RuleBroken(_("Only connected sources are pulled; files are uploaded."), code="not_pullable")
    diff = swap(source, seen=seen, state=SourceState.PAUSED, next_pull_at=None)
    record(actor, "analytics.source_paused", source, changes=diff)
    return source


@transaction.atomic
def resume_source(actor, *, source, seen=None):
    """Pull again by its schedule."""
    require(can_manage_sources(actor))
    if source.state != SourceState.PAUSED:
        raise RuleBroken(_("This source is not paused."), code="not_paused")
    diff = swap(source, seen=seen, state=SourceState.CONNECTED)
    swap(source, next_pull_at=upcoming(source))
    record(actor, "analytics.source_resumed", source, changes=diff)
    return source


@transaction.atomic
def archive_source(actor, *, source, seen=None):
    """Put a source away; its figures stay."""
    require(can_manage_sources(actor))
    diff = swap(source, seen=seen, archived_at=timezone.now(), next_pull_at=None)
    record(actor, "analytics.source_archived", source, changes=diff)
    return source


@transaction.atomic
def restore_source(actor, *, source, seen=None):
    """Bring an archived source back."""
    require(can_manage_sources(actor))
    diff = swap(source, seen=seen, archived_at=None)
    swap(source, next_pull_at=upcoming(source))
    record(actor, "analytics.source_restored", source, changes=diff)
    return source


@transaction.atomic
def repoint_sandboxes(actor, *, config):
    """Let the workspace's sandbox sources speak to the sandbox where it serves now."""
    for source in Source.objects.filter(workspace=actor.workspace, is_sandbox=True).exclude(config=config):
        diff = swap(source, config=config)
        record(actor, "analytics.source_changed", source, changes=diff)


def try_source(actor, *, source=None, config=None, token=""):
    """Fetch one page; return {"rows" as read, "raw" rows, "problems" (sentences), "total"}. Stores nothing.

    Without columns in the settings only the raw rows come back, for the mapping to be made from.
    """
    require(can_manage_sources(actor))
    if source and source.kind != SourceKind.JSON:
        raise RuleBroken(_("Only connected sources are pulled; files are uploaded."), code="not_pullable")
    config = config or source.config
    is_mapped = bool(config.get("columns")) if isinstance(config, dict) else True
    if is_mapped:
        check(actor, config)
    elif wrong := check_call(config):
        raise _wrong(wrong)
    credentials = decrypt(source.credentials) if source and not token else {"token": token}
    zone = source.time_zone if source else actor.workspace.time_zone
    first, last = days_to_pull(timezone.now().astimezone(ZoneInfo(zone)).date(), 1, bool(config.get("includes_today")))
    page = json_api.fetch_page(config, credentials, first, last)
    rows, problems = _read_some(config, page.rows) if is_mapped else ([], [])
    return {"rows": rows, "raw": page.rows[:3], "problems": problems, "total": page.total}


def _read_some(config, raw_rows):
    rows, problems = [], []
    for raw in raw_rows[:10]:
        try:
            rows.append(json_api.read_row(config, raw))
        except PharosError as error:
            problems.append(str(error))
    return rows, list(dict.fromkeys(problems))


def check(actor, config):
    """Raise Invalid with what the settings lack."""
    metrics = Metric.objects.filter(workspace_id=actor.workspace_id).exclude(kind=MetricKind.DERIVED)
    wrong = check_config(config, metrics.values_list("code", flat=True))
    if wrong:
        raise _wrong(wrong)


def _wrong(sentences):
    return Invalid(" ".join(sentences), code="config", errors={"config": " ".join(sentences)})


def check_schedule(values):
    """Raise Invalid for a schedule, zone or window that cannot be kept."""
    limits = {"every_minutes": (1, 10_080), "look_back_days": (1, 90), "settle_days": (0, 90)}
    for name, (least, most) in limits.items():
        value = values.get(name)
        if value is not None and not least <= value <= most:
            sentence = _("Choose a number from %(least)s to %(most)s.") % {"least": least, "most": most}
            raise Invalid(sentence, code="schedule", errors={name: sentence})
    if "time_zone" in values and values["time_zone"] not in time_zones():
        raise Invalid(_("This time zone is not known."), code="zone", errors={"time_zone": _("Choose a time zone.")})


def upcoming(source, now=None):
    """When the source is pulled next; None where it is paused, archived or has no schedule."""
    if source.state in (SourceState.PAUSED, SourceState.NEEDS_REAUTH) or source.archived_at:
        return None
    now = now or timezone.now()
    zone = ZoneInfo(source.time_zone)
    return next_pull(now, every_minutes=source.every_minutes, daily_at=source.daily_at, zone=zone)


def _name_taken():
    return Invalid(_("Another source has this name."), code="name", errors={"name": _("Another source has this name.")})
