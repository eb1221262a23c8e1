"""Acts on doors: make one, say what holds at it, freeze it, give it a new password; who comes in by it."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from accounts.actions.tries import admit, forget
from accounts.choices import OrganizationKind
from accounts.models import Door, Invitation, Seat, SeatDevice, SeatSession
from accounts.permissions import can_keep_door, can_keep_seats
from accounts.rules import doors as rules
from accounts.rules import invalid
from core.actor import Actor
from core.audit import record
from core.errors import RuleBroken, require
from core.locks import locked
from core.swap import swap

NO_MATCH = "no_match"


def hold(organization_id):
    """The door and the seats of an organisation, locked in one order: whoever is at work there finishes first."""
    door = locked(Door.objects.filter(organization=organization_id), no_key=True).first()
    seats = list(locked(Seat.objects.filter(organization=organization_id).there().order_by("pk"), no_key=True))
    if door is None:
        raise RuleBroken(_("This organisation has no door yet."), code="no_door")
    return door, seats


@transaction.atomic
def make_door(actor, *, organization, name, password="", seat_cap=10, idle_minutes=60, may_decide=False):
    """Give an organisation its shared sign-in. Without a password its first lead sets one when they come."""
    require(can_keep_door(actor, organization))
    rules.check_door(name=name, seat_cap=seat_cap, idle_minutes=idle_minutes)
    if password:
        rules.check_door_password(password, name=name)
    if organization.kind == OrganizationKind.IN_HOUSE:
        raise RuleBroken(_("Your own people sign in by themselves; a door is for partners."), code="in_house")
    hashed = make_password(password) if password else ""
    values = {"seat_cap": seat_cap, "idle_minutes": idle_minutes, "may_decide": may_decide, "password": hashed}
    door = _made(organization, name, values)
    record(actor, "accounts.door_made", door, changes={"organization": [None, organization.name]})
    return door


def _made(organization, name, values):
    if Door.objects.filter(organization=organization).exists():
        raise RuleBroken(_("This organisation has a door already."), code="has_door")
    try:
        with transaction.atomic():
            return Door.objects.create(
                workspace_id=organization.workspace_id, organization=organization, name=name, **values
            )
    except IntegrityError as error:
        raise invalid("name", _("This sign-in name is taken."), "name_taken") from error


@transaction.atomic
def change_door(actor, *, door, seen=None, **changes):
    """Change how many seats there are at most, when screens lock, or whether its seats may give verdicts."""
    require(can_keep_door(actor, door.organization))
    _door, seats = hold(door.organization_id)
    taken = len(seats) + len(waiting(door.organization_id, seats)) if "seat_cap" in changes else 0
    rules.check_door(seat_cap=changes.get("seat_cap"), idle_minutes=changes.get("idle_minutes"), seats=taken)
    diff = swap(door, seen=seen, **changes)
    if diff:
        record(actor, "accounts.door_changed", door, changes=diff)
    return door


def waiting(organization_id, seats):
    """Open invitations that will take a seat of their own; one for somebody who sits there already takes none."""
    rows = Invitation.objects.filter(organization=organization_id, is_seat=True).open(now=timezone.now())
    known = {address for seat in seats for address in (seat.email.lower(), seat.phone) if address}
    return [row for row in rows if not {row.email.lower(), row.phone} & known]


@transaction.atomic
def freeze_door(actor, *, door):
    """Shut a door and end everything behind it at once."""
    require(can_keep_door(actor, door.organization))
    held, _seats = hold(door.organization_id)
    if held.frozen_at is None:
        diff = swap(held, frozen_at=timezone.now(), epoch=held.epoch + 1)
        _end_all(held)
        record(actor, "accounts.door_frozen", held, changes={"frozen_at": diff["frozen_at"]})
    return held


@transaction.atomic
def unfreeze_door(actor, *, door):
    """Open a frozen door again; everybody comes in anew."""
    require(can_keep_door(actor, door.organization))
    diff = swap(door, frozen_at=None)
    if diff:
        record(actor, "accounts.door_unfrozen", door, changes=diff)
    return door


@transaction.atomic
def set_door_password(actor, *, door, password, keeps=None):
    """Give a door a new password: everybody comes in anew, but for the session `keeps` of the lead who set it."""
    require(can_keep_seats(actor, door.organization))
    rules.check_door_password(password, name=door.name)
    held, _seats = hold(door.organization_id)
    record(actor, "accounts.door_password_set", held)
    swap(held, password=make_password(password), epoch=held.epoch + 1)
    own = SeatSession.objects.filter(pk=keeps, door=held) if keeps else SeatSession.objects.none()
    own.running().update(door_epoch=F("door_epoch") + 1)
    _end_all(held, but=keeps)
    return held


def _end_all(door, but=None):
    SeatSession.objects.filter(door=door).running().exclude(pk=but).update(ended_at=timezone.now())


# --- coming in ------------------------------------------------------------------------------------------------------


def open_door(*, name, password, address, device_hash):
    """The door with this name and password. RuleBroken says how long to wait, or that the two do not match.

    A browser in which somebody of the door has sat before is counted by itself: a crowd of strangers slows down
    strangers only. Unknown, frozen and wrong look the same and take the same time.
    """
    name = name.strip().lower()[: Door._meta.get_field("name").max_length]
    with scopes_disabled():
        door = Door.objects.filter(name=name).select_related("organization", "workspace").first()
        is_known = (
            bool(device_hash)
            and SeatDevice.objects.filter(
                key_hash=device_hash, seat__organization__door=door, seat__removed_at=None
            ).exists()
        )
    place = f"door:{rules.token_hash(name)[:32]}:{device_hash[:32] if is_known else address}"
    rules.check_wait(admit(place, pace=rules.door_pace, fades=rules.DEVICE_REST).wait)
    if not is_known:
        crowd = admit(f"door:{rules.token_hash(name)[:32]}", pace=rules.crowd_pace, fades=rules.DEVICE_REST)
        rules.check_wait(crowd.wait)
    if not (check_password(password, door.password if door else "!") and _stands_open(door)):
        _note_refusal(door)
        raise RuleBroken(_("This door and this password do not match."), code=NO_MATCH)
    forget(place)
    record(Actor(user=Stranger(door), workspace=door.workspace, door=door), "accounts.door_opened", door)
    return door


def _stands_open(door):
    gone = door.organization.archived_at or door.workspace.archived_at
    return bool(door.password) and door.frozen_at is None and gone is None


def _note_refusal(door):
    if door is not None:
        stranger = Actor(user=Stranger(door), workspace=door.workspace, door=door)
        record(stranger, "accounts.door_refused", door)


class Stranger:
    """Somebody at a door who has not said who they are, as the logbook names them."""

    pk = None
    is_authenticated = False

    def __init__(self, door):
        self.door = door

    def __str__(self):
        return _("somebody at the door %(name)s") % {"name": self.door.name}


def opened_doors(remembered):
    """Doors that a browser opened and that still stand open to it. `remembered` is {id: [seconds, epoch]}."""
    since = (timezone.now() - rules.DOOR_LASTS).timestamp()
    fresh = {key: epoch for key, (at, epoch) in remembered.items() if at > since}
    if not fresh:
        return []
    with scopes_disabled():
        rows = Door.objects.filter(pk__in=fresh, frozen_at=None).select_related("organization", "workspace")
        return [door for door in rows if fresh[str(door.pk)] == door.epoch and _stands_open(door)]
