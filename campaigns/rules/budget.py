"""Rules of money: which accounts a movement touches, what a balance may be, tax, who has to approve an amount."""

from dataclasses import dataclass, fields
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _

from accounts.choices import Role
from campaigns.choices import Account, BudgetDecision, MovementKind
from core.errors import Invalid, RuleBroken
from core.money import Money, minor_digits

LARGEST = Decimal(10) ** 11  # sums of such amounts keep every digit in either database
HUNDRED = Decimal(100)
BALANCES = ("approved_amount", "committed_amount", "paid_amount")
COUNTED = {
    Account.OUTSIDE: (),
    Account.AVAILABLE: BALANCES[:1],
    Account.COMMITTED: BALANCES[:2],
    Account.PAID: BALANCES,
}
"""The balances of a line that hold what stands on an account: paid is a part of committed, committed of approved."""
WAYS = {
    MovementKind.APPROVAL: (Account.OUTSIDE, Account.AVAILABLE),
    MovementKind.REDUCTION: (Account.AVAILABLE, Account.OUTSIDE),
    MovementKind.TRANSFER: (Account.AVAILABLE, Account.AVAILABLE),
    MovementKind.COMMITMENT: (Account.AVAILABLE, Account.COMMITTED),
    MovementKind.RELEASE: (Account.COMMITTED, Account.AVAILABLE),
    MovementKind.PAYMENT: (Account.COMMITTED, Account.PAID),
    MovementKind.REBATE: (Account.PAID, Account.AVAILABLE),
}
"""From which account to which each kind of movement goes."""


def amount_fault(amount, currency):
    """The sentence on what is wrong with an amount, or an empty string; None and zero are fine."""
    if amount is None:
        return ""
    if amount < 0:
        return _("This may not be below zero.")
    if amount >= LARGEST:
        return _("This number is too large.")
    if amount != Decimal(amount).quantize(Decimal(1).scaleb(-minor_digits(currency))):
        return _("At most %(places)d decimal places.") % {"places": minor_digits(currency)}
    return ""


def check_amount(amount, currency, field="amount", *, may_be_zero=False):
    """An amount is no finer than the currency's minor unit, and above zero unless zero has a meaning."""
    sentence = amount_fault(amount, currency)
    if not sentence and not amount and not may_be_zero:
        sentence = _("State an amount above zero.")
    if sentence:
        raise Invalid(sentence, code="amount", errors={field: sentence})


def check_tax(tax_rate):
    """A tax rate lies between 0 and 100 per cent."""
    if tax_rate is not None and not 0 <= tax_rate <= HUNDRED:
        sentence = _("Use a percentage between 0 and 100.")
        raise Invalid(sentence, code="percent", errors={"tax_rate": sentence})


def with_tax(amount, tax_rate):
    """The amount with tax in per cent on top of it, not yet rounded."""
    return amount * (HUNDRED + (tax_rate or 0)) / HUNDRED


# --- the ledger -----------------------------------------------------------------------------------------------------


def effects(amount, ends):
    """{line: {balance: change}} of one movement; `ends` are (line, account) it comes from and goes to."""
    found = {}
    for sign, (line, account) in zip((-1, 1), ends, strict=True):
        for balance in COUNTED[account]:
            of_line = found.setdefault(line, {})
            of_line[balance] = of_line.get(balance, Decimal(0)) + sign * amount
    return {line: {name: change for name, change in one.items() if change} for line, one in found.items()}


def check_balances(name, balances, currency):
    """No more is paid than committed, no more committed than approved, nothing below zero: RuleBroken says how much."""
    approved, committed, paid = balances
    if committed > approved:
        words = {"name": name, "missing": Money(committed - approved, currency)}
        raise RuleBroken(_("“%(name)s” has %(missing)s too little available.") % words, code="over_budget")
    if paid < 0 or paid > committed or committed < 0:
        raise RuleBroken(_("“%(name)s” does not hold as much.") % {"name": name}, code="not_held")


# --- who approves ---------------------------------------------------------------------------------------------------


def levels(weights, thresholds):
    """The roles that have to approve one after the other, lowest first; "" where no threshold is reached.

    `thresholds` are (from amount, currency, role), `weights` {currency: the amount in it}.
    """
    reached = sorted((amount, role) for amount, currency, role in thresholds if weights[currency] >= amount)
    roles = list(dict.fromkeys(role for _amount, role in reached))
    return roles or [""]


def check_role(role):
    """Whoever only looks does not approve."""
    if role == Role.VIEWER:
        sentence = _("Viewers do not approve.")
        raise Invalid(sentence, code="role", errors={"role": sentence})


def check_own(is_own, has_decided):
    """Nobody approves what they asked for, nor two levels of one request."""
    if is_own:
        raise RuleBroken(_("Nobody decides on a request of their own."), code="own_request")
    if has_decided:
        raise RuleBroken(
            _("You have decided on this request already; the next level is another person's."), code="twice"
        )


def check_words(decision, words):
    """A refusal says why."""
    if decision == BudgetDecision.REJECT and not words.strip():
        sentence = _("Say why.")
        raise Invalid(sentence, code="reason_given", errors={"words": sentence})


# --- sums in one currency -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """What is planned, approved, committed and paid, in one currency."""

    planned: Decimal = Decimal(0)
    approved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    def __add__(self, other):
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def taxed(self, tax_rate):
        """The same with tax on top."""
        return Figures(*(with_tax(getattr(self, one.name), tax_rate) for one in fields(self)))

    def rounded(self, currency):
        """Half-even to the currency's minor unit: done once, at the end."""
        unit = Decimal(1).scaleb(-minor_digits(currency))
        return Figures(*(getattr(self, one.name).quantize(unit, ROUND_HALF_EVEN) for one in fields(self)))

    @property
    def available(self):
        return self.approved - self.committed

    @property
    def largest(self):
        return max(self.planned, self.approved, self.committed)


def moved(movements, line):
    """[(day, Figures)] of what each movement changed on a line; `movements` are (day, amount, ends)."""
    found = []
    for day, amount, ends in movements:
        change = effects(amount, ends).get(line, {})
        found.append((day, Figures(Decimal(0), *(change.get(name, Decimal(0)) for name in BALANCES))))
    return found
