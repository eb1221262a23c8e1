"""Acts on commitments: book, deliver, make good, reconcile, invoice, pay, rebate, cancel."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.budget import check_living
from campaigns.actions.ledger import person_of, post
from campaigns.actions.writing import today_of
from campaigns.choices import MovementKind
from campaigns.models import Commitment
from campaigns.permissions import can_account, can_budget
from campaigns.rules import settlement
from campaigns.rules.budget import check_amount
from core.audit import record
from core.errors import Invalid, require
from core.swap import swap


@transaction.atomic
def commit_budget(actor, *, line, title, amount, organization=None, reference="", note="", due_date=None):
    """Book a commitment out of what a line has available; never more than that, however many book at once."""
    require(can_budget(actor, line))
    check_living(line)
    if not title.strip():
        sentence = _("Say what is booked.")
        raise Invalid(sentence, code="title", errors={"title": sentence})
    check_amount(amount, line.currency)
    row = Commitment.objects.create(
        workspace_id=line.workspace_id,
        campaign_id=line.campaign_id,
        line=line,
        title=title.strip(),
        organization=organization or line.organization,
        reference=reference,
        note=note,
        booked_amount=amount,
        amount=amount,
        booked_date=today_of(line.campaign),
        due_date=due_date,
        made_by=person_of(actor),
    )
    _post(actor, row, MovementKind.COMMITMENT, amount, row.title)
    record(actor, "campaigns.commitment_booked", row, changes={"amount": [None, f"{amount:f} {line.currency}"]})
    return row


def _post(actor, row, kind, amount, reason):
    ends = {"from_line": row.line, "to_line": row.line}
    return post(actor, kind=kind, amount=amount, reason=reason or row.title, commitment=row, **ends)


@transaction.atomic
def update_commitment(actor, *, commitment, seen=None, **changes):
    """Change the words of a commitment: title, organisation, order number, due day, note. Amounts move by steps."""
    require(can_budget(actor, commitment))
    unknown = set(changes) - {"title", "organization", "reference", "due_date", "note"}
    if unknown:
        raise TypeError(f"Not to be changed: {', '.join(sorted(unknown))}.")
    diff = swap(commitment, seen=seen, **changes)
    record(actor, "campaigns.commitment_changed", commitment, changes=diff)
    return commitment


@transaction.atomic
def settle(actor, *, commitment, step, amount=None, number="", reason="", seen=None):
    """Take a commitment one step on; what the step frees or needs moves in the ledger at once."""
    chosen = settlement.find(commitment.state, step)
    require((can_account if chosen.is_for_accountants else can_budget)(actor, commitment))
    settlement.check_stated(chosen, amount=amount, number=number, reason=reason)
    if "amount" in chosen.asks:
        check_amount(amount, commitment.line.currency, may_be_zero=step == "deliver")
    changes = _EFFECTS[step](actor, commitment, amount=amount, number=number.strip(), reason=reason.strip())
    diff = swap(commitment, seen=seen, state=chosen.target, **changes)
    said = {"reason": ["", reason.strip()]} if reason.strip() else {}
    record(actor, _VERBS[step], commitment, changes=diff | said)
    return commitment


def _deliver(actor, row, *, amount, **said):
    return {"delivered_amount": amount, "make_good_amount": None}


def _make_good(actor, row, *, amount, **said):
    settlement.check_make_good(amount, row.amount, row.delivered_amount)
    return {"make_good_amount": amount}


def _reconcile(actor, row, *, amount, reason, **said):
    """What is owed in the end: the rest goes back to the line, more is taken from it if it has so much."""
    difference = amount - row.amount
    if difference:
        kind = MovementKind.COMMITMENT if difference > 0 else MovementKind.RELEASE
        _post(actor, row, kind, abs(difference), reason)
    return {"amount": amount}


def _invoice(actor, row, *, number, **said):
    return {"invoice_number": number[:80]}


def _pay(actor, row, *, reason, **said):
    _post(actor, row, MovementKind.PAYMENT, row.amount, reason or row.invoice_number)
    return {"paid_date": today_of(row.campaign)}


def _rebate(actor, row, *, amount, reason, **said):
    settlement.check_rebate(amount, row.amount - row.rebate_amount)
    _post(actor, row, MovementKind.REBATE, amount, reason)
    return {"rebate_amount": row.rebate_amount + amount}


def _reopen(actor, row, **said):
    return {"invoice_number": ""}


def _cancel(actor, row, *, reason, **said):
    _post(actor, row, MovementKind.RELEASE, row.amount, reason)
    return {"amount": 0}


_EFFECTS = {
    "deliver": _deliver,
    "make_good": _make_good,
    "reconcile": _reconcile,
    "invoice": _invoice,
    "pay": _pay,
    "rebate": _rebate,
    "reopen": _reopen,
    "cancel": _cancel,
}
_VERBS = {
    "deliver": "campaigns.commitment_delivered",
    "make_good": "campaigns.commitment_made_good",
    "reconcile": "campaigns.commitment_reconciled",
    "invoice": "campaigns.commitment_invoiced",
    "pay": "campaigns.commitment_paid",
    "rebate": "campaigns.commitment_rebated",
    "reopen": "campaigns.commitment_reopened",
    "cancel": "campaigns.commitment_cancelled",
}
