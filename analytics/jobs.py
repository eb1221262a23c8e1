"""Background entries of analytics (pulls, large imports): ids in, one action, nothing if the row is gone."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.backends import actor_again
from accounts.models import User
from analytics.actions import pulls
from analytics.actions.imports import commit_file, files_of, finish_commit, look_again
from analytics.choices import ImportState
from analytics.models import Import, PullRun
from core.jobs import claim, job, periodic


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


@periodic("analytics.tidy_pulls", seconds=3600)
def tidy_pulls():
    """Forget old scheduled pulls that changed nothing."""
    pulls.tidy_pulls(timezone.now())


@job("analytics.look_at_import")
def look_at_import(*, import_id):
    """Read the files of a large import and note what must be asked."""
    imported = Import.objects.filter(pk=UUID(import_id), state=ImportState.UPLOADED).first()
    if imported:
        with transaction.atomic():
            claim().held()
            look_again(imported)
            claim().held()


@job("analytics.commit_import")
def commit_import(*, import_id, user_id):
    """Store the files of a large import one by one, so that its page can tell how far it is."""
    imported = Import.objects.filter(pk=UUID(import_id), state=ImportState.PREVIEWED).first()
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if imported is None or user is None:
        return
    actor = actor_again(user, imported.workspace.slug)
    if not actor.role:
        return
    for row in files_of(imported):
        if not row.is_skipped and not row.error:
            with transaction.atomic():
                claim().held()
                commit_file(actor, row)
                claim().held()
    with transaction.atomic():
        claim().held()
        finish_commit(actor, imported)
