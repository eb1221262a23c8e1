"""Acts on budget lines and on the thresholds of their approval."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.actions.ledger import hold
from campaigns.actions.writing import archive, once, restore, today_of
from campaigns.choices import BudgetCategory
from campaigns.models import ApprovalThreshold, BudgetLine, BudgetRequest
from campaigns.permissions import can_account, can_budget, can_set_thresholds
from campaigns.rules.budget import check_amount, check_role, check_tax
from campaigns.rules.plan import check_currency
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import erase, swap


def _named_once():
    return once("name", _("The campaign has a budget line of this name already."))


def check_unlocked(line):
    """A locked line keeps its plan, and nothing more is asked for it."""
    if line.locked_at is not None:
        raise RuleBroken(_("“%(name)s” is locked. Unlock it first.") % {"name": line}, code="locked")


def check_living(line):
    """Archived lines are restored before anything is done with them."""
    if line.archived_at is not None:
        raise RuleBroken(_("“%(name)s” is archived. Restore it first.") % {"name": line}, code="archived")


def _checked(campaign, values):
    if "name" in values and not values["name"].strip():
        sentence = _("Give the line a name.")
        raise Invalid(sentence, code="name", errors={"name": sentence})
    check_campaign(campaign, phase=values.get("phase"))
    check_currency(values["currency"])
    check_tax(values.get("tax_rate"))
    check_amount(values["planned_amount"], values["currency"], "planned_amount", may_be_zero=True)
    return values


@transaction.atomic
def create_budget_line(
    actor, *, campaign, name, planned_amount=0, currency="", category=BudgetCategory.MEDIA, tax_rate=0, **more
):
    """Add a line at the end of a campaign's budget; `more`: phase, channel, organization, owner, note."""
    require(can_budget(actor, campaign))
    values = {"name": name, "planned_amount": planned_amount, "category": category, "tax_rate": tax_rate or 0, **more}
    values["currency"] = currency or campaign.currency
    _checked(campaign, values)
    last = BudgetLine.objects.of(campaign).aggregate(last=Max("position"))["last"]
    with _named_once():
        line = BudgetLine.objects.create(
            workspace_id=campaign.workspace_id,
            campaign=campaign,
            planned_date=today_of(campaign),
            position=0 if last is None else last + 1,
            **values,
        )
    record(actor, "campaigns.budget_line_created", line)
    return line


@transaction.atomic
def update_budget_line(actor, *, line, seen=None, **changes):
    """Change a line while it is not locked; its currency while nothing moved in it."""
    require(can_budget(actor, line))
    check_living(line)
    check_unlocked(line)
    if changes.get("tax_rate", 0) is None:
        changes["tax_rate"] = 0
    kept = {name: getattr(line, name) for name in ("currency", "planned_amount")}
    _checked(line.campaign, {**kept, **changes})
    if changes.get("currency", line.currency) != line.currency and _has_history(line):
        sentence = _("Money has moved in this line already; it keeps its currency.")
        raise RuleBroken(sentence, code="currency_in_use", errors={"currency": sentence})
    if changes.get("planned_amount", line.planned_amount) != line.planned_amount:
        changes["planned_date"] = today_of(line.campaign)
    with _named_once():
        diff = swap(line, seen=seen, **changes)
    record(actor, "campaigns.budget_line_changed", line, changes=diff)
    return line


def _has_history(line):
    return line.movements_to.exists() or line.movements_from.exists() or _has_open_request(line)


def _has_open_request(line):
    return BudgetRequest.objects.open().filter(line=line).exists() or (
        BudgetRequest.objects.open().filter(to_line=line).exists()
    )


@transaction.atomic
def archive_budget_line(actor, *, line, seen=None):
    """Take a line out of the budget; what is approved must be given back first."""
    require(can_budget(actor, line))
    [held] = hold(line)
    if held.approved_amount:
        raise RuleBroken(_("Money is approved for this line. Give it back first."), code="in_use")
    if _has_open_request(line):
        raise RuleBroken(_("A request for this line is still open."), code="request_open")
    check_unlocked(held)
    return archive(actor, line, "budget_line_archived", seen=seen)


@transaction.atomic
def restore_budget_line(actor, *, line, seen=None):
    """Bring an archived line back."""
    require(can_budget(actor, line))
    return restore(actor, line, "budget_line_restored", seen=seen)


@transaction.atomic
def lock_budget(actor, *, campaign, lines=None):
    """Lock lines (default: all): their plan stands and no money is asked for or given back any more."""
    require(can_account(actor, campaign))
    chosen = list(BudgetLine.objects.of(campaign).active()) if lines is None else list(lines)
    for line in chosen:
        check_campaign(campaign, lines=line)
        check_living(line)
        if _has_open_request(line):
            words = {"name": line}
            raise RuleBroken(
                _("A request for “%(name)s” is still open. Decide on it first.") % words, code="request_open"
            )
    if not chosen:
        raise RuleBroken(_("There is no line to lock."), code="nothing")
    for line in (one for one in hold(*chosen) if one.locked_at is None):
        record(actor, "campaigns.budget_line_locked", line, changes=swap(line, locked_at=timezone.now()))
    return chosen


@transaction.atomic
def unlock_budget_line(actor, *, line, reason, seen=None):
    """Open a locked line again; the reason stays in the logbook."""
    require(can_account(actor, line))
    if not reason.strip():
        sentence = _("Say why.")
        raise Invalid(sentence, code="reason_given", errors={"reason": sentence})
    if line.locked_at is not None:
        diff = swap(line, seen=seen, locked_at=None)
        record(actor, "campaigns.budget_line_unlocked", line, changes=diff | {"reason": ["", reason.strip()]})
    return line


# --- thresholds -----------------------------------------------------------------------------------------------------


def _role_once():
    return once("role", _("There is a threshold for this role already."))


@transaction.atomic
def create_threshold(actor, *, from_amount, role, currency=""):
    """From this amount on, somebody of this role has to approve; requests that are open keep their levels."""
    require(can_set_thresholds(actor))
    currency = currency or actor.workspace.currency
    check_role(role)
    check_currency(currency)
    check_amount(from_amount, currency, "from_amount", may_be_zero=True)
    with _role_once():
        row = ApprovalThreshold.objects.create(
            workspace=actor.workspace, from_amount=from_amount, currency=currency, role=role
        )
    record(actor, "campaigns.threshold_set", row)
    return row


@transaction.atomic
def update_threshold(actor, *, threshold, seen=None, **changes):
    """Change a threshold."""
    require(can_set_thresholds(actor))
    check_role(changes.get("role", threshold.role))
    currency = changes.get("currency", threshold.currency)
    check_currency(currency)
    check_amount(changes.get("from_amount", threshold.from_amount), currency, "from_amount", may_be_zero=True)
    with _role_once():
        diff = swap(threshold, seen=seen, **changes)
    record(actor, "campaigns.threshold_set", threshold, changes=diff)
    return threshold


@transaction.atomic
def delete_threshold(actor, *, threshold, seen=None):
    """Take a threshold away."""
    require(can_set_thresholds(actor))
    record(actor, "campaigns.threshold_deleted", threshold)
    erase(threshold, seen=seen)
