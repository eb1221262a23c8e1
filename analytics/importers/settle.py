"""What the evidence settles and what remains to be asked: decimal sign, order of day and month, period, currency."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from analytics.importers import dates, numbers, periods
from analytics.importers.names import currency_of
from analytics.importers.reading import Reading, owned
from analytics.importers.survey import stated_period

_COMMA_LANGUAGES = {"fr", "de"}
_DAY_FIRST = {"fr", "de"}


@dataclass(frozen=True)
class Question:
    """Something only a person can answer: a stable code, a sentence, the possible answers and the one suggested."""

    code: str
    text: str
    options: list
    default: object = None

    def as_dict(self):
        """The question as JSON."""
        return {"code": self.code, "text": self.text, "options": self.options, "default": self.default}


class Settled:
    """How each table is to be read, and the open questions."""

    def __init__(self, source, tables, answers):
        self.questions, self.readings, self.date_sources = [], [], []
        self._source, self._answers = source, answers
        if source.doubts:
            text = _("Which encoding does the file have? Choose the one in which its text is readable.")
            self.questions.append(Question("encoding", text, list(source.doubts), source.encoding))
        for table in tables:
            self.readings.append(self._reading(table))
        if any(origin == "ask" for origin in self.date_sources) and any(table.shape.metrics for table in tables):
            self._ask_period(tables)

    def _reading(self, table):
        shape = table.shape
        order, form = self._order(table), self._form(table)
        stated, origin = stated_period(table, self._source.name, order)
        dated = shape.dating not in {"none", "nth_day"}
        period = (stated.first, stated.last) if stated and stated.sure else None
        if not dated and self._answers.period:
            period, origin = self._answers.period, origin or "ask"
        self.date_sources.append(
            "column" if dated or (period and shape.dating == "nth_day") else origin if period else "ask"
        )
        signs = {"¥": "CNY"} if shape.language == "zh" else {}
        currency = self._answers.currency or _stated_currency(shape.preamble)
        return Reading(
            shape, form, order, period, currency, signs, own=owned(shape), is_order_open=self._is_open(table, order)
        )

    def _is_open(self, table, order):
        """Whether days of this table wait for the answer which of day and month comes first."""
        return order is None and bool(table.evidence.orders)

    def _form(self, table):
        """The decimal sign: what the cells prove, else the answer, else the language of the header, else a question."""
        proved = table.evidence.forms & {numbers.POINT, numbers.COMMA}
        if self._answers.number_format:
            return self._answers.number_format
        if len(proved) == 1:
            return next(iter(proved))
        language = table.shape.language
        if language in _COMMA_LANGUAGES and not proved:
            return numbers.COMMA
        foreign = self._source.delimiter == ";" or (self._source.delimiter in {"\t", "|"} and not language)
        unsure = not proved and "either" in table.evidence.forms and foreign
        if unsure or len(proved) == 2:
            text = _("How are decimals written in this file: 1,234.50 (point) or 1.234,50 (comma)?")
            default = numbers.COMMA if self._source.delimiter == ";" else numbers.POINT
            self._ask(Question("number_format", text, [numbers.POINT, numbers.COMMA], default))
            return default
        return numbers.POINT

    def _order(self, table):
        """The order of day and month: answered, proved by rows or period, given by the language, else a question."""
        proved = table.evidence.orders - {"either"}
        tokens = [token for token in periods.slashed(table.shape.preamble) if dates.order_of(token)]
        if self._answers.date_order:
            return self._answers.date_order
        proved |= {dates.order_of(token) for token in tokens} - {"either"}
        if len(proved) == 1:
            return next(iter(proved))
        if not table.evidence.ambiguous and not tokens and not proved:
            return None
        order = None if proved else self._likely_order(table)
        if order is None:
            self._ask_order(table, tokens)
        return order

    def _likely_order(self, table):
        by_language = dates.DMY if table.shape.language in _DAY_FIRST else None
        return self._order_by_period(table) or by_language

    def _ask_order(self, table, tokens):
        text = _("In days such as %(example)s, which comes first: the day (dmy) or the month (mdy)?")
        example = min(table.evidence.ambiguous, default=tokens[0] if tokens else "01/02/2026")
        self._ask(Question("date_order", text % {"example": example}, [dates.DMY, dates.MDY]))

    def _order_by_period(self, table):
        """The one order in which every ambiguous day lies within the stated period; None if both or neither do."""
        stated, _origin = stated_period(table, self._source.name, None)
        if stated is None or not table.evidence.ambiguous:
            return None
        fitting = [
            order
            for order in (dates.DMY, dates.MDY)
            if all(_within(stated, day, order) for day in table.evidence.ambiguous)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _ask(self, question):
        if all(question.code != earlier.code for earlier in self.questions):
            self.questions.append(question)

    def _ask_period(self, tables):
        if self._answers.period:
            return
        stated = periods.in_name(self._source.name)
        default = {"from": stated.first.isoformat(), "to": stated.last.isoformat()} if stated else None
        text = _("Which days do these figures cover? The file does not say it.")
        self._ask(Question("period", text, [], default))

    def ask_currency(self, tables, seen):
        """Ask for the currency of money that states none; suggest the platform's or the bare sign's."""
        layout = next((table.shape.layout for table in tables if table.shape.layout), None)
        suggestion = (layout and layout.currency) or {"$": "USD", "¥": "CNY"}.get(next(iter(seen & {"$", "¥"}), ""))
        options = sorted({"¥": ["CNY", "JPY"]}.get(next(iter(seen & {"¥"}), ""), []))
        self._ask(
            Question(
                "currency",
                _("In which currency is the money in this file? The file does not say it."),
                options,
                suggestion,
            )
        )


def _within(stated, cell, order):
    one: date | None = dates.day(cell, order)
    return one is not None and stated.first <= one <= stated.last


def _stated_currency(preamble):
    """The ISO code in a line above the header such as `Currency: INR` or 货币：人民币."""
    for line in preamble:
        label, _colon, value = line.replace("：", ":").partition(":")
        if label.strip(' "#').casefold() in {"currency", "account currency", "货币", "币种", "devise", "währung"}:
            code = currency_of(value.strip(' ",'))
            return code if code and len(code) == 3 else None
    return None
