"""The pages of the matrix, and what they share."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from campaigns.views import body_of, find_campaign
from core.errors import Invalid, PharosError
from raci.models import RaciHolder, RaciRow

__all__ = [
    "back",
    "body_of",
    "find_campaign",
    "find_holder",
    "find_row",
    "order_of",
    "put_in_order",
    "refused",
    "tried",
]


def find_row(request, campaign, pk):
    """A row of the matrix; those of archived tasks are not there."""
    return get_object_or_404(RaciRow.objects.visible_to(request.actor).of(campaign).shown().with_work(), pk=pk)


def find_holder(request, campaign, pk):
    return get_object_or_404(RaciHolder.objects.visible_to(request.actor).of(campaign).with_names(), pk=pk)


def back(request, slug, code):
    """The view of the matrix the person came from."""
    return redirect("raci:rows" if request.POST.get("back") == "rows" else "raci:matrix", slug, code)


def tried(request, act, sentence=""):
    """Do an act and say so, or say why not; what the act answered, None when it was refused."""
    try:
        result = act()
    except PharosError as error:
        messages.error(request, str(error))
        return None
    if sentence:
        messages.success(request, sentence)
    return result


def order_of(request, rows):
    """The rows in the order that was sent: by an island as ids, by a form as one row (`id`) and its step (`by`)."""
    found = {str(one.pk): one for one in rows}
    if "id" not in request.POST:
        ids = body_of(request)
        if not isinstance(ids, dict) or not isinstance(ids.get("ids"), list):
            raise Invalid(_("This could not be read."), code="unreadable")
        return [found[one] for one in map(str, ids["ids"]) if one in found]
    order, moved = list(found.values()), found.get(request.POST["id"])
    if moved is not None:
        place = order.index(moved) + (1 if request.POST.get("by") == "1" else -1)
        order.remove(moved)
        order.insert(max(place, 0), moved)
    return order


def put_in_order(request, slug, code, act):
    """Do an act on an order: JSON for an island, back to the page for a form."""
    if "id" in request.POST:
        tried(request, act)
        return back(request, slug, code)
    try:
        act()
    except PharosError as error:
        return refused(error)
    return JsonResponse({})


def refused(error):
    """A refused act as an island understands it: the sentence, and each refused cell."""
    cells = [{"col": one["holder"], **one} for one in error.extra.get("cells", [])]
    status = 422 if isinstance(error, Invalid) else error.status
    return JsonResponse({"detail": str(error), "code": error.code, "errors": cells}, status=status)
