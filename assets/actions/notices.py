"""Mail about remarks: at most one an hour to each person about one asset, with all that happened in it."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from assets.models import Pin, PinReply
from core.jobs import enqueue

HOUR = timedelta(hours=1)
MOST_LINES = 20


def tell_of(actor, pin):
    """Something happened to a remark: its author and the maker hear of it at the end of the hour, oneself left out."""
    asset = pin.version.asset
    slot = int(timezone.now().timestamp() // 3600)
    for user_id in dict.fromkeys((asset.maker_id, pin.author_id)):
        if user_id is not None and user_id != actor.user_id:
            enqueue(
                "assets.tell_remarks",
                workspace_id=pin.workspace_id,
                key=f"assets.tell_remarks:{asset.pk}:{user_id}:{slot}",
                run_at=datetime.fromtimestamp((slot + 1) * 3600, UTC),
                asset_id=asset.pk,
                user_id=user_id,
                slot=slot,
            )


def tell_remarks(asset, actor, *, since):
    """Mail a person what others said about their asset and their remarks in the hour from `since` on; True if any."""
    user, within = actor.user, {"__gte": since, "__lt": since + HOUR}
    mine = Q(author=user) if asset.maker_id != user.pk else Q()
    pins = Pin.objects.visible_to(actor).active().filter(version__asset=asset).select_related("author", "guest")
    happened = {
        "new": pins.filter(mine, **_in("created_at", within)).exclude(author=user),
        "settled": pins.filter(mine, **_in("resolved_at", within)).exclude(resolved_by=user),
        "answered": _answers(actor, asset, within).exclude(author=user),
    }
    lines = {name: list(rows[:MOST_LINES]) for name, rows in happened.items()}
    if any(lines.values()):
        _send(asset, user, lines)
    return any(lines.values())


def _in(name, within):
    return {f"{name}{end}": at for end, at in within.items()}


def _answers(actor, asset, within):
    rows = PinReply.objects.visible_to(actor).filter(pin__version__asset=asset, **_in("created_at", within))
    if asset.maker_id != actor.user_id:
        rows = rows.filter(pin__author=actor.user)
    return rows.select_related("author", "guest", "pin")


def _send(asset, user, lines):
    pin = next(row if isinstance(row, Pin) else row.pin for rows in lines.values() for row in rows)
    with translation.override(user.language or asset.workspace.language):
        pin = Pin.objects.select_related("version__asset", "campaign", "workspace").get(pk=pin.pk)
        words = {"asset": asset, "user": user, "url": settings.BASE_URL + pin.get_absolute_url(), **lines}
        subject = " ".join(render_to_string("assets/mail/remarks_subject.txt", words).split())
        send_mail(subject, render_to_string("assets/mail/remarks.txt", words), None, [user.email])
