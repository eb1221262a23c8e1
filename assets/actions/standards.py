"""Acts on output standards: the workspace's words for what a delivered file must be like."""

import json
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from assets.actions.assets import invalid
from assets.actions.checks import recheck
from assets.models import Asset, OutputStandard
from assets.permissions import can_keep_standard, can_standardise
from assets.rules import standards
from campaigns.actions.writing import archive, once, restore
from core.audit import record
from core.errors import require
from core.swap import swap

DATA = Path(__file__).resolve().parent.parent / "data" / "output_standards.json"


@transaction.atomic
def load_standards(actor, *, workspace):
    """Give a workspace the usual standards it lacks, named in its language."""
    language = "zh-hans" if workspace.language.startswith("zh") else "en"
    rows = [
        OutputStandard(
            workspace=workspace,
            name=entry["name"][language],
            kind=entry["kind"],
            demands=standards.clean(entry["kind"], entry["demands"]),
            note=entry.get("note", {}).get(language, ""),
        )
        for entry in json.loads(DATA.read_text(encoding="utf-8"))
    ]
    OutputStandard._base_manager.bulk_create(rows, ignore_conflicts=True)


def _once():
    return once("name", _("Another standard has this name."))


def _named(name):
    if not name.strip():
        raise invalid("name", _("Give the standard a name."))
    return name.strip()


@transaction.atomic
def create_standard(actor, *, name, kind, demands=None, channel=None, note=""):
    """Add an output standard to the workspace's."""
    require(can_standardise(actor))
    row = OutputStandard(workspace=actor.workspace, name=_named(name), kind=kind, channel=channel, note=note.strip())
    row.demands = standards.clean(kind, demands or {})
    with _once():
        row.save(force_insert=True)
    record(actor, "assets.standard_created", row)
    return row


@transaction.atomic
def update_standard(actor, *, standard, seen=None, **changes):
    """Change a standard; what was delivered for it is compared anew."""
    require(can_keep_standard(actor, standard))
    if "demands" in changes:
        changes["demands"] = standards.clean(standard.kind, changes["demands"])
    if "name" in changes:
        changes["name"] = _named(changes["name"])
    with _once():
        diff = swap(standard, seen=seen, **changes)
    if diff:
        record(actor, "assets.standard_changed", standard, changes=diff)
    if "demands" in diff:
        for asset in Asset.objects.filter(standard=standard).at_work().select_related("standard"):
            recheck(asset)
    return standard


@transaction.atomic
def archive_standard(actor, *, standard, seen=None):
    """Take a standard out of the choices; assets that have it keep it. Twice is once."""
    require(can_keep_standard(actor, standard))
    return archive(actor, standard, "standard_archived", seen=seen)


@transaction.atomic
def restore_standard(actor, *, standard, seen=None):
    """Bring a standard back into the choices; twice is once."""
    require(can_keep_standard(actor, standard))
    return restore(actor, standard, "standard_restored", seen=seen)
