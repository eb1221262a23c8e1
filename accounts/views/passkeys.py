"""Passkeys of seats: the proof by one at the door, and one's own, added, named and removed."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_scopes import scope, scopes_disabled

from accounts import actions
from accounts.choices import SeatProof
from accounts.forms.doors import PinForm
from accounts.models import Seat, SeatPasskey
from accounts.rules import device_of
from accounts.rules import passkeys as rules
from accounts.views import carried_out, keyboard
from accounts.views.doors import known_seats, noting_wait, shown_pin, shown_seats, slowed, unkept
from core.errors import PharosError


def asked(request, options, challenge):
    """What the browser is asked, as passkey.js reads it."""
    actions.keep_question(request.session, challenge)
    return JsonResponse({"options": options})


@unkept
@slowed
def door(request):
    """Sit down by a passkey: of the seat that was chosen (`?seat=`), or of whoever has one for this door."""
    doors = keyboard.doors_of(request)
    if not doors:
        return redirect("accounts:door")
    named = request.POST.get("seat") or request.GET.get("seat", "")
    chosen = next((seat for seat in known_seats(request, doors) if str(seat.pk) == named), None) if named else None
    if request.method == "GET":
        question = {"host": rules.host_of(request.get_host()), "purpose": rules.SIT}
        return asked(request, *actions.ask_passkey(chosen, **question))
    try:
        seat = noting_wait(request, lambda: seat_that_answers(request, doors, chosen))
        with scope(workspace=seat.workspace_id):
            key = keyboard.sit(request, seat, method=SeatProof.PASSKEY)
    except PharosError as error:
        return refused(request, doors, chosen, error)
    response = redirect(keyboard.onward(request, seat.workspace))
    keyboard.give_device(response, key)
    return response


def seat_that_answers(request, doors, chosen):
    answer = answered(request, rules.SIT, "credential")
    place = keyboard.place_of(request)
    if chosen is not None:
        actions.check_passkey_of(chosen, answer, place=place, purpose=rules.SIT)
        return chosen
    with scopes_disabled():
        seats = list(Seat.objects.who_may_sit(doors, now=timezone.now()).listed())
    return actions.seat_of_passkey(answer, seats=seats, place=place)


def answered(request, purpose, field):
    """What the browser answered in a field of the form."""
    return actions.take_answer(request.session, purpose, request.POST.get(field, ""), request.get_host())


def refused(request, doors, chosen, error):
    """The page one came from, with the reason."""
    if chosen is None:
        return shown_seats(request, doors, error=error)
    return shown_pin(request, chosen, PinForm(), error=error)


# --- one's own ------------------------------------------------------------------------------------------------------


def challenge(request, slug):
    """What the browser is asked for a new passkey (`?for=add`), or for the proof by one there is."""
    seat, host = request.actor.seat, rules.host_of(request.get_host())
    if request.GET.get("for") == rules.ADD:
        return asked(request, *actions.ask_new_passkey(seat, host=host))
    return asked(request, *actions.ask_passkey(seat, host=host, purpose=rules.PROVE))


@require_POST
def add(request, slug):
    answer = answered(request, rules.ADD, "credential")
    name = request.POST.get("name") or device_of(request.headers.get("User-Agent", ""))
    sentence = _("The passkey is added. Next time it takes the place of your PIN.")
    return done(request, lambda: actions.add_passkey(request.actor, answer=answer, name=name), sentence)


def done(request, act, sentence):
    return carried_out(request, act, sentence, reverse("accounts:partner-own", args=[request.actor.workspace.slug]))


def mine(request, pk):
    return get_object_or_404(SeatPasskey.objects.visible_to(request.actor).select_related("seat__user"), pk=pk)


@require_POST
def rename(request, slug, pk):
    row, name = mine(request, pk), request.POST.get("name", "")
    return done(request, lambda: actions.name_passkey(request.actor, passkey=row, name=name), _("Saved."))


@require_POST
def remove(request, slug, pk):
    row = mine(request, pk)
    sentence = _("The passkey is removed. Delete it in the settings of your device too.")
    return done(request, lambda: actions.remove_passkey(request.actor, passkey=row), sentence)
