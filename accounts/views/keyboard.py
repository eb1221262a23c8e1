"""The browser at a door: which doors it opened, which seat is at its keyboard, the cookie by which it is known."""

import secrets
import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts import actions
from accounts.choices import SeatProof
from accounts.models import Seat
from accounts.rules import device_of, passkeys
from accounts.rules import doors as rules
from core.csrf import bind_token
from core.middleware import address_of

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


def device_hash(request):
    """The hash of the cookie by which this browser is known, "" for a new one."""
    return rules.device_hash(device_key(request))


def device_key(request):
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def new_device_key():
    return secrets.token_urlsafe(32)


def give_device(response, key):
    """Let the browser keep its key for a year and a bit."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        key,
        max_age=rules.DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def place_of(request):
    """Where PINs are tried: a known browser by its cookie, else by its address."""
    return rules.place_of(device_key(request), address_of(request))


def doors_of(request):
    """The doors this browser opened that still stand open to it."""
    return actions.opened_doors(request.session.get(rules.DOORS, {}))


def remember_door(request, door):
    """The door is open in this browser for half a day."""
    request.session[rules.DOORS] = {
        **request.session.get(rules.DOORS, {}),
        str(door.pk): [int(time.time()), door.epoch],
    }


def sit(request, seat, method=SeatProof.PIN):
    """The seat takes the keyboard: session and CSRF token are new, nothing of whoever sat here before is left.

    Returns the key to give to a browser that has none yet.
    """
    key = device_key(request) if device_hash(request) else new_device_key()
    row = actions.sit_down(
        seat,
        device_hash=rules.token_hash(key),
        label=device_of(request.headers.get("User-Agent", "")),
        ip=address_of(request),
        leaves=request.session.get(rules.SEAT_SESSION),
        method=method,
    )
    leave(request)
    session = request.session
    session[SESSION_KEY] = str(seat.user_id)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = seat.user.get_session_auth_hash()
    session[rules.SEAT_SESSION] = str(row.pk)
    session[rules.OTHER_SEATS] = others_of(seat, rules.token_hash(key))
    session.set_expiry(int(rules.DOOR_LASTS.total_seconds()))
    bind_token(request)
    return key


def others_of(seat, known):
    """The same person's seats at other clients that are known in this browser."""
    if not seat.email:
        return []
    with scopes_disabled():
        rows = Seat.objects.known_on(known).open(now=timezone.now()).filter(email__iexact=seat.email)
        rows = rows.exclude(pk=seat.pk).listed().order_by("workspace__name", "pk")
        return [[str(row.pk), f"{row.workspace.name} · {row.organization.name}"] for row in rows]


PIN_FIELD, PASSKEY_FIELD = "seat_pin", "seat_passkey"  # of whatever form wants a fresh proof: _proof_field.html
PROOFS = (PIN_FIELD, PASSKEY_FIELD)


def prove(request):
    """Try the PIN or the passkey that came with a form; raises when it is not the seat's."""
    named = {"session_id": request.session.get(rules.SEAT_SESSION), "place": place_of(request)}
    credential = request.POST.get(PASSKEY_FIELD, "")
    if credential:
        named["answer"] = actions.take_answer(request.session, passkeys.PROVE, credential, request.get_host())
    actions.prove_seat(request.actor, pin=request.POST.get(PIN_FIELD, ""), **named)


def status_of(error, *, else_):
    """How a page of proof answers: too many tries, not taken, or `else_` where nothing was tried."""
    if error is None:
        return else_
    return 429 if error.extra.get("wait", 0) else 422


def leave(request):
    """Nobody is at the keyboard; the doors stay open."""
    doors = request.session.get(rules.DOORS, {})
    request.session.flush()
    if doors:
        request.session[rules.DOORS] = doors
        request.session.set_expiry(int(rules.DOOR_LASTS.total_seconds()))


def home_of(workspace):
    """Where a partner begins."""
    return f"/w/{workspace.slug}/partner/"


def onward(request, workspace):
    """Back to the partner's page that somebody came from, if it is one of this workspace."""
    there = request.POST.get("next") or request.GET.get("next", "")
    home = home_of(workspace)
    return there if there.startswith(home) and "\\" not in there and "\n" not in there else home


def keyboard_url(request, **more):
    """The page "who is at the keyboard", and where to go on from there."""
    there = request.POST.get("next") or request.GET.get("next", "")
    named = {name: value for name, value in {"next": there, **more}.items() if value}
    return reverse("accounts:door-seats", query=named or None)
