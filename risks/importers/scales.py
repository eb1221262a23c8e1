"""Scales of other registers brought to one to five: words, percentages, other numbers, sums of money."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

WORDS = {
    1: "very low, rare, negligible, insignificant, very unlikely, remote, trivial, 极低, 很低, 罕见, 可忽略, 极小",
    2: "low, unlikely, minor, small, 低, 较低, 不太可能, 轻微, 较小",
    3: "medium, moderate, possible, average, 中, 中等, 一般, 可能",
    4: "high, likely, major, serious, significant, 高, 较高, 很可能, 重大, 较大, 严重",
    5: "very high, almost certain, certain, severe, critical, extreme, catastrophic, 极高, 很高, 几乎确定, 必然, "
    "灾难性, 特别严重, 极严重",
}
STEP = {word.strip(): step for step, words in WORDS.items() for word in words.split(",")}
NUMBER = re.compile(r"-?\d[\d,.'\u00a0 ]*")
PERCENT_STEPS = (10, 30, 50, 70)


@dataclass(frozen=True)
class Scale:
    """How a column is read: `kind` words, steps, tenths, share, percent or money; of money the largest figure."""

    kind: str
    largest: Decimal = Decimal(0)

    @property
    def is_mapped(self):
        """Whether what the file says is something else than a step of five."""
        return self.kind != "steps"

    def step(self, text):
        """1 … 5 of a cell; None where it cannot be read."""
        if (word := _word(text)) is not None:
            return word
        number = figure(text)
        return None if number is None else self._of_number(number)

    def _of_number(self, number):
        if self.kind == "money":
            return _order(abs(number), self.largest)
        if self.kind in ("percent", "share"):
            return _of_percent(number * 100 if self.kind == "share" else number)
        if self.kind == "tenths":
            return max(1, -(-int(number) // 2)) if 0 < number <= 10 else None
        return int(number) if number == int(number) and 1 <= number <= 5 else None

    def said(self, title):
        """How it was read, as a sentence."""
        return {
            "words": _("“%(title)s”: words of the file become steps from 1 (very low) to 5 (very high)."),
            "steps": _("“%(title)s”: taken as it is, 1 to 5."),
            "tenths": _("“%(title)s”: a scale up to 10 is halved, rounded up."),
            "share": _("“%(title)s”: shares of one; up to 0.1 is 1, 0.3 is 2, 0.5 is 3, 0.7 is 4, above is 5."),
            "percent": _("“%(title)s”: percentages; up to 10 %% is 1, 30 %% is 2, 50 %% is 3, 70 %% is 4, above is 5."),
            "money": _(
                "“%(title)s”: sums; within a tenth of the largest (%(largest)s) is 5, each factor of ten below it "
                "is one step less."
            ),
        }[self.kind] % {"title": title, "largest": f"{self.largest:,f}"}


def _word(text):
    plain = " ".join(text.lower().replace("_", " ").split())
    return STEP.get(plain)


def figure(text):
    """The number in a text such as "300,000 CHF", "20%" or "-3'150'000"; None without one."""
    found = NUMBER.search(text)
    if not found:
        return None
    digits = re.sub(r"[,'\u00a0 ]", "", found[0]).rstrip(".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def scale_of(columns, is_probability):
    """The Scale of one measure by the cells of all its columns (before and after are read alike)."""
    cells = [cell for cells in columns for cell in cells if cell]
    numbers = [number for cell in cells if _word(cell) is None and (number := figure(cell)) is not None]
    if not numbers:
        return Scale("words")
    largest = max(map(abs, numbers))
    if any("%" in cell for cell in cells):
        return Scale("percent")
    if largest <= 5 and all(number == int(number) and number > 0 for number in numbers):
        return Scale("steps")
    if largest <= 1:
        return Scale("share")
    if largest <= 10:
        return Scale("tenths")
    return Scale("percent") if is_probability and largest <= 100 else Scale("money", largest)


def _of_percent(number):
    if not 0 <= number <= 100:
        return None
    return 1 + sum(1 for most in PERCENT_STEPS if number > most)


def _order(number, largest):
    """5 within a tenth of the largest, one less for each factor of ten below; never under 1."""
    step = 5
    while step > 1 and number * 10 < largest:
        number, step = number * 10, step - 1
    return step
