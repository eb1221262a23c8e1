"""Where days lie on a strip of time: percent of its width, as text that no locale changes."""

from dataclasses import dataclass
from datetime import date, timedelta

TICKS = 6
SHOWN_WORDS = 22  # characters of a mark's words
MOST_LANES = 6


@dataclass(frozen=True)
class Span:
    """The days a strip shows, both ends included."""

    first: date
    last: date

    @property
    def days(self):
        return (self.last - self.first).days + 1

    def at(self, day):
        """Where a day begins: "0.00" … "100.00"; days outside lie at the edge."""
        return _percent((day - self.first).days / self.days)

    def width(self, start, finish):
        """How wide the days start … finish are, cut to the strip; at least what can be seen."""
        shown = (min(finish, self.last) - max(start, self.first)).days + 1
        return _percent(max(shown / self.days, 0.008))

    def holds(self, start, finish=None):
        """Whether any of the days is on the strip."""
        return start <= self.last and (finish or start) >= self.first

    def ticks(self):
        """At most TICKS days to write on the axis, evenly apart."""
        step = max(1, -(-self.days // TICKS))
        return [(self.at(day), day) for n in range(0, self.days, step) for day in (self.first + timedelta(n),)]


def span_of(start, finish, others):
    """The campaign's days, widened by whatever lies outside: `others` are (start, finish) pairs."""
    days = [start, finish, *(day for pair in others for day in pair)]
    return Span(min(days), max(days))


def week_of(start, finish, today):
    """(week, weeks) of a campaign on a day; week 0 before it starts, the last one after its end."""
    weeks = ((finish - start).days + 7) // 7
    if today < start:
        return 0, weeks
    return min((today - start).days // 7 + 1, weeks), weeks


def words_width(text):
    """About how many percent of the strip a mark's words take: a Chinese character is as wide as two letters."""
    shown = text[:SHOWN_WORDS]
    return 2 + 1.1 * (len(shown) + sum(character > "\u2e80" for character in shown))


def lanes(marks):
    """`[(line, whether its words stand at its left)]` of marks in time, each (place, width) in percent: the first
    line where its words meet no others, on either side of it; the last line when all are taken."""
    ends, found = [], []
    for place, width in marks:
        lane, is_left = _free_lane(ends, place, width)
        end = place + 1 if is_left else place + width
        ends[lane : lane + 1] = [end]
        found.append((lane, is_left))
    return found


def _free_lane(ends, place, width):
    sides = [is_left for is_left in (False, True) if (place - width >= 0 if is_left else place + width <= 100)]
    for number, taken in enumerate([*ends, 0]):
        for is_left in sides:
            if taken <= (place - width if is_left else place - 1) or not taken:
                return min(number, MOST_LANES - 1), is_left
    return 0, False


def _percent(share):
    return f"{min(max(share, 0), 1) * 100:.2f}"
