"""What campaigns does when a workspace is made."""

from django.dispatch import receiver

from accounts.signals import campaigns_asked, workspace_created
from campaigns.actions import load_vocabulary
from campaigns.models import Campaign


@receiver(workspace_created)
def give_vocabulary(sender, actor, workspace, **kwargs):
    """A new workspace knows the standard metrics, channels and markets."""
    load_vocabulary(actor, workspace=workspace)


@receiver(campaigns_asked)
def name_campaigns(sender, actor, **kwargs):
    """The campaigns an API key may be limited to."""
    found = Campaign.objects.visible_to(actor).filter(archived_at=None).order_by("-start_date")
    return [(campaign.pk, f"{campaign.name} ({campaign.code})") for campaign in found]
