"""What analytics does when something below it happens."""

from django.dispatch import receiver
from django_scopes import scopes_disabled

from analytics.actions.pulls import give_up
from analytics.models import PullRun
from core.jobs import job_died


@receiver(job_died)
def end_the_run(sender, job, **kwargs):
    """A pull whose job is dead is given up, and says so."""
    if job.name == "analytics.pull":
        with scopes_disabled():
            run = PullRun.objects.filter(pk=job.args["run_id"]).first()
            if run:
                give_up(run)
