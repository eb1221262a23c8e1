"""The budget of a campaign as a whole: its lines and their sums in the campaign's currency."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.models.budget import BudgetLine, BudgetMovement
from campaigns.models.notes import ExchangeRate
from campaigns.rules.budget import Figures, moved
from campaigns.rules.rates import Rates

GROUPS = ("category", "phase", "channel")


@dataclass
class Line:
    """A row with its amounts in its own currency and, where every rate is stated, in the campaign's."""

    row: BudgetLine
    own: Figures
    home: Figures | None

    @property
    def place(self):
        """Its channel, phase and organisation in a line."""
        channel = self.row.channel and self.row.channel.label
        return " · ".join(str(each) for each in (channel, self.row.phase, self.row.organization) if each)


@dataclass
class Group:
    """Lines of one phase, channel or category with the sum of those that could be converted."""

    label: str
    lines: list = field(default_factory=list)
    total: Figures = field(default_factory=Figures)


@dataclass
class Budget:
    """All lines; `missing` are the (day, currency) of the rates that were not stated."""

    currency: str
    lines: list
    groups: list
    total: Figures
    missing: list

    @property
    def left_out(self):
        """Lines that are in no sum because a rate is missing."""
        return [line.row for line in self.lines if line.home is None]


def budget_of(actor, campaign, *, by="category", with_tax=False):
    """The Budget of a campaign; sums are rounded once, at the end."""
    rows = list(BudgetLine.objects.visible_to(actor).of(campaign).active().listed())
    homes, missing = _at_home(actor, campaign, rows)
    lines = [_line(row, homes.get(row.pk), with_tax) for row in rows]
    currency = campaign.currency
    groups = _grouped(lines, by)
    for group in groups:
        group.total = _sum(group.lines).rounded(currency)
    return Budget(currency, lines, groups, _sum(lines).rounded(currency), sorted(missing))


def _line(row, home, with_tax):
    own = row.figures
    if with_tax:
        own, home = own.taxed(row.tax_rate), home and home.taxed(row.tax_rate)
    return Line(row, own.rounded(row.currency), home)


def _sum(lines):
    return sum((line.home for line in lines if line.home is not None), Figures())


def _grouped(lines, by):
    found = {}
    for line in lines:
        label = _label(line.row, by)
        found.setdefault(label, Group(label)).lines.append(line)
    return list(found.values())


def _label(row, by):
    if by == "category":
        return capfirst(row.get_category_display())
    thing = getattr(row, by)
    named = {"phase": _("Without a phase"), "channel": _("Without a channel")}
    return named[by] if thing is None else str(getattr(thing, "label", thing))


def _at_home(actor, campaign, rows):
    """({line: Figures in the campaign's currency}, {(day, currency) without a rate}): each movement by its own day."""
    foreign = [row for row in rows if row.currency != campaign.currency]
    found = {row.pk: row.figures for row in rows if row.currency == campaign.currency}
    if not foreign:
        return found, set()
    history, missing = _history(actor, foreign), set()
    rates = _rates(actor, campaign.currency, history)
    for row in foreign:
        total, gaps = Figures(), set()
        for day, figures in history[row.pk]:
            rate = rates.rate(day, row.currency, campaign.currency)
            gaps |= {(day, row.currency)} if rate is None else set()
            total += _times(figures, rate or 0)
        missing |= gaps
        if not gaps:
            found[row.pk] = total
    return found, missing


def _history(actor, lines):
    """{line: [(day, Figures)]}: what was planned on its day, and what each movement changed on its own."""
    keys = [line.pk for line in lines]
    rows = BudgetMovement.objects.visible_to(actor).filter(Q(from_line__in=keys) | Q(to_line__in=keys))
    moves = [(one.date, one.amount, one.ends) for one in rows]
    planned = {line.pk: [(line.planned_date, Figures(line.planned_amount))] for line in lines if line.planned_amount}
    return {key: planned.get(key, []) + [each for each in moved(moves, key) if each[1] != Figures()] for key in keys}


def _rates(actor, currency, history):
    days = {day for of_line in history.values() for day, _figures in of_line}
    rows = ExchangeRate.objects.visible_to(actor).filter(Q(base=currency) | Q(quote=currency), date__in=days)
    return Rates(list(rows.order_by().values_list("date", "base", "quote", "rate")))


def _times(figures, rate):
    return Figures(*(amount * rate for amount in (figures.planned, figures.approved, figures.committed, figures.paid)))
