"""The pages of campaigns."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from campaigns.actions.writing import today_of as today_of  # pages of the floors above ask for it here
from campaigns.models import Campaign
from core.api.parsers import strict_loads
from core.errors import Invalid

UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def find_campaign(request, code):
    """The campaign of the address, or the same 404 for a foreign and an unknown code; the shell names it too."""
    rows = Campaign.objects.visible_to(request.actor).select_related("owner", "programme", "workspace")
    request.campaign = get_object_or_404(rows, code=code)
    return request.campaign


def body_of(request):
    """The JSON an island sent; Invalid when it is none, or a form, whose body is read already."""
    try:
        return strict_loads(request.body if request.content_type == "application/json" else b"")
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This could not be read."), code="unreadable") from error


def leave(request, url):
    """Go to another page, also out of a panel that htmx filled."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def offer_undo(request, sentence, undo):
    """A toast that says what was done, with a button that posts to `undo`."""
    messages.success(request, sentence, extra_tags=undo)


def undone(request, sentence, url):
    """Answer an undo: as JSON to the toast, else by a message and a redirect."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"text": sentence, "url": url})
    messages.success(request, sentence)
    return redirect(url)


def menu(request, name, label, choices, everything=None):
    """One filter menu; each choice keeps the other filters."""
    chosen = request.GET.get(name, "")
    options = [("", everything or _("All")), *((value, capfirst(words)) for value, words in choices)]
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": words, "active": value == chosen, "url": _with(request, name, value)}
            for value, words in options
        ],
    }


def _with(request, name, value):
    changed = request.GET.copy()
    for gone in ("page", name):
        changed.pop(gone, None)
    if value:
        changed[name] = value
    return f"?{changed.urlencode()}"


def ids_in(request, name):
    """The ids that a form sends under a name; what cannot be one is passed over."""
    return [value for value in request.POST.getlist(name) if UUID_TEXT.fullmatch(value)]


def where(rows, lookup, value):
    """Rows of one value; a value that cannot be an id matches nothing."""
    try:
        return rows.filter(**{lookup: value}) if value else rows
    except (ValidationError, ValueError):
        return rows.none()
