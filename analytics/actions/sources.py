"""Acts on sources: connect, change, pause, resume, test."""

from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.choices import SOURCE_RANK, SourceKind, SourceState
from analytics.connectors import json_api
from analytics.models import Source
from analytics.permissions.sources import can_manage_sources
from analytics.rules.pulling import days_to_pull, next_pull
from core.audit import record
from core.crypto import decrypt, encrypt
from core.errors import Invalid, PharosError, RuleBroken, require
from core.swap import swap

SCHEDULE = ("every_minutes", "daily_at", "time_zone")


@transaction.atomic
def create_source(actor, *, kind, platform, name, config=None, token="", **values):
    """Connect a source. A JSON source's settings are checked here; its first pull comes with its schedule."""
    require(can_manage_sources(actor))
    config = config or {}
    if kind == SourceKind.JSON:
        check(config)
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
        check(changes["config"])
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
    """Fetch one page and return {"rows": first rows as read, "problems": sentences, "total"}; stores nothing."""
    require(can_manage_sources(actor))
    config = source.config if source else config
    check(config)
    credentials = decrypt(source.credentials) if source and not token else {"token": token}
    zone = source.time_zone if source else actor.workspace.time_zone
    first, last = days_to_pull(timezone.now().astimezone(ZoneInfo(zone)).date(), 1, bool(config.get("includes_today")))
    page = json_api.fetch_page(config, credentials, first, last)
    rows, problems = [], []
    for raw in page.rows[:10]:
        try:
            rows.append(json_api.read_row(config, raw))
        except PharosError as error:
            problems.append(str(error))
    return {"rows": rows, "raw": page.rows[:3], "problems": list(dict.fromkeys(problems)), "total": page.total}


def check(config):
    """Raise Invalid with the first thing the settings lack."""
    wrong = json_api.check_config(config)
    if wrong:
        raise Invalid(" ".join(wrong), code="config", errors={"config": " ".join(wrong)})


def upcoming(source, now=None):
    """When the source is pulled next; None where it is paused, archived or has no schedule."""
    if source.state in (SourceState.PAUSED, SourceState.NEEDS_REAUTH) or source.archived_at:
        return None
    now = now or timezone.now()
    zone = ZoneInfo(source.time_zone)
    return next_pull(now, every_minutes=source.every_minutes, daily_at=source.daily_at, zone=zone)


def _name_taken():
    return Invalid(_("Another source has this name."), code="name", errors={"name": _("Another source has this name.")})
