"""A seat's own pages: its PIN and devices, the fresh proof, drafts of forms."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms.doors import OwnPinForm
from accounts.models import Draft, SeatDevice, SeatPasskey, SeatSession
from accounts.rules import device_of
from accounts.rules import doors as rules
from accounts.views import form_page, keyboard
from core.errors import PharosError


def own(request, slug):
    return _own_page(request, OwnPinForm())


def _own_page(request, form):
    """My PIN and passkeys, the browsers I am known in, my sessions."""
    now = timezone.now()
    devices = SeatDevice.objects.visible_to(request.actor).order_by("-seen_at")
    sessions = SeatSession.objects.filter(seat=request.actor.seat, ended_at=None).select_related("seat__user", "door")
    context = {
        "passkeys": SeatPasskey.objects.visible_to(request.actor),
        "this_label": device_of(request.headers.get("User-Agent", "")),
        "devices": devices,
        "this_device": keyboard.device_hash(request),
        "sessions": [row for row in sessions if row.holds(now)],
        "this_session": request.session.get(rules.SEAT_SESSION),
    }
    return form_page(request, "accounts/own_seat.html", form, **context)


def pin(request, slug):
    """Choose a new PIN; its page is that of my PIN and devices."""
    form = OwnPinForm(request.POST or None)
    keeps = request.session.get(rules.SEAT_SESSION)
    if form.carries_out(lambda **typed: actions.change_pin(request.actor, keeps=keeps, **typed)):
        messages.success(request, _("Your PIN is a new one now."))
        return redirect("accounts:partner-own", slug)
    return _own_page(request, form)


@require_POST
def device_forget(request, slug, pk):
    row = get_object_or_404(SeatDevice.objects.visible_to(request.actor).select_related("seat__user"), pk=pk)
    actions.forget_device(request.actor, device=row)
    messages.success(request, _("The device is forgotten."))
    return redirect("accounts:partner-own", slug)


@require_POST
def session_end(request, slug, pk):
    rows = SeatSession.objects.visible_to(request.actor).filter(seat=request.actor.seat)
    row = get_object_or_404(rows.select_related("seat__user", "seat__organization"), pk=pk)
    actions.end_seat_session(request.actor, session=row)
    messages.success(request, _("The session has ended."))
    return redirect("accounts:partner-own", slug)


def proof(request, slug):
    """Prove who you are before something that wants it, then go on there."""
    there, error = keyboard.onward(request, request.actor.workspace), None
    if request.method == "POST":
        try:
            keyboard.prove(request)
            return redirect(there)
        except PharosError as refused:
            error = refused
    context = {"back": keyboard.home_of(request.actor.workspace), "typed": [("next", there)], "error": error}
    return render(request, "accounts/proof.html", context, status=keyboard.status_of(error, else_=200))


@require_http_methods(["GET", "POST", "DELETE"])
def drafts(request, slug):
    """What is typed into the forms of a page: kept (POST `page` and fields), read or let go (GET, DELETE ?page=)."""
    if request.method == "GET":
        row = Draft.objects.visible_to(request.actor).filter(page=request.GET.get("page", "")).first()
        return JsonResponse({"typed": row.fields if row else {}})
    try:
        if request.method == "DELETE":
            actions.drop_draft(request.actor, page=request.GET.get("page", ""))
        else:
            fields = request.POST.dict()
            actions.keep_draft(request.actor, page=fields.pop("page", ""), fields=fields)
    except PharosError as error:
        return JsonResponse({"detail": str(error)}, status=400)
    return JsonResponse({})
