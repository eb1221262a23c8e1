"""What the machine finds in a version, and the pictures it makes of it. Called by jobs; safe to do twice."""

import json
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from assets.importers import markup
from assets.models import AssetVersion, Rendition
from assets.rules import standards
from core.actor import Actor
from core.audit import record
from core.errors import PharosError
from core.files import opened, store
from core.safe_fetch import safe_fetch
from core.sandbox import SandboxFailed, run
from core.swap import swap

PROBE = "assets.importers.probe"
LIMITS = {"video": (120, 2048)}  # seconds and MB of memory that reading a kind may take
USUAL = (40, 1536)
PAGE_SECONDS, PAGE_BYTES, MOST_PARTS = 60, 5 * 2**20, 40  # of an H5 page and all it loads


def check_version(version):
    """Measure a version, compare it with its asset's standard, keep the pictures made of it."""
    with tempfile.TemporaryDirectory() as folder:
        measures, pictures = _measured(version, Path(folder))
        _keep(version, measures, pictures, Path(folder))


def _measured(version, folder):
    if version.file is None:
        found = weighed(version.url) if version.url else _of_text(version)
        return found, []
    try:
        with _on_disk(version.file, folder) as path:
            seconds, memory = LIMITS.get(version.asset.kind, USUAL)
            said = run(PROBE, version.asset.kind, path, folder, seconds=seconds, memory_mb=memory)
    except SandboxFailed:
        return {"problem": "too_long_to_check"}, []
    found = json.loads(said)
    return found["measures"], found["renditions"]


def _of_text(version):
    """A mail or page written in place."""
    found = markup.mail(version.text) if markup.is_mail(version.text) else markup.page(version.text)
    return found | {"type": "html", "kb": -(-len(version.text.encode()) // 1024)}


@contextmanager
def _on_disk(stored, folder):
    """A path to the stored bytes: where they lie, or a copy where the storage is elsewhere."""
    try:
        yield Path(default_storage.path(stored.key))
    except NotImplementedError:
        path = folder / "original"
        with opened(stored) as source, path.open("wb") as copy:
            for chunk in iter(lambda: source.read(2**20), b""):
                copy.write(chunk)
        yield path


@transaction.atomic
def _keep(version, measures, pictures, folder):
    """Write what was found; pictures that an earlier run made stay."""
    version.refresh_from_db(from_queryset=AssetVersion.objects.select_related("asset", "asset__standard"))
    for one in pictures:
        _keep_picture(version, one, folder)
    demands = version.asset.standard.demands if version.asset.standard else {}
    found = standards.findings(version.asset.kind, demands, measures)
    swap(version, measures=measures, findings=found, checked_at=timezone.now())
    record(Actor.system(version.workspace), "assets.version_checked", version)


def _keep_picture(version, one, folder):
    key = {"version": version, "kind": one["kind"], "page": one["page"]}
    if Rendition.objects.filter(**key).exists():
        return
    with (folder / one["file"]).open("rb") as file:
        stored = store(File(file, name=one["file"]), workspace_id=version.workspace_id, kind="image")
    size = {"width": one["width"], "height": one["height"]}
    Rendition.objects.create(
        workspace_id=version.workspace_id, campaign_id=version.campaign_id, file=stored, **key, **size
    )


def weighed(url):
    """Measures of an H5 page: loaded once, with what it loads from the network, all through core.safe_fetch."""
    deadline = time.monotonic() + PAGE_SECONDS
    try:
        answer = safe_fetch("GET", url, total=PAGE_SECONDS / 2, max_body=PAGE_BYTES)
    except PharosError as error:
        return {"problem": "no_answer", "type": str(error)[:200]}
    if answer.status >= 300:
        return {"problem": "no_answer", "type": f"HTTP {answer.status}"}
    text = markup.decoded(answer.body) or ""
    parts = markup.resources(text, url)
    sizes = [_weight(part, deadline) for part in parts[:MOST_PARTS]]
    left_out = sizes.count(None) + max(0, len(parts) - MOST_PARTS)
    total = len(answer.body) + sum(size or 0 for size in sizes)
    return markup.page(text) | {"type": "html", "load_kb": -(-total // 1024), "left_out": left_out}


def _weight(url, deadline):
    """Bytes of one file that a page loads; None where it does not answer in time."""
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    try:
        answer = safe_fetch("GET", url, total=min(left, 15), max_body=PAGE_BYTES)
    except PharosError:
        return None
    return len(answer.body) if answer.status < 300 else None


@transaction.atomic
def recheck(asset):
    """Compare the current version with a standard that changed, by the measures already taken."""
    version = AssetVersion.objects.filter(asset=asset, number=asset.current_number).exclude(checked_at=None).first()
    if version is not None:
        demands = asset.standard.demands if asset.standard else {}
        swap(version, findings=standards.findings(asset.kind, demands, version.measures))
