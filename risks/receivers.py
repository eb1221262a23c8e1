"""What risks does when a workspace is made."""

from django.dispatch import receiver
from django_scopes import scope

from accounts.signals import workspace_created
from risks.actions import load_playbooks


@receiver(workspace_created)
def give_playbooks(sender, actor, workspace, **kwargs):
    """A new workspace has the default playbooks on its shelf."""
    with scope(workspace=workspace.pk):
        load_playbooks(workspace=workspace)
