"""What placements answers when the floors below ask, and what follows from its own changes."""

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from campaigns.rules.access import Subject
from campaigns.signals import access_subjects_asked
from placements.actions.slots import flights_moved
from placements.models import AdAccount, Placement
from placements.signals import placement_changed


@receiver(access_subjects_asked)
def name_ad_accounts(sender, actor, campaign, **kwargs):
    """The ad accounts an access item may be about; those used that placements of the campaign run on."""
    placed = Placement.objects.of(campaign).active().exclude(state="cancelled").filter(ad_account=OuterRef("pk"))
    rows = AdAccount.objects.visible_to(actor).active().annotate(is_used=Exists(placed)).order_by("name")
    return [Subject("placements.adaccount", row.pk, str(row), is_used=row.is_used) for row in rows]


@receiver(placement_changed)
def move_submit_days(sender, placement, fields, **kwargs):
    """Assets that are planned for it are owed earlier or later when its flights move."""
    if fields & {"flights", "state", "archived_at"}:
        flights_moved(placement)
