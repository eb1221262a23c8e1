"""Acts that hand in what an asset is made of: a file, a text, an address. A version is never changed afterwards."""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.actions.assets import check_living, invalid
from assets.actions.stages import current_version
from assets.choices import AssetKind
from assets.models import Asset, AssetVersion
from assets.permissions import can_deliver
from assets.rules import stages, standards, texts
from core.audit import record
from core.errors import Invalid, Stale, require
from core.files import discard, store
from core.jobs import enqueue
from core.models import StoredFile
from core.swap import swap

LIMIT_OF = {AssetKind.IMAGE: "image", AssetKind.VIDEO: "video"}
TAKES = {  # what a version of a kind may be
    AssetKind.COPY: {"text", "upload"},
    AssetKind.EDM: {"text", "upload"},
    AssetKind.H5: {"url", "upload"},
    AssetKind.IMAGE: {"upload"},
    AssetKind.VIDEO: {"upload"},
    AssetKind.DOCUMENT: {"upload"},
}


def add_version(actor, *, asset, upload=None, text="", url="", note="", based_on=None):
    """Hand in the next version of an asset and return it; the current one when nothing differs from it.

    `upload` is an open file, or the StoredFile it already is. `based_on` is the number of the version a text was
    written from: Stale (with `current`) when somebody handed in another one since, so that nobody's words vanish.
    The bytes are stored before the transaction begins: a long upload holds up nobody else.
    """
    require(can_deliver(actor, asset))
    check_living(asset)
    text = texts.kept(text)
    _check_content(asset, {"upload": upload, "text": text, "url": url}, based_on)
    stages.after_version(asset.stage)
    stored = _stored(actor, asset, upload)
    try:
        return _write(actor, asset, stored, text, url, note, based_on)
    except BaseException:
        if stored is not None and stored is not upload:
            discard(stored)
        raise


def _check_content(asset, given, based_on):
    """One thing that the kind takes, not empty; a text says which version it was written from."""
    named = [name for name, value in given.items() if value]
    if len(named) != 1:
        raise Invalid(_("Hand in one thing: a file, a text or an address."), code="one_thing")
    if named[0] not in TAKES[asset.kind]:
        sentence = _("“%(kind)s” is not handed in this way.") % {"kind": asset.get_kind_display()}
        raise Invalid(sentence, code="wrong_way", errors={named[0]: sentence})
    if named == ["upload"] and not given["upload"].size:
        raise invalid("file", _("The file is empty."))
    if len(given["text"]) > texts.LONGEST:
        raise invalid("text", _("A text has up to 100,000 characters."))
    if named == ["text"] and asset.current_number and based_on is None:
        raise invalid("based_on", _("Say which version you wrote this from."))


def _stored(actor, asset, upload):
    """The StoredFile of an upload, which may be one already."""
    if upload is None or isinstance(upload, StoredFile):
        return upload
    kind = LIMIT_OF.get(asset.kind, "document")
    return store(upload, workspace_id=asset.workspace_id, kind=kind, uploader_id=actor.user_id)


@transaction.atomic
def _write(actor, asset, stored, text, url, note, based_on):
    """The version's row and the asset's new number, by compare-and-swap on what the asset is now."""
    asset.refresh_from_db(from_queryset=Asset.objects.select_related("campaign", "workspace", "standard"))
    if based_on is not None and based_on != asset.current_number:
        raise Stale(current=asset.current_number)
    sha256 = stored.sha256 if stored else hashlib.sha256((text or url).encode()).hexdigest()
    before = current_version(asset)
    if before is not None and (before.sha256, before.text, before.url) == (sha256, text, url):
        if stored is not None:
            discard(stored)
        return _again(before)
    diff = swap(asset, current_number=asset.current_number + 1, stage=stages.after_version(asset.stage))
    version = AssetVersion(
        workspace_id=asset.workspace_id,
        campaign_id=asset.campaign_id,
        asset=asset,
        number=asset.current_number,
        file=stored,
        text=text,
        url=url,
        sha256=sha256,
        uploader=actor.user,
        note=note.strip(),
    )
    _measure_text(asset, version)
    version.save(force_insert=True)
    record(actor, "assets.version_added", version, changes=diff | {"note": ["", version.note]})
    if version.checked_at is None:
        enqueue("assets.check_version", workspace_id=asset.workspace_id, version_id=version.pk)
    return version


def _again(version):
    """The same bytes once more are no new version."""
    version.is_same = True
    return version


def _measure_text(asset, version):
    """A text is measured at once; files and addresses by a job."""
    if version.text and asset.kind == AssetKind.COPY:
        version.measures = texts.measured(version.text)
        demands = asset.standard.demands if asset.standard else {}
        version.findings = standards.findings(asset.kind, demands, version.measures)
        version.checked_at = timezone.now()
