"""What analytics hears from below: an ad account or placement changed in a way that moves the roll-up."""

from django.dispatch import receiver

from analytics.actions.rolling import rebuild, roll_up_placement
from placements.signals import ad_account_changed, placement_changed


@receiver(ad_account_changed)
def recount(sender, ad_account, fields, **kwargs):
    """Another counting level, channel or zone: all of the account's days are rolled up anew."""
    if fields & {"counting_level", "channel", "channel_id", "time_zone"}:
        rebuild(ad_account)


@receiver(placement_changed)
def regroup(sender, placement, fields, **kwargs):
    """Another channel: the placement's figures move with it."""
    if fields & {"channel", "channel_id"}:
        roll_up_placement(placement)
