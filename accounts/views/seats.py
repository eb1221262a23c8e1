"""Looking after a door and its seats: the client's managers on the organisation's page, a lead on "our seats". Both
come by addresses of their own to the same views."""

import base64

import qrcode
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from accounts import actions
from accounts.forms.doors import ChangeDoorForm, DoorPasswordForm, InviteForm, NewDoorForm, SeatForm, suggested_name
from accounts.models import Door, Invitation, Organization, Seat, SeatSession
from accounts.permissions import can_keep_door
from accounts.rules import doors as rules
from accounts.views import carried_out, form_page
from core.errors import PharosError

SESSIONS_SHOWN = 20


def qr_image(text):
    """A QR code as a data: address, drawn here so that the link goes nowhere else."""
    drawn = qrcode.make(text, image_factory=SvgPathImage, box_size=10, border=3)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.to_string()).decode()


def organization_of(request, pk=None):
    """The organisation that is looked after: the lead's own, or the one of the address."""
    if request.actor.seat is not None:
        return request.actor.seat.organization
    return get_object_or_404(Organization.objects.visible_to(request.actor).select_related("workspace"), pk=pk)


def here(request, organization):
    """Back to where the seats are looked after."""
    slug = request.actor.workspace.slug
    if request.actor.seat is not None:
        return reverse("accounts:partner-seats", args=[slug])
    return reverse("accounts:organization", args=[slug, organization.pk]) + "#door"


def base_of(request):
    return "partner_base.html" if request.actor.seat is not None else "base.html"


def kept_at(request, organization):
    """What is shown of a door: itself, its seats, open invitations, sessions with their last act."""
    now, actor = timezone.now(), request.actor
    door = Door.objects.filter(organization=organization).first()
    seats = list(
        Seat.objects.filter(organization=organization).there().listed().with_ways().order_by("user__name", "pk")
    )
    for seat in seats:
        seat.shown_state = seat.state(now=now)
    rows = Invitation.objects.filter(organization=organization, is_seat=True).open(now=now)
    sessions = SeatSession.objects.filter(seat__organization=organization, ended_at=None).select_related(
        "seat__user", "door"
    )
    return {
        "door": door,
        "seats": seats,
        "invitations": list(rows.select_related("made_by")),
        "sessions": [row for row in sessions[:SESSIONS_SHOWN] if row.holds(now)],
        "organization": organization,
        "may_keep_door": can_keep_door(actor, organization),
        "names": names_for(actor),
    }


def names_for(actor):
    """The URL names of the acts on this side: `accounts:seat-…` for managers, `accounts:partner-seat-…` for a lead."""
    prefix = "accounts:partner-" if actor.seat is not None else "accounts:"
    acts = ("seat", "seat-freeze", "seat-unfreeze", "seat-remove", "seat-session-end", "seat-invite-again")
    acts += ("seat-invitation-again", "seat-invitation-revoke")
    return {name.replace("-", "_"): prefix + name for name in acts}


# --- the door -------------------------------------------------------------------------------------------------------


def door_make(request, slug, pk):
    organization = organization_of(request, pk)
    form = NewDoorForm(request.POST or None, initial={"name": suggested_name(organization)})
    if form.carries_out(lambda **typed: actions.make_door(request.actor, organization=organization, **typed)):
        messages.success(request, _("The door is made. Invite its lead now: they choose its password."))
        return redirect("accounts:seat-invite", slug, organization.pk)
    return form_page(request, "accounts/door_make.html", form, organization=organization)


def door_of(request, pk):
    """The door of the organisation of the address, or of the lead."""
    organization = organization_of(request, pk)
    rows = Door.objects.visible_to(request.actor).select_related("organization")
    return get_object_or_404(rows, organization=organization)


def door_change(request, slug, pk):
    door = door_of(request, pk)
    form = ChangeDoorForm(request.POST or None, row=door)
    if form.carries_out(lambda **typed: actions.change_door(request.actor, door=door, **typed)):
        messages.success(request, _("Saved."))
        return redirect(here(request, door.organization))
    return form_page(request, "accounts/door_change.html", form, organization=door.organization)


def door_password(request, slug, pk=None):
    door = door_of(request, pk)
    form = DoorPasswordForm(request.POST or None, initial={"password": rules.new_door_password()})
    keeps = request.session.get(rules.SEAT_SESSION) if request.actor.seat is not None else None

    def act(password):
        return actions.set_door_password(request.actor, door=door, password=password, keeps=keeps)

    if form.carries_out(act):
        remembered = request.session.get(rules.DOORS, {})
        if keeps and str(door.pk) in remembered:
            at, _epoch = remembered[str(door.pk)]
            request.session[rules.DOORS] = {**remembered, str(door.pk): [at, form.result.epoch]}
        messages.success(request, _("The door has a new password. Everybody comes in anew with it."))
        return redirect(here(request, door.organization))
    context = {"door": door, "organization": door.organization, "base": base_of(request)}
    context["back"] = here(request, door.organization)
    return form_page(request, "accounts/door_password.html", form, **context)


@require_POST
def door_freeze(request, slug, pk):
    row = door_of(request, pk)
    sentence = _("The door is frozen; everybody behind it is out.")
    return _done(request, row.organization, lambda: actions.freeze_door(request.actor, door=row), sentence)


@require_POST
def door_unfreeze(request, slug, pk):
    row = door_of(request, pk)
    sentence = _("The door is open again.")
    return _done(request, row.organization, lambda: actions.unfreeze_door(request.actor, door=row), sentence)


def _done(request, organization, act, sentence):
    """Carry out an act of one button and go back."""
    return carried_out(request, act, sentence, here(request, organization))


# --- seats ----------------------------------------------------------------------------------------------------------


def our_seats(request, slug):
    """The lead's page."""
    context = kept_at(request, request.actor.seat.organization)
    return render(request, "accounts/our_seats.html", context)


def seat_of(request, pk):
    rows = Seat.objects.visible_to(request.actor).there().listed().with_ways()
    return get_object_or_404(rows, pk=pk)


def seat(request, slug, pk):
    row = seat_of(request, pk)
    form = SeatForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.change_seat(request.actor, seat=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect(here(request, row.organization))
    context = {"seat": row, "base": base_of(request), "back": here(request, row.organization)}
    return form_page(request, "accounts/seat.html", form, names=names_for(request.actor), **context)


@require_POST
def seat_freeze(request, slug, pk):
    row = seat_of(request, pk)
    sentence = _("%(name)s is out at once.") % {"name": row}
    return _done(request, row.organization, lambda: actions.freeze_seat(request.actor, seat=row), sentence)


@require_POST
def seat_unfreeze(request, slug, pk):
    row = seat_of(request, pk)
    sentence = _("%(name)s can come in again.") % {"name": row}
    return _done(request, row.organization, lambda: actions.unfreeze_seat(request.actor, seat=row), sentence)


@require_POST
def seat_remove(request, slug, pk):
    row = seat_of(request, pk)
    sentence = _("%(name)s has no seat any more; the name stays in history.") % {"name": row}
    return _done(request, row.organization, lambda: actions.remove_seat(request.actor, seat=row), sentence)


def session_of(request, pk):
    rows = SeatSession.objects.visible_to(request.actor).select_related("seat__user", "seat__organization", "door")
    return get_object_or_404(rows, pk=pk)


@require_POST
def seat_session_end(request, slug, pk):
    row = session_of(request, pk)
    sentence = _("The session has ended.")
    return _done(request, row.seat.organization, lambda: actions.end_seat_session(request.actor, session=row), sentence)


# --- invitations ----------------------------------------------------------------------------------------------------


def seat_invite(request, slug, pk=None):
    organization = organization_of(request, pk)
    is_first = not Seat.objects.filter(organization=organization).there().exists()
    form = InviteForm(request.POST or None, initial={"role": "lead"} if is_first else None)
    if form.carries_out(lambda **typed: actions.invite_seat(request.actor, organization=organization, **typed)):
        return _invited(request, *form.result)
    context = {"organization": organization, "base": base_of(request), "back": here(request, organization)}
    return form_page(request, "accounts/seat_invite.html", form, **context)


@require_POST
def seat_invite_again(request, slug, pk):
    """A new invitation for whoever sits there: they choose a new PIN."""
    row = seat_of(request, pk)
    to = {"email": row.email, "phone": row.phone, "name": row.user.name, "role": row.role}
    return _invited(request, *actions.invite_seat(request.actor, organization=row.organization, **to))


def _invited(request, row, token):
    """The link and its QR code, this once."""
    url = actions.address_of_invitation(token)
    context = {"invitation": row, "url": url, "qr": qr_image(url), "base": base_of(request)}
    response = render(request, "accounts/seat_invited.html", context | {"back": here(request, row.organization)})
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def invitation_of(request, pk):
    rows = Invitation.objects.visible_to(request.actor).filter(is_seat=True)
    return get_object_or_404(rows.select_related("organization__workspace"), pk=pk)


@require_POST
def invitation_again(request, slug, pk):
    """A new link in place of one that was not used; where the mail failed, this sends it again."""
    row = invitation_of(request, pk)
    try:
        made = actions.invite_seat_again(request.actor, invitation=row)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(here(request, row.organization))
    return _invited(request, *made)


@require_POST
def invitation_revoke(request, slug, pk):
    row = invitation_of(request, pk)
    sentence = _("The invitation is taken back; its link is dead.")
    return _done(request, row.organization, lambda: actions.revoke_invitation(request.actor, invitation=row), sentence)
