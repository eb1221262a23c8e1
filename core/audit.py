"""The logbook: one AuditEvent per unsafe request or job, one Activity line per act."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

from core.context import current
from core.models import Activity, AuditEvent

PHAROS = "Pharos"  # who did what nobody did by hand; the job stands in the event
PLAIN = {str, int, float, bool, type(None)}  # stand in JSON as they are


def record(actor, verb, subject, *, changes=None, campaign_id=None, inverse=None):
    """Write one logbook line in the act's transaction and return it.

    `verb` is `app.thing_done`; `changes` is {field: [before, after]} as `swap` returns it; `inverse` is what
    undo applies. Whoever was shut out since the request began writes nothing: their guard raises here.
    """
    if actor.guard:
        actor.guard()
    event = _event(actor)
    return Activity.objects.model._base_manager.create(
        event=event,
        workspace_id=event.workspace_id,
        campaign_id=campaign_id or _campaign_of(subject),
        user_id=event.user_id,
        user_name=event.user_name,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:300],
        changes=plain(changes or {}),
        inverse=plain(inverse) if inverse is not None else None,
    )


def _event(actor):
    """The event of this request or job; many acts in one request share it (INSERT … ON CONFLICT DO NOTHING)."""
    context = current()
    event = AuditEvent(
        id=context.event_id(),
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        user_name=str(actor.user or PHAROS)[:200],
        door_id=getattr(actor.door, "pk", None),
        key_id=getattr(actor.key, "pk", None),
        ip=context.ip,
        request_id=context.request_id,
        method=context.method,
        path=context.path[:500],
        route=context.route,
        job=context.job,
    )
    AuditEvent._base_manager.bulk_create([event], ignore_conflicts=True)
    return event


def _campaign_of(subject):
    if subject._meta.label_lower == "campaigns.campaign":
        return subject.pk
    return getattr(subject, "campaign_id", None)


def plain(value):
    """JSON-ready copy of what a change holds."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)
