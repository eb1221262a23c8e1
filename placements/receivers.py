"""What placements answers when the floors below ask, and what follows from its own changes."""

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.signals import release_asked
from campaigns.choices import LineGroup, LineState
from campaigns.rules.access import Subject
from campaigns.rules.readiness import Line
from campaigns.signals import access_subjects_asked, readiness_asked, readiness_counts_asked
from placements.actions.slots import flights_moved
from placements.models import AdAccount, Placement, Slot
from placements.signals import placement_changed


@receiver(access_subjects_asked)
def name_ad_accounts(sender, actor, campaign, used_only=False, **kwargs):
    """The ad accounts an access item may be about; those used that placements of the campaign run on."""
    placed = Placement.objects.of(campaign).active().exclude(state="cancelled").filter(ad_account=OuterRef("pk"))
    rows = AdAccount.objects.visible_to(actor).active().annotate(is_used=Exists(placed)).order_by("name")
    rows = rows.filter(is_used=True) if used_only else rows
    return [Subject("placements.adaccount", row.pk, str(row), is_used=row.is_used) for row in rows]


@receiver(placement_changed)
def move_submit_days(sender, placement, fields, **kwargs):
    """Assets that are planned for it are owed earlier or later when its flights move."""
    if fields & {"flights", "state", "archived_at"}:
        flights_moved(placement)


@receiver(readiness_counts_asked)
def count_slots(sender, campaign, **kwargs):
    """Slots of the placements to come in which no version is released."""
    rows = Slot.objects.of(campaign).filter(placement__archived_at=None, version=None)
    return {"slots_left": rows.exclude(placement__state__in=("cancelled", "ended"))}


@receiver(readiness_asked)
def state_of_slots(sender, actor, campaign, counts, **kwargs):
    """Every slot of the placements to come has an asset, and a version is released in it."""
    left = counts["slots_left"]
    text = ngettext(
        "%(count)d slot waits for a released version.", "%(count)d slots wait for a released version.", left
    )
    line = Line(
        code="slots_filled",
        label=_("Material slots are filled"),
        state=LineState.BLOCK if left else LineState.OK,
        detail=text % {"count": left} if left else _("Nothing is missing in any slot."),
        url=reverse("placements:list", args=[actor.workspace.slug, campaign.code]),
        count=left or None,
        group=LineGroup.ASSETS,
    )
    return [line]


@receiver(release_asked)
def runs_in_own_line(sender, actor, version, **kwargs):
    """A partner takes the originals along that were released to run in its own lines."""
    return Slot.objects.visible_to(actor).filter(version=version, placement__archived_at=None).exists()
