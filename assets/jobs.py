"""Background work of assets."""

from assets import actions
from assets.models import AssetVersion
from core.jobs import job


@job("assets.check_version")
def check_version(*, version_id):
    """Measure what was handed in and draw its small pictures."""
    rows = AssetVersion.objects.select_related("asset", "asset__standard", "file", "workspace")
    version = rows.filter(pk=version_id).first()
    if version is not None:
        actions.check_version(version)
