"""Find a phrase, a price or a person in all that is approved or runs, and open the tasks that replace it."""

import unicodedata

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assets.models import AssetVersion, Right
from core.errors import Invalid
from placements.models import Slot
from tasks.actions import create_task
from tasks.models import Task

MOST = 200
SHORTEST = 2


def material(rows):
    """Of these versions those that are approved or released, in campaigns that are not archived."""
    released = Slot.objects.exclude(version=None).values("version")
    approved = AssetVersion.objects.approved().values("pk")
    return rows.filter(Q(pk__in=released) | Q(pk__in=approved), campaign__archived_at=None)


def holding(rows, phrase):
    """Of these versions those whose words, title, file name or rights name the phrase, full-width or not."""
    words = {phrase, unicodedata.normalize("NFKC", phrase)}
    found = Q()
    for word in words:
        people = Right.objects.filter(Q(holder__icontains=word) | Q(scope__icontains=word)).values("asset")
        found |= Q(text__icontains=word) | Q(asset__title__icontains=word) | Q(file__name__icontains=word)
        found |= Q(url__icontains=word) | Q(asset__in=people)
    return rows.filter(found)


def find_material(actor, phrase):
    """Versions that hold the phrase, as the actor may see them, newest first."""
    if len(phrase.strip()) < SHORTEST:
        return []
    rows = material(AssetVersion.objects.visible_to(actor)).select_related("asset", "campaign", "workspace", "file")
    found = holding(rows, phrase.strip()).prefetch_related("slots__placement")
    return list(found.order_by("campaign", "asset__position", "-number")[:MOST])


@transaction.atomic
def open_replacements(actor, *, versions, phrase, note=""):
    """One task per asset of these versions, for its maker, unless one for the phrase is open. Returns the new Tasks."""
    phrase = phrase.strip()[:100]
    if not phrase or not versions:
        raise Invalid(_("Choose what is to be replaced."), code="nothing_chosen")
    made = []
    for asset in {version.asset_id: version.asset for version in versions}.values():
        words = {"phrase": phrase, "title": asset.title}
        title = (_("Replace “%(phrase)s” in “%(title)s”") % words)[:200]
        if Task.objects.filter(campaign=asset.campaign_id, title=title).open().exists():
            continue
        people = [asset.maker] if asset.maker else []
        outcome = create_task(actor, campaign=asset.campaign, title=title, description=note, assignees=people)
        made.append(outcome.task)
    return made
