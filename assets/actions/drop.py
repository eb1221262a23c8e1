"""Many files at once: kept aside, matched with assets by name and size, handed in when their places are confirmed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.actions.assets import create_asset
from assets.actions.versions import LIMIT_OF, add_version
from assets.models import Asset
from assets.permissions import can_drop
from assets.rules import dimensions, types
from assets.rules.matching import Dropped, Target, match
from assets.rules.stages import TAKES_VERSIONS
from core.errors import Invalid, PharosError, RuleBroken, require
from core.files import LIMITS, discard, opened, store
from core.models import StoredFile

KIND = "dropped"
MOST_FILES = 100
KEPT = timedelta(days=1)  # dropped files that nobody placed
HEAD = 65_536


def drop_files(actor, *, campaign, uploads):
    """Keep files aside and say which asset each may be for: [(StoredFile, Match)]. Nothing is handed in yet."""
    require(can_drop(actor, campaign))
    if not 0 < len(uploads) <= MOST_FILES:
        raise Invalid(_("Drop 1 to %(most)d files at once.") % {"most": MOST_FILES}, code="files")
    kept = []
    try:
        for upload in uploads:
            kept.append(store(upload, workspace_id=campaign.workspace_id, kind=KIND, uploader_id=actor.user_id))
    except PharosError:
        for stored in kept:
            discard(stored)
        raise
    return matched(actor, campaign, kept)


def matched(actor, campaign, files):
    """[(StoredFile, Match)] of files kept aside."""
    dropped = [Dropped(stored.name, _size(stored)) for stored in files]
    return list(zip(files, match(dropped, targets(actor, campaign)), strict=True))


def _size(stored):
    with opened(stored) as file:
        return dimensions.of(file.read(HEAD))


def targets(actor, campaign):
    """The assets of a campaign that take a version now, those the actor sees."""
    rows = Asset.objects.visible_to(actor).filter(campaign=campaign, stage__in=TAKES_VERSIONS, archived_at=None)
    return [
        Target(row.pk, row.code, row.title, row.kind, _wanted(row), row.current_number == 0)
        for row in rows.select_related("standard")
    ]


def _wanted(asset):
    demands = asset.standard.demands if asset.standard else {}
    return (demands["width"], demands["height"]) if {"width", "height"} <= demands.keys() else None


def mine(actor):
    """The files this person dropped and nobody placed yet."""
    rows = StoredFile.objects.filter(workspace_id=actor.workspace_id, kind=KIND, uploader_id=actor.user_id)
    return rows.filter(created_at__gt=timezone.now() - KEPT)


@transaction.atomic
def place_files(actor, *, campaign, places, note=""):
    """Hand in dropped files: `places` are {"file", "asset"} or {"file", "kind"} for a new asset of that kind.

    All of them or none; RuleBroken lists every refusal as {file name: sentence}. Returns the versions.
    """
    require(can_drop(actor, campaign))
    assets = [place["asset"].pk for place in places if place.get("asset")]
    if not places or len(set(assets)) < len(assets):
        raise Invalid(_("Give each file an asset of its own."), code="places")
    made, refusals = [], {}
    for place in places:
        try:
            with transaction.atomic():
                made.append(_place(actor, campaign, place, note))
        except PharosError as error:
            refusals[place["file"].name] = " ".join(map(str, error.errors.values())) or str(error)
    if refusals:
        listed = " ".join(f"{name}: {sentence}" for name, sentence in list(refusals.items())[:5])
        sentence = _("Nothing was handed in. %(refusals)s") % {"refusals": listed}
        raise RuleBroken(sentence, code="some_refused", errors=refusals)
    return made


def _place(actor, campaign, place, note):
    stored, asset = place["file"], place.get("asset")
    if asset is None:
        title = stored.name.rpartition(".")[0] or stored.name
        asset = create_asset(actor, campaign=campaign, title=title[:200], kind=place["kind"])
    kind = LIMIT_OF.get(asset.kind, "document")
    if stored.size > LIMITS[kind]:
        limit = {"limit": LIMITS[kind] // 2**20}
        raise Invalid(_("The file is larger than %(limit)s MB.") % limit, code="too_large")
    StoredFile.objects.filter(pk=stored.pk).update(kind=kind)
    return add_version(actor, asset=asset, upload=stored, note=note)


def kind_of(stored):
    """The kind of asset a file most likely is, for one that has none yet."""
    with opened(stored) as file:
        name = types.sniff(file.read(HEAD))
    if name in types.PICTURES:
        return "image"
    return "video" if name in types.PLAYED else {"html": "edm", "text": "copy"}.get(name, "document")


@transaction.atomic
def forget_file(actor, *, campaign, stored):
    """Throw away a file one dropped and did not place."""
    require(can_drop(actor, campaign) and stored.kind == KIND and stored.uploader_id == actor.user_id)
    discard(stored)


def forget_dropped(now):
    """Discard what was dropped and never placed."""
    for stored in StoredFile.objects.filter(kind=KIND, created_at__lt=now - KEPT):
        with transaction.atomic():
            discard(stored)
