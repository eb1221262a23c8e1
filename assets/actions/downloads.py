"""Acts by which partners take originals along: a link for one seat, one thing, one use, five minutes."""

import re
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import OrganizationKind
from accounts.rules import key_hash
from assets.importers.marking import marked
from assets.models import AssetVersion, Download
from assets.permissions import can_fetch, can_fetch_all
from assets.rules.stages import AGREED
from core.audit import record
from core.errors import RuleBroken, require
from core.files import chunks_of, zipped

LASTS = timedelta(minutes=5)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


@transaction.atomic
def open_download(actor, *, version):
    """A link to the original of a version: (Download, token). The token is told once."""
    require(can_fetch(actor, version))
    return linked(actor, version.campaign, version)


@transaction.atomic
def open_archive(actor, *, campaign):
    """A link to the approved files of a campaign in one archive: (Download, token)."""
    require(can_fetch_all(actor, campaign))
    if not approved_files(actor, campaign).exists():
        raise RuleBroken(_("No file of this campaign is approved yet."), code="nothing_approved")
    return linked(actor, campaign, None)


def linked(actor, campaign, version):
    """The row of a link, inside an act that asked for its permission."""
    token = secrets.token_urlsafe(32)
    download = Download.objects.create(
        workspace_id=campaign.workspace_id,
        campaign=campaign,
        version=version,
        user=actor.user,
        reference="".join(secrets.choice(LETTERS) for _letter in range(10)),
        token_hash=key_hash(token),
        expires_at=timezone.now() + LASTS,
    )
    record(actor, "assets.download_opened", version or campaign, changes={"download": [None, download.reference]})
    return download, token


def approved_files(actor, campaign):
    """The newest versions that passed their review and are files: those of the seat's own organisation and those the
    client makes itself, never another partner's."""
    rows = AssetVersion.objects.filter(campaign=campaign, asset__archived_at=None, asset__stage__in=AGREED)
    rows = rows.exclude(file=None)
    ours = Q(asset__organization=None) | Q(asset__organization__kind=OrganizationKind.IN_HOUSE)
    return rows.filter(ours | Q(asset__organization=actor.organization_id)).current().approved()


@transaction.atomic
def take_download(actor, *, token):
    """Use a link up and write down what is taken along: (Download, versions). None where there is no such link any
    more: used, too old, another seat's, or of something that is no longer the seat's to fetch."""
    rows = Download.objects.visible_to(actor).filter(token_hash=key_hash(token), used_at=None)
    now = timezone.now()
    found = rows.filter(expires_at__gt=now).select_related("campaign", "version__asset", "version__file").first()
    if found is None or not rows.update(used_at=now):
        return None
    versions = _still_theirs(actor, found)
    for version in versions:
        record(actor, "assets.file_downloaded", version, changes={"download": [None, found.reference]})
    return (found, versions) if versions else None


def _still_theirs(actor, download):
    if download.version is not None:
        return [download.version] if can_fetch(actor, download.version) else []
    if not can_fetch_all(actor, download.campaign):
        return []
    rows = approved_files(actor, download.campaign).select_related("asset", "file")
    return list(rows.order_by("asset__position", "asset"))


def packed(download, versions):
    """(chunks, name) of the original, or of the archive of several: the reference is in names and bytes."""
    reference = download.reference
    if download.version_id is not None:
        return marked(chunks_of(versions[0].file), reference), name_of(versions[0], reference)
    entries = ((name_of(one, reference), marked(chunks_of(one.file), reference)) for one in versions)
    return zipped(entries), f"{download.campaign.code}_{reference}.zip"


def name_of(version, reference):
    """`KV-01_v3_H7K2MPQ9XA.png`: what a file that was taken along is called."""
    ending = ENDING.search(version.file.name)
    return f"{version.asset.code}_v{version.number}_{reference}{ending[0].lower() if ending else ''}"
