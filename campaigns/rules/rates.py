"""Rules of exchange rates: reading pasted rows."""

from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.rules import targets
from campaigns.rules.plan import check_currency
from core.errors import Invalid, PharosError, RuleBroken

MOST_ROWS = 2000
LARGEST = Decimal(10) ** 9
SMALLEST = Decimal(1).scaleb(-10)


def check_rate(base, quote, rate):
    """A rate is above zero and between two different currencies."""
    check_currency(base, "base")
    check_currency(quote, "quote")
    if base == quote:
        sentence = _("The two currencies are the same.")
        raise Invalid(sentence, code="same_currency", errors={"quote": sentence})
    if not SMALLEST <= rate <= LARGEST:
        sentence = _("A rate lies above zero and below a thousand million.")
        raise Invalid(sentence, code="rate_range", errors={"rate": sentence})


def parse_rows(text):
    """[(date, base, quote, rate)] of pasted rows of day, from, to, rate; RuleBroken names wrong rows, counted from 1.

    Columns are parted by tabs, or by semicolons or commas; a first row of words is a header.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise RuleBroken(_("That are more than %(most)d rows.") % {"most": MOST_ROWS}, code="rates_wrong")
    if lines and not any(letter.isdigit() for letter in lines[0][1]):
        lines = lines[1:]
    rows, wrong = [], []
    for number, line in lines:
        try:
            rows.append(_row(line))
        except PharosError as error:
            wrong.append(_("Row %(number)d: %(problem)s") % {"number": number, "problem": error})
    if wrong or not rows:
        raise RuleBroken(" ".join(wrong[:5]) or _("There is no rate in it."), code="rates_wrong")
    return rows


def _row(line):
    separator = next((sign for sign in ("\t", ";", ",") if sign in line), None)
    cells = [cell.strip() for cell in line.split(separator)]
    if len(cells) != 4:
        raise Invalid(_("four columns are expected: day, from, to, rate."))
    day, base, quote = cells[0], cells[1].upper(), cells[2].upper()
    rate_and_day = targets.parse_pasted_column(f"{day}\t{cells[3]}")[0]
    rate = rate_and_day[1]
    check_rate(base, quote, rate)
    return rate_and_day[0], base, quote, rate


class Rates:
    """Stated rates of days: what an amount of one currency is in another; without a rate of that day there is none."""

    def __init__(self, rows):
        """`rows` are (day, base, quote, rate)."""
        self.stated = {(day, base, quote): rate for day, base, quote, rate in rows}

    def rate(self, day, base, quote):
        """Units of `quote` for one of `base` on the day; None where nobody stated either direction."""
        if base == quote:
            return Decimal(1)
        direct, inverse = self.stated.get((day, base, quote)), self.stated.get((day, quote, base))
        return direct if direct is not None else 1 / inverse if inverse else None


def missing_rate(day, base, quote):
    """The refusal where an amount would have to be converted without a stated rate."""
    words = {"base": base, "quote": quote, "day": day.isoformat()}
    return RuleBroken(
        _("There is no exchange rate from %(base)s to %(quote)s for %(day)s.") % words, code="rate_missing"
    )
