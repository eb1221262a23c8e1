"""The door: its password, who is at the keyboard, the code for a new device, lock and leave. They answer to anybody and
show no data: names only after the door was opened, on devices where they are known."""

import secrets
import time
from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST
from django_scopes import scope, scopes_disabled

from accounts import actions
from accounts.forms.doors import CodeForm, DoorForm, PinForm, WhoForm
from accounts.models import Seat, SeatSession
from accounts.rules import doors as rules
from accounts.rules import invalid
from accounts.views import form_page, keyboard
from core.errors import RuleBroken
from core.middleware import address_of

unkept = cache_control(no_store=True, private=True)


def slowed(form_page):
    """A form that refuses because of too many tries answers 429 with the time to wait."""

    @wraps(form_page)
    def answer(request, *args, **kwargs):
        response = form_page(request, *args, **kwargs)
        wait = getattr(request, "wait", 0)
        if wait:
            response.status_code = 429
            response["Retry-After"] = str(wait)
        return response

    return answer


def noting_wait(request, act):
    """Run an act; remember how long it says to wait."""
    try:
        return act()
    except RuleBroken as error:
        request.wait = error.extra.get("wait", 0)
        raise


@unkept
@slowed
def door(request):
    """Name and password of the door."""
    form = DoorForm(request.POST or None, initial={"name": request.GET.get("name", "")[:40]})
    form.fields["password" if form.initial["name"] else "name"].widget.attrs["autofocus"] = True

    def act(**typed):
        place = {"address": address_of(request), "device_hash": keyboard.device_hash(request)}
        return noting_wait(request, lambda: actions.open_door(**typed, **place))

    if form.carries_out(act):
        request.session.cycle_key()
        keyboard.remember_door(request, form.result)
        return redirect(keyboard.keyboard_url(request, seat=request.GET.get("seat", "")))
    opened = keyboard.doors_of(request) if request.method == "GET" else []
    return form_page(request, "accounts/door.html", form, opened=opened)


def known_seats(request, doors):
    """Seats known in this browser at the doors it opened, by name; whoever just proved their mailbox is one."""
    by_mail = request.session.get(rules.DOOR_CODE, {})
    is_fresh = by_mail.get("ok") and by_mail["at"] > time.time() - rules.CODE_LASTS.total_seconds()
    with scopes_disabled():
        rows = Seat.objects.known_on(keyboard.device_hash(request))
        if is_fresh:
            rows |= Seat.objects.filter(pk=by_mail["seat"])
        rows = rows.open(now=timezone.now()).at_doors(doors)
        return list(rows.listed().order_by("user__name", "pk").distinct())


def elsewhere(request, doors):
    """Seats known in this browser whose door is shut here: only where they are, not who."""
    with scopes_disabled():
        rows = Seat.objects.known_on(keyboard.device_hash(request)).open(now=timezone.now())
        return list(rows.exclude(organization__door__in=doors).listed().order_by("workspace__name", "pk"))


@unkept
@slowed
def seats(request):
    """Who is at the keyboard? Whoever is chosen proves it by their PIN, or by a passkey (views.passkeys)."""
    doors = keyboard.doors_of(request)
    if not doors:
        return redirect(reverse("accounts:door", query=_kept(request, "next", "seat")))
    known = known_seats(request, doors)
    named = request.POST.get("seat") or request.GET.get("seat", "")
    chosen = next((seat for seat in known if str(seat.pk) == named), None)
    if request.method == "POST" and chosen is None:
        raise Http404
    if chosen is None:
        return shown_seats(request, doors, known=known)
    form = PinForm(request.POST or None)
    if form.carries_out(lambda pin: _sit(request, chosen, pin)):
        response = redirect(keyboard.onward(request, chosen.workspace))
        keyboard.give_device(response, form.result)
        return response
    return shown_pin(request, chosen, form)


def shown_seats(request, doors, *, known=None, **more):
    """The page of the names; "by passkey" is offered where somebody of the doors has one."""
    with scopes_disabled():
        has_passkey = Seat.objects.who_may_sit(doors, now=timezone.now()).with_a_passkey().exists()
    context = {
        "doors": doors,
        "seats": known_seats(request, doors) if known is None else known,
        "elsewhere": elsewhere(request, doors),
        "next": _next(request),
        "has_passkey": has_passkey,
    }
    return render(request, "accounts/door_seats.html", context | more, status=422 if more else 200)


def shown_pin(request, chosen, form, **more):
    """The page on which the chosen seat proves itself."""
    with scopes_disabled():
        has_passkey = Seat.objects.filter(pk=chosen.pk).with_a_passkey().exists()
    context = {"chosen": chosen, "next": _next(request), "has_passkey": has_passkey}
    response = form_page(request, "accounts/door_pin.html", form, **context, **more)
    response.status_code = 422 if more else response.status_code
    return response


def _sit(request, seat, pin):
    with scope(workspace=seat.workspace_id):
        noting_wait(request, lambda: actions.check_pin_of(seat, pin=pin, place=keyboard.place_of(request)))
        return keyboard.sit(request, seat)


def _kept(request, *names):
    kept = {name: request.POST.get(name) or request.GET.get(name, "") for name in names}
    return {name: value for name, value in kept.items() if value} or None


def _next(request):
    return request.POST.get("next") or request.GET.get("next", "")


@unkept
@slowed
def code(request):
    """A device where one is not known: who are you? A code goes to the seat's own address."""
    doors = keyboard.doors_of(request)
    if not doors:
        return redirect("accounts:door")
    if "code" in request.POST:
        return _try_code(request)
    form = WhoForm(request.POST or None)
    if form.carries_out(lambda email: _ask_code(request, doors, email)):
        return render(request, "accounts/door_code.html", {"form": CodeForm(), "next": _next(request)})
    return form_page(request, "accounts/door_who.html", form, next=_next(request))


def _ask_code(request, doors, email):
    """Whether somebody of this address sits here is not told."""
    seed = secrets.token_hex(16)
    with scopes_disabled():
        rows = Seat.objects.at_doors(doors).filter(email__iexact=email)
        seat = rows.open(now=timezone.now()).listed().first()
    place = keyboard.place_of(request)
    noting_wait(request, lambda: actions.ask_code(seat, email=email, seed=seed, place=place))
    request.session[rules.DOOR_CODE] = {"seat": str(seat.pk) if seat else "", "seed": seed, "at": int(time.time())}


def _try_code(request):
    form = CodeForm(request.POST)

    def act(code):
        held = request.session.get(rules.DOOR_CODE, {})
        if held.get("at", 0) < time.time() - rules.CODE_LASTS.total_seconds():
            raise invalid("code", _("This code has expired. Ask for a new one."), "code_expired")
        noting_wait(request, lambda: actions.check_code(code, seat_id=held["seat"], seed=held["seed"]))
        request.session[rules.DOOR_CODE] = {**held, "ok": True}
        return held["seat"]

    if form.carries_out(act):
        return redirect(keyboard.keyboard_url(request, seat=form.result))
    return form_page(request, "accounts/door_code.html", form, next=_next(request))


@require_POST
def lock(request):
    """Leave the keyboard and keep the door open."""
    leave_seat(request)
    keyboard.leave(request)
    return redirect(keyboard.keyboard_url(request))


@require_POST
def shut(request):
    """Leave the keyboard and shut every door of this browser."""
    leave_seat(request)
    request.session.flush()
    return redirect("accounts:door")


def leave_seat(request):
    """The seat's session ends; the browser may stay where it is."""
    actor = request.actor
    if actor.seat is not None:
        with scope(workspace=actor.workspace_id):
            row = SeatSession.objects.select_related("seat__organization").filter(
                pk=request.session.get(rules.SEAT_SESSION), seat=actor.seat
            )
            for session in row:
                actions.end_seat_session(actor, session=session)
