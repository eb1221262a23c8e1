"""What campaigns does when a workspace is made."""

from django.dispatch import receiver

from accounts.signals import workspace_created
from campaigns.actions import load_vocabulary


@receiver(workspace_created)
def give_vocabulary(sender, actor, workspace, **kwargs):
    """A new workspace knows the standard metrics, channels and markets."""
    load_vocabulary(actor, workspace=workspace)
