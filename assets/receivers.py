"""What assets hears from the floors below: a workspace was made, working days changed."""

from django.dispatch import receiver

from accounts.signals import working_days_changed, workspace_created
from assets import actions
from assets.models import Asset


@receiver(workspace_created)
def give_standards(sender, actor, workspace, **kwargs):
    """A new workspace knows the usual output standards and review routes."""
    actions.load_standards(actor, workspace=workspace)
    actions.load_routes(actor, workspace=workspace)


@receiver(working_days_changed)
def count_anew(sender, workspace_id, user_id=None, **kwargs):
    """Days that follow from a flight move with the calendars; absences of a person move none."""
    if user_id is None:
        rows = Asset.objects.filter(workspace_id=workspace_id).at_work().exclude(lead_days=None)
        actions.reschedule(rows.exclude(flight_date=None))
