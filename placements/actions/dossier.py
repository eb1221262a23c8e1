"""The dossier of an ad: what ran, its bytes, who agreed to them along which route, evidence of rights, and the flights.

Written to a file on disk piece by piece, so that films do not fill the memory.
"""

import hashlib
import json
import tempfile
import zipfile
from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from assets.models import Right, Verdict
from core.audit import record
from core.errors import require
from core.export import csv_bytes
from core.files import clean_name, opened
from placements.models import Slot
from placements.permissions import can_export

CHUNK = 2**16
VERDICT = ("level", "round", "reviewer", "decision", "words", "edits", "criteria", "sha256", "route", "packs", "at")


class Dossier:
    """A ZIP in the making; every file in it is listed with its hash."""

    def __init__(self):
        self.file = tempfile.TemporaryFile(prefix="dossier-")  # noqa: SIM115 (handed out open)
        self.zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED)
        self.listed = []

    def holds(self, path):
        """Whether this path is in it already: an asset may run in many slots."""
        return any(each["path"] == path for each in self.listed)

    def put(self, path, content):
        if self.holds(path):
            return
        self.zip.writestr(path, content)
        self.listed.append({"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})

    def put_json(self, path, value):
        self.put(path, json.dumps(value, ensure_ascii=False, indent=2, default=str).encode())

    def put_stored(self, path, stored):
        """A stored file, copied piece by piece."""
        if self.holds(path):
            return
        digest, size = hashlib.sha256(), 0
        with opened(stored) as source, self.zip.open(path, "w", force_zip64=True) as target:
            while piece := source.read(CHUNK):
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        self.listed.append({"path": path, "size": size, "sha256": digest.hexdigest()})


@transaction.atomic
def export_dossier(actor, *, placement):
    """The open file of the ZIP, at its beginning. Of private levels it holds what the actor may see."""
    require(can_export(actor, placement))
    dossier = Dossier()
    slots = list(Slot.objects.filter(placement=placement).select_related("asset", "version__file", "released_by"))
    ran = [told(dossier, actor, slot) for slot in slots if slot.version_id]
    flights = [{"first_day": flight.start_date, "last_day": flight.finish_date} for flight in placement.flights.all()]
    about = {
        "placement": {"code": placement.code, "name": placement.name, "state": placement.state, "id": placement.pk},
        "campaign": {"code": placement.campaign.code, "name": placement.campaign.name},
        "landing_url": placement.landing_url,
        "flights": flights,
        "slots": ran,
        "empty_slots": [slot.name for slot in slots if not slot.version_id],
        "made_at": timezone.now(),
        "made_by": str(actor.user),
    }
    dossier.put_json("dossier.json", about)
    words = {"about": about, "files": list(dossier.listed), "language": get_language()}
    dossier.put("index.html", render_to_string("placements/dossier.html", words).encode())
    rows = [[each["path"], each["size"], each["sha256"]] for each in dossier.listed]
    manifest = csv_bytes(["path", "bytes", "sha256"], rows)
    dossier.zip.writestr("manifest.csv", manifest)
    dossier.zip.close()
    dossier.file.seek(0)
    said = {"files": [None, len(rows)], "sha256": [None, hashlib.sha256(manifest).hexdigest()]}
    record(actor, "placements.dossier_exported", placement, changes=said)
    return dossier.file


def told(dossier, actor, slot):
    """What runs in a slot, its bytes and papers put into the dossier."""
    version, asset = slot.version, slot.asset
    place = f"{clean_name(asset.code)}/v{version.number}"
    path = put_version(dossier, place, version)
    rights = [right_of(dossier, place, number, right) for number, right in enumerate(rights_of(asset), 1)]
    verdicts = [said(verdict) for verdict in verdicts_of(actor, version)]
    dossier.put_json(f"{place}/verdicts.json", verdicts)
    dossier.put(
        f"{place}/verdicts.csv", csv_bytes(list(VERDICT), [[flat(one[key]) for key in VERDICT] for one in verdicts])
    )
    return {
        "slot": slot.name,
        "asset": {"code": asset.code, "title": asset.title, "kind": asset.kind, "id": asset.pk},
        "version": version.number,
        "file": path,
        "sha256": version.sha256,
        "handed_in_by": str(version.uploader or ""),
        "handed_in_at": version.created_at,
        "released_by": str(slot.released_by or ""),
        "released_at": slot.released_at,
        "findings": version.findings,
        "rights": rights,
        "verdicts": verdicts,
    }


def flat(value):
    """A cell of the table of verdicts: readable, and never a structure."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {said}" for key, said in value.items())
    return value.isoformat() if isinstance(value, datetime) else value


def put_version(dossier, place, version):
    if version.file_id:
        path = f"{place}/{clean_name(version.file.name)}"
        dossier.put_stored(path, version.file)
    else:
        path = f"{place}/{'text' if version.text else 'address'}.txt"
        dossier.put(path, (version.text or version.url).encode())
    return path


def rights_of(asset):
    return Right.objects.filter(asset=asset).select_related("file")


def right_of(dossier, place, number, right):
    path = ""
    if right.file_id:
        path = f"{place}/rights/{number} {clean_name(right.file.name)}"
        dossier.put_stored(path, right.file)
    days = {"first_day": right.start_date, "last_day": right.finish_date}
    return {"kind": right.kind, "holder": right.holder, "scope": right.scope, "evidence": path, **days}


def verdicts_of(actor, version):
    rows = Verdict.objects.visible_to(actor).filter(version=version)
    return rows.select_related("step", "reviewer").order_by("at", "pk")


def said(verdict):
    return {
        "level": verdict.step.name,
        "round": verdict.step.round,
        "reviewer": str(verdict.reviewer),
        "decision": verdict.decision,
        "words": verdict.words,
        "edits": verdict.edits,
        "criteria": verdict.criteria,
        "sha256": verdict.sha256,
        "route": verdict.route_name,
        "packs": verdict.pack_versions,
        "at": verdict.at,
    }
