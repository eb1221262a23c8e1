"""The states of a commitment from booking to payment and the steps between them, as data."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.choices import CommitmentState as S
from core.errors import Invalid, RuleBroken


@dataclass(frozen=True)
class Step:
    """One allowed step: name, label, the states it starts from, where it leads, what has to be stated with it."""

    name: str
    label: str
    sources: frozenset
    target: str
    asks: tuple = field(default=())
    is_for_accountants: bool = False


STEPS = {
    one.name: one
    for one in (
        Step("deliver", gettext_lazy("Note the delivery"), frozenset({S.BOOKED}), S.DELIVERED, ("amount",)),
        Step(
            "make_good",
            gettext_lazy("Agree a make-good"),
            frozenset({S.DELIVERED}),
            S.MAKE_GOOD,
            ("amount", "reason"),
        ),
        Step(
            "reconcile",
            gettext_lazy("Reconcile"),
            frozenset({S.DELIVERED, S.MAKE_GOOD}),
            S.RECONCILED,
            ("amount",),
        ),
        Step("invoice", gettext_lazy("Enter the invoice"), frozenset({S.RECONCILED}), S.INVOICED, ("number",)),
        Step("pay", gettext_lazy("Mark as paid"), frozenset({S.INVOICED}), S.PAID, (), True),
        Step("rebate", gettext_lazy("Enter a rebate"), frozenset({S.PAID}), S.PAID, ("amount", "reason"), True),
        Step(
            "reopen",
            gettext_lazy("Open it again"),
            frozenset({S.RECONCILED, S.INVOICED}),
            S.DELIVERED,
            ("reason",),
            True,
        ),
        Step(
            "cancel",
            gettext_lazy("Cancel the commitment"),
            frozenset({S.BOOKED, S.DELIVERED, S.MAKE_GOOD}),
            S.CANCELLED,
            ("reason",),
        ),
    )
}
FLOW = (S.BOOKED, S.DELIVERED, S.MAKE_GOOD, S.RECONCILED, S.INVOICED, S.PAID)


def open_to(state):
    """The Steps a commitment in `state` may take, in the order of its life."""
    return [one for one in STEPS.values() if state in one.sources]


def find(state, name):
    """The Step of that name from a state. RuleBroken when it does not start there."""
    step = STEPS.get(name)
    if step is None or state not in step.sources:
        words = {"state": S(state).label}
        raise RuleBroken(_("A commitment that is “%(state)s” cannot take this step.") % words, code="wrong_state")
    return step


def check_stated(step, *, amount, number, reason):
    """What a step asks for is there."""
    given = {"amount": amount is not None, "number": bool(number.strip()), "reason": bool(reason.strip())}
    sentences = {"amount": _("State the amount."), "number": _("State the invoice number."), "reason": _("Say why.")}
    errors = {name: sentences[name] for name in step.asks if not given[name]}
    if errors:
        raise Invalid(next(iter(errors.values())), code="not_stated", errors=errors)


def shortfall(amount, delivered, made_good=Decimal(0)):
    """What of the booked amount was neither delivered nor made good."""
    return max(amount - (delivered or 0) - (made_good or 0), Decimal(0))


def suggested(state, amount, delivered, made_good):
    """The amount that a form offers for the next step."""
    if state == S.DELIVERED and shortfall(amount, delivered):
        return shortfall(amount, delivered)
    if state in (S.DELIVERED, S.MAKE_GOOD):
        return min(amount, (delivered or 0) + (made_good or 0))
    return amount


def check_make_good(made_good, amount, delivered):
    """A make-good makes up for what was not delivered, and for no more."""
    missing = shortfall(amount, delivered)
    if not missing:
        raise RuleBroken(_("Everything was delivered: there is nothing to make good."), code="nothing_missing")
    _at_most(made_good, missing, _("No more than what was not delivered can be made good."))


def check_rebate(rebate, paid):
    """A rebate gives back at most what was paid."""
    _at_most(rebate, paid, _("A rebate gives back no more than was paid."))


def _at_most(amount, most, sentence):
    if amount > most:
        raise Invalid(sentence, code="too_much", errors={"amount": sentence})
