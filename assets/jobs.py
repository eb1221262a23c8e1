"""Background work of assets."""

from django.utils import timezone
from django_scopes import scopes_disabled

from assets import actions
from assets.models import AssetVersion
from core.jobs import job, periodic


@job("assets.check_version")
def check_version(*, version_id):
    """Measure what was handed in and draw its small pictures."""
    rows = AssetVersion.objects.select_related("asset", "asset__standard", "file", "workspace")
    version = rows.filter(pk=version_id).first()
    if version is not None:
        actions.check_version(version)


@periodic("assets.forget_dropped", seconds=3600)
def forget_dropped():
    """Files that were dropped and never placed go after a day."""
    with scopes_disabled():
        actions.forget_dropped(timezone.now())
