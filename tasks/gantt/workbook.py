"""The work plan as a workbook: a sheet of figures, and one on which cells are the bars. Text is only ever text."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

LONGEST = 400  # columns of days; longer plans are painted by weeks
HEAD, LINE, GROUP, OFF = "#E8ECFB", "#C9C9C3", "#F0F0ED", "#F3EEE3"
BAR, DONE, CRITICAL, MILESTONE, LATE, BASE = "#B9C0F2", "#3F4FD9", "#1B1C1E", "#7A3FB0", "#C22F35", "#A3A6AB"
DATE = "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    label: str
    read: object
    width: int
    number: str = ""


def columns(states, baseline):
    """The columns of figures; those of a baseline only where there is one."""
    found = [
        Column(_("No."), lambda line: line.number, 6, "0"),
        Column(_("WBS"), lambda line: line.wbs, 9),
        Column(_("Task"), lambda line: "  " * line.depth + line.title, 44),
        Column(_("State"), lambda line: states.get(line.state, ""), 12),
        Column(_("Assignees"), lambda line: ", ".join(line.people), 20),
        Column(_("Start"), lambda line: line.start, 11, DATE),
        Column(_("Finish"), lambda line: line.finish, 11, DATE),
        Column(pgettext("column", "Days"), lambda line: line.duration, 7, "0"),
        Column(_("Progress (%)"), lambda line: line.progress, 9, "0"),
        Column(_("Total float"), lambda line: line.total_float, 9, "0"),
        Column(_("Free float"), lambda line: line.free_float, 9, "0"),
        Column(_("Predecessors"), lambda line: line.predecessors, 18),
        Column(_("Projected finish"), lambda line: line.projected, 11, DATE),
        Column(_("Deadline"), lambda line: line.deadline, 11, DATE),
        Column(_("Effort (hours)"), lambda line: line.effort, 9, "0.##"),
        Column(_("Channel"), lambda line: line.channel, 12),
        Column(_("Organisation"), lambda line: line.organization, 16),
    ]
    if baseline:
        found += [
            Column(_("Start in “%(name)s”") % {"name": baseline}, lambda line: (line.baseline or (None,))[0], 13, DATE),
            Column(
                _("Finish in “%(name)s”") % {"name": baseline}, lambda line: (line.baseline or (0, None))[1], 13, DATE
            ),
            Column(_("Later by (days)"), lambda line: line.slip, 9, "0"),
        ]
    return found


class Workbook:
    """Both sheets; `write()` gives the bytes."""

    def __init__(self, lines, titles, states, today, is_off, baseline):
        self.lines, self.today, self.is_off = lines, today, is_off
        self.columns = columns(states, baseline)
        self.out = io.BytesIO()
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.out, {"in_memory": True, **plain})
        self.figures, self.chart = (self.book.add_worksheet(title) for title in titles)
        self.formats = {}

    def look(self, **values):
        """A cell format, made once."""
        key = tuple(sorted(values.items()))
        if key not in self.formats:
            base = {"valign": "vcenter", "font_size": 10, "border": 1, "border_color": LINE}
            self.formats[key] = self.book.add_format(base | values)
        return self.formats[key]

    def write(self):
        self.write_figures()
        self.write_chart()
        self.book.close()
        return self.out.getvalue()

    # --- figures ---

    def write_figures(self):
        sheet, head = self.figures, self.look(bold=True, bg_color=HEAD, text_wrap=True)
        for x, column in enumerate(self.columns):
            sheet.write_string(0, x, column.label, head)
            sheet.set_column(x, x, column.width)
        for y, line in enumerate(self.lines, 1):
            look = {"bold": True, "bg_color": GROUP} if line.is_group else {}
            for x, column in enumerate(self.columns):
                put(sheet, y, x, column.read(line), self.look(**look, **number(column)))
            sheet.set_row(y, None, None, {"level": min(line.depth, 7)})
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(1, len(self.lines)), len(self.columns) - 1)
        for_print(sheet)

    # --- the chart of cells ---

    def write_chart(self):
        sheet = self.chart
        days = self.days()
        step = 1 if len(days) <= LONGEST else 7
        cells = days[::step]
        self.write_days(cells, step)
        for y, line in enumerate(self.lines, 2):
            look = {"bold": True, "bg_color": GROUP} if line.is_group else {}
            sheet.write_string(y, 0, line.wbs, self.look(**look))
            sheet.write_string(y, 1, ("  " * line.depth + line.title)[:32_767], self.look(**look))
            for x, day in enumerate(cells, 2):
                self.paint(y, x, line, day, day + timedelta(days=step - 1))
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 40)
        sheet.set_column(2, len(cells) + 1, 2.6 if step == 1 else 3.2)
        sheet.freeze_panes(2, 2)
        for_print(sheet)

    def days(self):
        """Every day from the Monday before the first bar to the end of the last."""
        known = [line for line in self.lines if line.start and line.finish]
        first = min((line.start for line in known), default=self.today)
        last = max((line.projected or line.finish for line in known), default=self.today)
        first -= timedelta(days=first.weekday())
        return [first + timedelta(days=n) for n in range((max(last, first) - first).days + 1)]

    def write_days(self, cells, step):
        sheet, head = self.chart, self.look(bold=True, bg_color=HEAD)
        sheet.write_string(1, 0, _("WBS"), head)
        sheet.write_string(1, 1, _("Task"), head)
        month = None
        for x, day in enumerate(cells, 2):
            if (day.year, day.month) != month:
                sheet.write_string(0, x, f"{day:%Y-%m}", self.book.add_format({"bold": True, "font_size": 10}))
                month = day.year, day.month
            colour = (
                BAR
                if day <= self.today < day + timedelta(days=step)
                else OFF
                if step == 1 and self.is_off(day)
                else HEAD
            )
            look = self.look(num_format="d", align="center", font_size=8, bg_color=colour)
            sheet.write_datetime(1, x, datetime(day.year, day.month, day.day), look)

    def paint(self, y, x, line, first, last):
        """One cell: bar, done part, milestone, baseline edge, day off."""
        colour, mark, look = self.colour_of(line, first, last)
        if line.baseline and all(line.baseline) and line.baseline[0] <= last and first <= line.baseline[1]:
            look |= {"bottom": 5, "bottom_color": BASE}
        if colour is None and first == last and self.is_off(first):
            colour = OFF
        if not (colour or mark or look):
            return
        if colour:
            look |= {"bg_color": colour}
        self.chart.write_string(y, x, mark, self.look(align="center", font_size=9, **look))

    def colour_of(self, line, first, last):
        """(fill, character, further look) of a line's cell."""
        if not line.start or not line.finish:
            return None, "", {}
        if line.is_milestone:
            return (None, "◆", {"font_color": MILESTONE}) if first <= line.start <= last else (None, "", {})
        if first <= line.finish and line.start <= last:
            return "#8D8F8A" if line.is_group or line.is_summary else self.fill_of(line, first), "", edge_of(line)
        if line.projected and line.finish < first <= line.projected and line.state not in ("done", "cancelled"):
            return None, "▒", {"font_color": LATE}
        return None, "", {}

    def fill_of(self, line, first):
        """Whether the bar is done at a day."""
        share = (first - line.start).days / max(1, (line.finish - line.start).days + 1) * 100
        return DONE if share < line.progress else BAR


def edge_of(line):
    """The frame of a critical task's bar."""
    if line.is_group or line.is_summary or not line.is_critical:
        return {}
    return {"top": 2, "bottom": 2, "top_color": CRITICAL, "bottom_color": CRITICAL}


def number(column):
    return {"num_format": column.number} if column.number else {}


def put(sheet, y, x, value, look):
    """A typed cell; text is text whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(y, x, None, look)
    elif isinstance(value, date):
        sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), look)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(y, x, float(value), look)
    else:
        sheet.write_string(y, x, str(value)[:32_767], look)


def for_print(sheet):
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.repeat_rows(0, 1)
    sheet.fit_to_pages(1, 0)


def workbook(lines, *, titles, states, today, is_off, baseline=""):
    """The bytes of the workbook of Lines."""
    return Workbook(lines, titles, states, today, is_off, baseline).write()
