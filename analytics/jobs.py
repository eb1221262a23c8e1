"""Background entries of analytics: ids in, one action, nothing if the row is gone. Safe to run twice."""

from django.utils import timezone

from analytics.actions import pulls
from analytics.models import PullRun
from core.jobs import job, periodic


@job("analytics.pull")
def pull(*, run_id):
    """Work through a pull from where it stands."""
    run = PullRun.objects.filter(pk=run_id).select_related("source__workspace").first()
    if run:
        pulls.pull(run)


@periodic("analytics.start_due_pulls", seconds=30)
def start_due_pulls():
    """Start the pulls whose time has come."""
    pulls.start_due_pulls(timezone.now())
