"""What tasks hears from the floors below: working days changed."""

from django.dispatch import receiver

from accounts.signals import working_days_changed
from tasks.actions import ask_refresh
from tasks.models import WorkPlan


@receiver(working_days_changed)
def work_out_anew(sender, workspace_id, user_id=None, **kwargs):
    """Every running plan of the workspace counts anew; of an absence only those the person works in."""
    plans = WorkPlan.objects.filter(workspace_id=workspace_id).running()
    for plan in plans.with_work_of(user_id) if user_id else plans:
        ask_refresh(plan)
