"""The work plan drawn for print: sheets of rows, each with its stretch of the chart, as plain coordinates for SVG."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

ROW, HEAD, ROWS = 22, 44, 42  # pixels a row and the head; rows a sheet
WIDTH, NAMES, DATES = 1512, 330, 150  # A3 across at 96 dpi, without its margins
MOST = 2000  # lines drawn; a longer plan is filtered or taken as a workbook
EM = 11  # size of the text


@dataclass
class Mark:
    """Something at a place: a rectangle, a text, a diamond."""

    x: float
    y: float
    width: float = 0
    text: str = ""
    look: str = ""
    done: float = 0


@dataclass
class Row:
    y: float
    line: object
    title: str
    indent: int
    bar: Mark | None = None
    base: Mark | None = None
    tail: Mark | None = None
    deadline: Mark | None = None

    @property
    def text_y(self):
        return self.y + 15


@dataclass
class Sheet:
    """One sheet of paper."""

    number: int
    rows: list
    arrows: list = field(default_factory=list)  # (points, is late)

    @property
    def height(self):
        return HEAD + len(self.rows) * ROW

    @property
    def depth(self):
        """How far down the chart goes."""
        return len(self.rows) * ROW


class Chart:
    """Sheets of the lines of a plan over all its days."""

    width, names, dates, head, row = WIDTH, NAMES, DATES, HEAD, ROW

    def __init__(self, lines, links, *, today, is_off):
        self.lines, self.links, self.today_date, self.is_off = lines[:MOST], links, today, is_off
        self.left_out = max(0, len(lines) - MOST)
        known = [line for line in self.lines if line.start and line.finish]
        self.first = min((line.start for line in known), default=today) - timedelta(days=3)
        last = max((max(line.finish, line.projected or line.finish) for line in known), default=today)
        self.days = (last - self.first).days + 10
        self.px = (WIDTH - NAMES - DATES) / self.days

    def x(self, day):
        return round(NAMES + DATES + (day - self.first).days * self.px, 1)

    def length(self, first, last):
        return round(max(2.5, ((last - first).days + 1) * self.px), 1)

    @property
    def today(self):
        is_inside = self.first <= self.today_date < self.first + timedelta(days=self.days)
        return round(self.x(self.today_date) + self.px / 2, 1) if is_inside else None

    @cached_property
    def sheets(self):
        found = []
        for n, start in enumerate(range(0, len(self.lines), ROWS), 1):
            rows = [self._row(line, HEAD + k * ROW) for k, line in enumerate(self.lines[start : start + ROWS])]
            found.append(Sheet(n, rows, self._arrows(rows)))
        return found

    @cached_property
    def months(self):
        """Marks of the months: the place of the first day, the room until the next, the words."""
        found, day = [], self.first.replace(day=1)
        while day < self.first + timedelta(days=self.days):
            following = (day + timedelta(days=32)).replace(day=1)
            x = max(self.x(day), NAMES + DATES)
            room = min(self.x(following), WIDTH) - x
            if room > 34:
                found.append(Mark(x, 0, room, f"{day:%Y-%m}"))
            day = following
        return found

    @cached_property
    def weeks(self):
        if self.px < 2.2:
            return []
        first = self.first + timedelta(days=-self.first.weekday() % 7)
        return [
            Mark(self.x(day), 0, text=str(day.day))
            for n in range(self.days // 7 + 1)
            if (day := first + timedelta(days=7 * n))
        ]

    @cached_property
    def off(self):
        if self.px < 1.5:
            return []
        days = (self.first + timedelta(days=n) for n in range(self.days))
        return [Mark(self.x(day), HEAD, round(self.px, 2)) for day in days if self.is_off(day)]

    def _row(self, line, y):
        row = Row(y, line, cut(line.title, (NAMES - 66 - line.depth * 12) / EM), 56 + line.depth * 12)
        if not (line.start and line.finish):
            return row
        width = self.length(line.start, line.finish)
        row.bar = Mark(self.x(line.start), y, width, look=look_of(line), done=round(width * line.progress / 100, 1))
        if line.is_milestone:
            row.bar.x = round(self.x(line.start) + self.px / 2, 1)
        if line.baseline and all(line.baseline):
            row.base = Mark(self.x(line.baseline[0]), y + 18, self.length(*line.baseline))
        is_open = line.state not in ("done", "cancelled")
        if line.projected and line.projected > line.finish and is_open and not line.is_group:
            row.tail = Mark(
                self.x(line.finish + timedelta(days=1)), y + 6, self.length(line.finish, line.projected) - self.px
            )
        if line.deadline and is_open:
            row.deadline = Mark(round(self.x(line.deadline) + self.px, 1), y + 3)
        return row

    def _arrows(self, rows):
        """Links between two rows of the same sheet."""
        at = {row.line.key: row for row in rows if row.bar and row.line.key and not row.line.is_group}
        found = []
        for before, after, kind, _lag, late in self.links:
            if before in at and after in at:
                found.append((_points(at[before], at[after], kind), late == "1"))
        return found


def _points(before, after, kind):
    """Out of one bar, down between the rows, into the other."""
    a = before.bar.x + (before.bar.width if kind[0] == "F" and not before.line.is_milestone else 0)
    b = after.bar.x + (after.bar.width if kind[1] == "F" and not after.line.is_milestone else 0)
    out, into = (5 if kind[0] == "F" else -5), (-6 if kind[1] == "S" else 6)
    y1, y2 = before.y + ROW / 2, after.y + ROW / 2
    lane = y2 - (ROW / 2 if y2 > y1 else -ROW / 2)
    points = [(a, y1), (a + out, y1), (a + out, lane), (b + into, lane), (b + into, y2), (b, y2)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def look_of(line):
    """The look of a line's bar."""
    if line.is_group:
        return "group"
    if line.is_milestone:
        return "point"
    if line.is_summary:
        return "summary"
    if line.state in ("done", "cancelled", "blocked"):
        return line.state
    return "late" if line.deadline and line.projected and line.projected > line.deadline else "plain"


def cut(text, ems):
    """The text as far as it fits: a Chinese character is as wide as the text is high, others about half of it."""
    room = ems
    for n, letter in enumerate(text):
        room -= 1 if ord(letter) > 0x2E80 else 0.56
        if room < 1 and n < len(text) - 1:
            return f"{text[:n]}…"
    return text
