"""What analytics hears from below: an ad account or placement changed so that the roll-up moves; what can be proven."""

from django.dispatch import receiver
from django_scopes import scopes_disabled

from analytics.actions.pulls import give_up, revive
from analytics.actions.rolling import rebuild, roll_up_placement
from analytics.choices import SourceKind
from analytics.models import PullRun, Source
from campaigns.choices import AccessKind
from campaigns.rules.access import Subject
from campaigns.signals import access_subjects_asked
from core.jobs import job_died, job_replayed
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


@receiver(job_died)
def end_the_run(sender, job, **kwargs):
    """A pull whose job is dead is given up, and says so."""
    if job.name == "analytics.pull":
        with scopes_disabled():
            run = PullRun.objects.filter(pk=job.args["run_id"]).first()
            if run:
                give_up(run)


@receiver(job_replayed)
def open_the_run(sender, job, **kwargs):
    """A pull whose job gets its tries back goes on from its cursor."""
    if job.name == "analytics.pull":
        with scopes_disabled():
            run = PullRun.objects.filter(pk=job.args["run_id"]).first()
            if run:
                revive(run)


@receiver(access_subjects_asked)
def name_sources(sender, actor, used_only=False, **kwargs):
    """The data sources an access item may be about: those that are pulled. Placements use none."""
    if used_only:
        return []
    rows = Source.objects.visible_to(actor).active().filter(kind=SourceKind.JSON).order_by("name")
    return [Subject("analytics.source", row.pk, row.name, AccessKind.TRACKING) for row in rows.only("name")]
