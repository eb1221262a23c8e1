"""Mail about remarks: at most one an hour to each person about one asset, with all that happened in it."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import SeatRole
from accounts.models import Seat
from accounts.models.faces import names_for
from assets.models import Pin, PinReply
from core.jobs import enqueue

HOUR = timedelta(hours=1)
MOST_LINES = 20


class Reader(NamedTuple):
    """Who is written to and where; a partner's seat is led to its own pages."""

    user: object
    address: str
    is_seat: bool


def tell_of(actor, pin):
    """Something happened to a remark: its author, the maker and the partner who handed the version in hear of it at the
    end of the hour, oneself left out. What a partner says where nobody is the maker goes to the campaign's owner."""
    asset, now = pin.version.asset, timezone.now()
    slot = int(now.timestamp() // 3600)
    at_client = _at_client(asset) if actor.seat is not None else asset.maker_id
    for user_id in dict.fromkeys((at_client, pin.author_id, *_at_partner(pin.version, now))):
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


def _at_client(asset):
    """Who hears for the client what is said of an asset."""
    return asset.maker_id or asset.campaign.owner_id


def _at_partner(version, now):
    """The seat that handed the version in; where it sits there no more, the leads of its organisation."""
    if version.asset.organization_id is None:
        return []
    seats = Seat.objects.open(now=now).filter(organization=version.asset.organization_id).exclude(email="")
    rows = list(seats.filter(Q(user=version.uploader_id) | Q(role=SeatRole.LEAD)).values_list("user", flat=True))
    return [version.uploader_id] if version.uploader_id in rows else rows


def tell_remarks(asset, actor, reader, *, since):
    """Mail somebody what others said about their asset and their remarks in the hour from `since` on; True if any."""
    user, within = actor.user, {"__gte": since, "__lt": since + HOUR}
    hears_all = reader.is_seat or user.pk == _at_client(asset)
    mine = Q() if hears_all else Q(author=user)
    pins = Pin.objects.visible_to(actor).active().filter(version__asset=asset)
    pins = pins.select_related("author", "guest", "resolved_by")
    happened = {
        "new": pins.filter(mine, **_in("created_at", within)).exclude(author=user),
        "settled": pins.filter(mine, **_in("resolved_at", within)).exclude(resolved_by=user),
        "answered": _answers(actor, asset, within, hears_all).exclude(author=user),
    }
    lines = {name: list(rows[:MOST_LINES]) for name, rows in happened.items()}
    if any(lines.values()):
        _send(asset, actor, reader, lines)
    return any(lines.values())


def _in(name, within):
    return {f"{name}{end}": at for end, at in within.items()}


def _answers(actor, asset, within, hears_all):
    rows = PinReply.objects.visible_to(actor).filter(pin__version__asset=asset, **_in("created_at", within))
    if not hears_all:
        rows = rows.filter(pin__author=actor.user)
    return rows.select_related("author", "guest", "pin")


def _send(asset, actor, reader, lines):
    pin = next(row if isinstance(row, Pin) else row.pin for rows in lines.values() for row in rows)
    with translation.override(reader.user.language or asset.workspace.language):
        pin = Pin.objects.select_related("version__asset", "campaign", "workspace").get(pk=pin.pk)
        _name(actor, reader, lines)
        words = {"asset": asset, "user": reader.user, "url": settings.BASE_URL + _page_of(pin, reader), **lines}
        subject = " ".join(render_to_string("assets/mail/remarks_subject.txt", words).split())
        send_mail(subject, render_to_string("assets/mail/remarks.txt", words), None, [reader.address])


def _name(actor, reader, lines):
    """Give each line its `by` and `settled_by`: a partner reads the names that its pages show."""
    rows = [row for rows in lines.values() for row in rows]
    people = [row.author for row in rows] + [getattr(row, "resolved_by", None) for row in rows]
    names = names_for(actor, people) if reader.is_seat else {one.pk: one.name for one in people if one}
    for row in rows:
        guest = _("a guest of the client") if reader.is_seat else row.said_by
        row.by = names.get(row.author_id) or guest
        row.settled_by = names.get(getattr(row, "resolved_by_id", None), "")


def _page_of(pin, reader):
    if not reader.is_seat:
        return pin.get_absolute_url()
    page = reverse("assets:partner-proof", args=[pin.workspace.slug, pin.version.asset_id])
    return f"{page}?version={pin.version.number}#pin-{pin.number}"
