"""A register from a file: looked at first, then imported as one act."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.tabular import open_sheet, reopen_sheet
from risks.actions.register import new_risk
from risks.importers import Sheet, preview, read
from risks.models import Risk
from risks.permissions import can_keep_risk
from risks.rules.register import next_code


def sheet_of(content):
    """The Sheet of a file's bytes; Invalid says in a sentence why it is none."""
    return open_sheet(content, read)


def sheet_from(data):
    """The Sheet that a preview handed out for its commit."""
    return reopen_sheet(data, Sheet.from_json)


def look_at(actor, *, campaign, sheet, targets=None):
    """What a sheet would become; writes nothing."""
    codes = Risk.objects.of(campaign).values_list("code", flat=True)
    return preview(sheet, targets=targets, people=_people(actor), codes=codes)


def _people(actor):
    rows = Membership.objects.visible_to(actor).of_people().filter(user__is_active=True)
    found = {}
    for key, name, email in rows.values_list("user_id", "user__name", "user__email"):
        found |= {word.lower(): key for word in (name, email) if word}
    return found


@transaction.atomic
def import_risks(actor, *, campaign, sheet, targets=None, without_faulty=False):
    """Add the rows of a sheet to the register; rows with faults stand against it unless they are left out knowingly.

    Answers (the new risks, the preview).
    """
    require(can_keep_risk(actor, campaign))
    seen = look_at(actor, campaign=campaign, sheet=sheet, targets=targets)
    if seen.faulty and not without_faulty:
        row = seen.faulty[0]
        title, sentence = next(iter(row.faults.items()))
        words = {"line": row.number, "title": title, "sentence": sentence}
        raise Invalid(_("Line %(line)d, %(title)s: %(sentence)s") % words, code="faults", faults=listed(seen))
    if not seen.sound:
        raise RuleBroken(_("No row can be imported."), code="nothing")
    made = _rows(campaign, seen.sound)
    Risk.objects.bulk_create(made)
    record(actor, "risks.risks_imported", campaign, changes={"risks": [None, len(made)]})
    return made, seen


def listed(seen):
    """The faults of a preview: [{"line", "column", "detail"}]."""
    return [
        {"line": row.number, "column": title, "detail": str(sentence)}
        for row in seen.faulty
        for title, sentence in row.faults.items()
    ]


def _rows(campaign, rows):
    taken = set(Risk.objects.of(campaign).values_list("code", flat=True))
    taken |= {row.values["code"] for row in rows if "code" in row.values}
    named = {row.values[name] for row in rows for name in ("owner", "deputy") if name in row.values}
    people = User.objects.in_bulk(named)
    made = []
    for row in rows:
        values = dict(row.values)
        for name in ("owner", "deputy"):
            values |= {name: people[values[name]]} if name in values else {}
        if values.get("deputy") == values.get("owner"):
            values.pop("deputy", None)
        values["code"] = values.get("code") or next_code(taken)
        taken.add(values["code"])
        state = values.pop("state", None)
        risk = new_risk(campaign, values | {"notes": "\n".join(row.notes)})
        risk.state = state or risk.state
        made.append(risk)
    return made
