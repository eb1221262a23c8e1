"""Find a phrase, price or person in all approved and live material, and open the tasks that replace it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assets.models import AssetVersion
from campaigns.views import where
from core.errors import PharosError
from core.policy import planner
from placements import actions
from placements.actions.replacing import find_material

AROUND = 60


def material(request, slug):
    phrase = request.GET.get("q", "").strip()[:100]
    hits = find_material(request.actor, phrase)
    for hit in hits:
        hit.excerpt = excerpt(hit.text, phrase)
        hit.runs = [slot for slot in hit.slots.all() if slot.placement.archived_at is None]
    context = {"slug": slug, "phrase": phrase, "hits": hits, "may_replace": planner(request.actor)}
    return render(request, "placements/material.html", context)


def excerpt(text, phrase):
    """(before, the phrase, after) of its first place in the text; None where it stands elsewhere."""
    at = text.lower().find(phrase.lower())
    if at < 0:
        return None
    end = at + len(phrase)
    return text[max(0, at - AROUND) : at], text[at:end], text[end : end + AROUND]


@require_POST
def replace(request, slug):
    phrase, chosen = request.POST.get("q", "")[:100], request.POST.getlist("version")[:200]
    rows = AssetVersion.objects.visible_to(request.actor).select_related(
        "asset__campaign__workspace", "asset__maker", "asset__workspace"
    )
    versions = [row for key in chosen for row in where(rows, "pk", key or "none")]
    try:
        made = actions.open_replacements(request.actor, versions=versions, phrase=phrase)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        done = ngettext("%(count)d task is opened.", "%(count)d tasks are opened.", len(made)) % {"count": len(made)}
        messages.success(request, done if made else _("For all of these a task is open already."))
    return HttpResponseRedirect(reverse("placements:material", args=[slug]) + "?" + urlencode({"q": phrase}))
