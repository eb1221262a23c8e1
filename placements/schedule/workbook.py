"""The media schedule as a workbook: fixed head, merged months, frozen panes, tinted weekends, totals as formulas."""

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from placements.schedule.days import is_weekend, months

HEAD_ROWS = 2
FROZEN = 4  # columns that stay: code, channel, platform, name
WEEKEND, HEAD, LINE, FOOT = "#F3EEE3", "#E8ECFB", "#C9C9C3", "#F0F0ED"
MONEY, DATE = "#,##0.00", "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    """A column before the days: its head, the key in `Line.words`, width and number format ("" = text)."""

    label: str
    key: str
    width: int
    number: str = ""


def columns():
    """The columns of a media schedule in the language at hand, in the order planners know."""
    return [
        Column(_("Code"), "code", 16),
        Column(_("Media channel"), "channel", 12),
        Column(_("Platform"), "platform", 14),
        Column(_("Placement"), "name", 26),
        Column(_("Ad format / position"), "position", 22),
        Column(_("Buying model"), "buying_model", 10),
        Column(_("State"), "state", 10),
        Column(_("Start date"), "first_day", 11, DATE),
        Column(_("End date"), "last_day", 11, DATE),
        Column(_("Flights"), "flights", 24),
        Column(_("Day-parting"), "day_parting", 14),
        Column(_("Target audience"), "targeting", 24),
        Column(_("KPI"), "kpis", 20),
        Column(_("Currency"), "currency", 8),
        Column(_("List price"), "list_price", 12, MONEY),
        Column(_("Discount %"), "discount", 9, "0.###"),
        Column(_("Net price"), "net_price", 12, MONEY),
        Column(_("Rebate %"), "rebate", 9, "0.###"),
        Column(_("Bonus"), "bonus", 14),
        Column(_("Tax %"), "tax_rate", 8, "0.###"),
        Column(_("Daily cap"), "daily_cap", 11, MONEY),
        Column(_("Landing page"), "landing_url", 24),
        Column(_("Monitoring code"), "monitoring_code", 20),
        Column(_("Note"), "note", 20),
        Column(_("Budget"), "budget", 13, MONEY),
    ]


class Workbook:
    """One sheet of Lines over days; `write()` gives the bytes."""

    def __init__(self, lines, days, title):
        self.lines, self.days, self.columns = lines, days, columns()
        self.out = io.BytesIO()
        settings = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self.out, settings)
        self.sheet = self.book.add_worksheet(title)
        self.first_day = len(self.columns)
        self.total_column = self.first_day + len(days)
        self.formats = {}

    def look(self, **values):
        """A cell format, made once."""
        key = tuple(sorted(values.items()))
        if key not in self.formats:
            base = {"valign": "vcenter", "border": 1, "border_color": LINE, "font_size": 10}
            self.formats[key] = self.book.add_format(base | values)
        return self.formats[key]

    def write(self):
        self.write_head()
        for number, line in enumerate(self.lines):
            self.write_line(HEAD_ROWS + number, line)
        self.write_foot()
        self.sheet.freeze_panes(HEAD_ROWS, FROZEN)
        self.sheet.set_landscape()
        self.sheet.repeat_rows(0, HEAD_ROWS - 1)
        self.sheet.fit_to_pages(1, 0)
        self.book.close()
        return self.out.getvalue()

    def write_head(self):
        head = self.look(bold=True, bg_color=HEAD, align="center", text_wrap=True)
        for x, column in enumerate(self.columns):
            self.sheet.merge_range(0, x, 1, x, column.label, head)
            self.sheet.set_column(x, x, column.width)
        x = self.first_day
        for first, length in months(self.days):
            self.month(x, length, first, head)
            x += length
        for n, day in enumerate(self.days):
            look = self.look(num_format="d", align="center", bold=True, bg_color=WEEKEND if is_weekend(day) else HEAD)
            self.sheet.write_datetime(1, self.first_day + n, datetime(day.year, day.month, day.day), look)
        self.sheet.set_column(self.first_day, self.total_column - 1, 9)
        self.sheet.merge_range(0, self.total_column, 1, self.total_column, _("Total"), head)
        self.sheet.merge_range(0, self.total_column + 1, 1, self.total_column + 1, _("Left of the budget"), head)
        self.sheet.set_column(self.total_column, self.total_column + 1, 14)

    def month(self, x, length, first, look):
        """The month above its days: merged where there are several."""
        label = f"{first:%Y-%m}"
        if length > 1:
            self.sheet.merge_range(0, x, 0, x + length - 1, label, look)
        else:
            self.sheet.write_string(0, x, label, look)

    def write_line(self, y, line):
        for x, column in enumerate(self.columns):
            self.put(y, x, line.words.get(column.key), column.number)
        for n, day in enumerate(self.days):
            look = self.day_look(day)
            value = line.figures.get(day)
            x = self.first_day + n
            self.sheet.write_number(y, x, float(value), look) if value is not None else self.sheet.write_blank(
                y, x, None, look
            )
        total = sum((line.figures.get(day, Decimal(0)) for day in self.days), Decimal(0))
        span = f"{xl_rowcol_to_cell(y, self.first_day)}:{xl_rowcol_to_cell(y, self.total_column - 1)}"
        self.formula(y, self.total_column, f"=SUM({span})", total)
        self.write_rest(y, line.budget, total)

    def write_rest(self, y, budget, total):
        if budget is None:
            self.sheet.write_blank(y, self.total_column + 1, None, self.look(num_format=MONEY))
            return
        cells = xl_rowcol_to_cell(y, self.first_day - 1), xl_rowcol_to_cell(y, self.total_column)
        self.formula(y, self.total_column + 1, f"={cells[0]}-{cells[1]}", budget - total)

    def write_foot(self):
        """A row of totals per currency; formulas carry their result for readers that do not calculate."""
        last = HEAD_ROWS + len(self.lines) - 1
        currencies = list(dict.fromkeys(line.currency for line in self.lines))
        for n, currency in enumerate(currencies):
            y = last + 1 + n
            label = self.look(bold=True, bg_color=FOOT)
            self.sheet.merge_range(y, 0, y, self.first_day - 2, f"{_('Total')} {currency}", label)
            for x in range(self.first_day - 1, self.total_column + 2):
                if x <= self.total_column or any(line.budget is not None for line in self.lines):
                    self.sum_of_column(y, x, last, currency if len(currencies) > 1 else "")

    def sum_of_column(self, y, x, last, currency):
        column = xl_col_to_name(x)
        span = f"{column}{HEAD_ROWS + 1}:{column}{last + 1}"
        where = xl_col_to_name([each.key for each in self.columns].index("currency"))
        formula = f"=SUM({span})"
        if currency:
            formula = f'=SUMIF(${where}${HEAD_ROWS + 1}:${where}${last + 1},"{currency}",{span})'
        lines = [line for line in self.lines if not currency or line.currency == currency]
        self.formula(y, x, formula, sum((self.figure(line, x) for line in lines), Decimal(0)), bold=True, bg_color=FOOT)

    def figure(self, line, x):
        """What stands in a line's column of figures."""
        if x == self.first_day - 1:
            return line.budget or Decimal(0)
        if x < self.total_column:
            return line.figures.get(self.days[x - self.first_day]) or Decimal(0)
        total = sum((line.figures.get(day, Decimal(0)) for day in self.days), Decimal(0))
        if x == self.total_column:
            return total
        return Decimal(0) if line.budget is None else line.budget - total

    def formula(self, y, x, formula, value, **look):
        self.sheet.write_formula(y, x, formula, self.look(num_format=MONEY, **look), float(value))

    def day_look(self, day):
        tint = {"bg_color": WEEKEND} if is_weekend(day) else {}
        return self.look(num_format="#,##0.##", **tint)

    def put(self, y, x, value, number):
        """A typed cell; text is text whatever it begins with."""
        if value is None or value == "":
            self.sheet.write_blank(y, x, None, self.look())
        elif number == DATE:
            self.sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), self.look(num_format=DATE))
        elif number:
            self.sheet.write_number(y, x, float(value), self.look(num_format=number))
        else:
            self.sheet.write_string(y, x, str(value)[:32_767], self.look())


def workbook(lines, days, title):
    """The bytes of the workbook of Lines (their `words` filled) over a run of days."""
    return Workbook(lines, days, title).write()
