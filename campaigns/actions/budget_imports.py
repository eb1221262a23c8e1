"""Budget lines from a file: looked at first, then written as one act."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from campaigns.actions.budget import create_budget_line, update_budget_line
from campaigns.importers import budget as tables
from campaigns.models import BudgetLine, Channel, Phase
from campaigns.permissions import can_budget
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.tabular import open_sheet, reopen_sheet

LINKED = {"phase": Phase, "channel": Channel, "organization": Organization, "owner": User}


def sheet_of(content):
    """The Sheet of a file's bytes; Invalid says in a sentence why it is none."""
    return open_sheet(content, tables.read)


def sheet_from(data):
    """The Sheet that a preview handed out for its commit."""
    return reopen_sheet(data, tables.Sheet.from_json)


def known_of(actor, campaign):
    """The budget, and what its lines may name, as a preview reads them."""
    lines = list(BudgetLine.objects.visible_to(actor).of(campaign))
    members = Membership.objects.visible_to(actor).of_people().select_related("user")
    channels = Channel.objects.visible_to(actor).active()
    words = {tables.normal(word): row.pk for row in channels for word in (row.code, *row.labels.values())}
    return tables.Known(
        currency=campaign.currency,
        lines={tables.normal(line.name): _values(line) for line in lines},
        phase={tables.normal(row.name): row.pk for row in Phase.objects.visible_to(actor).of(campaign)},
        channel=words,
        organization={tables.normal(row.name): row.pk for row in Organization.objects.visible_to(actor).active()},
        owner={tables.normal(word): one.user_id for one in members for word in (one.user.email or "", one.user.name)},
        locked=frozenset(tables.normal(line.name) for line in lines if line.locked_at or line.archived_at),
    )


def _values(line):
    plain = {name: getattr(line, name) for name in ("category", "planned_amount", "currency", "tax_rate", "note")}
    return plain | {name: getattr(line, f"{name}_id") for name in LINKED}


def look_at_budget(actor, *, campaign, sheet, mapping=None):
    """What a sheet would add and change; writes nothing. `mapping` is {field: position of its column}."""
    mapping = tables.guess(sheet) if mapping is None else mapping
    return tables.preview(sheet, mapping, known_of(actor, campaign))


@transaction.atomic
def import_budget(actor, *, campaign, sheet, mapping=None, digest=None):
    """Carry out what the preview says, all of it or nothing; with `digest` only if it still says the same."""
    require(can_budget(actor, campaign))
    seen = look_at_budget(actor, campaign=campaign, sheet=sheet, mapping=mapping)
    _check_ready(seen)
    if digest is not None and digest != seen.digest:
        raise RuleBroken(_("The budget has changed since the preview. Look at it again."), code="preview_changed")
    lines = {tables.normal(line.name): line for line in BudgetLine.objects.of(campaign)}
    rows = {name: model.objects.in_bulk(_keys(seen, name)) for name, model in LINKED.items()}
    for entry in seen.entries:
        values = {name: rows[name][value] if name in rows else value for name, value in entry.values.items()}
        if entry.state == "added":
            create_budget_line(actor, campaign=campaign, name=entry.name, **values)
        elif entry.state == "changed":
            update_budget_line(actor, line=lines[tables.normal(entry.name)], **values)
    counted = {name: [None, count] for name, count in seen.counted().items() if count}
    record(actor, "campaigns.budget_imported", campaign, changes=counted)
    return seen


def _keys(seen, name):
    return {entry.values[name] for entry in seen.entries if name in entry.values}


def _check_ready(seen):
    if seen.fault:
        raise Invalid(seen.fault, code="mapping")
    if seen.faults:
        number, _name, text = seen.faults[0]
        listed = [{"line": line, "field": name, "detail": str(detail)} for line, name, detail in seen.faults]
        raise Invalid(_("Line %(line)d: %(problem)s") % {"line": number, "problem": text}, code="faults", faults=listed)
    if not seen.is_ready:
        raise RuleBroken(_("The file changes nothing."), code="nothing")
