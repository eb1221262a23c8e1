"""The pages of the matrix, and what they share."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from campaigns.views import find_campaign
from core.api.parsers import strict_loads
from core.errors import Invalid, PharosError
from raci.models import RaciHolder, RaciRow

__all__ = ["back", "body_of", "find_campaign", "find_holder", "find_row", "refused", "tried"]


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


def body_of(request):
    """The JSON an island sent; Invalid when it is none."""
    try:
        return strict_loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This could not be read."), code="unreadable") from error


def refused(error):
    """A refused act as an island understands it: the sentence, and each refused cell."""
    cells = [{"col": one["holder"], **one} for one in error.extra.get("cells", [])]
    status = 422 if isinstance(error, Invalid) else error.status
    return JsonResponse({"detail": str(error), "code": error.code, "errors": cells}, status=status)
