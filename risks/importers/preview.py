"""What a sheet would become: one row a line, with its values, what is kept in the notes, and what cannot be read."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.errors import Invalid
from risks.importers.columns import TARGETS, class_of, guess, normal, state_of
from risks.importers.scales import scale_of

PAIRS = (("probability", "probability_after"), ("impact", "impact_after"))
SCALED = tuple(name for pair in PAIRS for name in pair)
LONGEST = {"title": 200, "code": 40}
SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")


@dataclass
class Row:
    """A line of the file as a risk: values, notes, and faults {title of the column: sentence}."""

    number: int
    values: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """`targets` of the columns, the rows, how scales were read, titles kept in the notes and left out."""

    titles: tuple
    targets: tuple
    rows: list
    scales: list
    kept: list
    skipped: list

    @property
    def faulty(self):
        return [row for row in self.rows if row.faults]

    @property
    def sound(self):
        return [row for row in self.rows if not row.faults]


def preview(sheet, *, targets=None, people=None, codes=()):
    """The Preview of a sheet. `people` is {name or address in lower case: id}, `codes` those in use already."""
    targets = check_targets(sheet, targets or guess(sheet.titles))
    reader = _Reader(sheet, targets, people or {}, codes)
    rows = [reader.row(number, cells) for number, cells in sheet.lines]
    return Preview(
        sheet.titles,
        targets,
        rows,
        reader.scales_said(),
        [title for title, target in zip(sheet.titles, targets, strict=True) if target == "notes"],
        [title for title, target in zip(sheet.titles, targets, strict=True) if target == "skip"],
    )


def check_targets(sheet, targets):
    """One target a column, each but notes and skip once, and something to be called by."""
    targets = tuple(targets)
    if len(targets) != len(sheet.titles) or set(targets) - set(TARGETS):
        raise Invalid(_("Say of each column what it means."), code="columns")
    single = [target for target in targets if target not in ("notes", "skip")]
    if twice := next((target for target in single if single.count(target) > 1), None):
        raise Invalid(_("Two columns are “%(target)s”.") % {"target": TARGETS[twice]}, code="columns")
    if not {"title", "description"} & set(single):
        raise Invalid(_("Say which column holds the title or the description."), code="columns")
    return targets


class _Reader:
    def __init__(self, sheet, targets, people, codes):
        self.sheet, self.targets, self.people = sheet, targets, people
        self.taken = set(codes)
        self.place = {target: at for at, target in enumerate(targets) if target not in ("notes", "skip")}
        self.scales = {}
        for pair in PAIRS:
            columns = [self._cells(name) for name in pair if name in self.place]
            scale = scale_of(columns, pair[0] == "probability") if columns else None
            self.scales |= dict.fromkeys((name for name in pair if name in self.place), scale)

    def _cells(self, target):
        at = self.place[target]
        return [cells[at] for _number, cells in self.sheet.lines]

    def scales_said(self):
        said = [scale.said(self.sheet.titles[self.place[name]]) for name, scale in self.scales.items()]
        missing = [str(TARGETS[name]) for name in ("probability", "impact") if name not in self.place]
        if missing:
            said.append(_("No column says %(names)s: 3 is taken.") % {"names": ", ".join(missing)})
        return said

    def row(self, number, cells):
        row = Row(number)
        for title, target, text in zip(self.sheet.titles, self.targets, cells, strict=True):
            if text and target == "notes":
                row.notes.append(f"{title}: {text}")
            elif text and target != "skip":
                self._take(row, title, target, text)
        self._name(row)
        self._code(row)
        self._pair(row)
        return row

    def _take(self, row, title, target, text):
        if target in SCALED:
            self._scale(row, title, target, text)
        elif target in ("risk_class", "state"):
            found = class_of(text) if target == "risk_class" else state_of(text)
            row.values |= {target: found} if found else {}
            if normal(text).replace(" ", "_") != found:
                row.notes.append(f"{title}: {text}")
        elif target in ("owner", "deputy"):
            self._person(row, title, target, text)
        elif target == "review_date":
            self._day(row, title, text)
        else:
            row.values[target] = text

    def _scale(self, row, title, target, text):
        step = self.scales[target].step(text)
        if step is None:
            row.faults[title] = _("“%(text)s” is no step of this scale.") % {"text": text[:60]}
            return
        row.values[target] = step
        if self.scales[target].is_mapped:
            row.notes.append(f"{title}: {text}")

    def _person(self, row, title, target, text):
        found = self.people.get(text.strip().lower())
        row.values |= {target: found} if found else {}
        if not found:
            row.notes.append(f"{title}: {text}")

    def _day(self, row, title, text):
        found = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?(?:[\sT].*)?", text)
        try:
            row.values["review_date"] = date(*map(int, found.groups()))
        except (AttributeError, ValueError):
            row.faults[title] = _("Write the day as 2026-11-23, not “%(text)s”.") % {"text": text[:40]}

    def _name(self, row):
        """A long title is also the description; without a title the first sentence of the description is it."""
        title, description = row.values.get("title", ""), row.values.get("description", "")
        if not title and not description:
            row.faults[self._titled("title", "description")] = _("The row says no risk.")
            return
        if not title:
            title = SENTENCE.split(description, maxsplit=1)[0]
            description = "" if title == description and len(title) <= LONGEST["title"] else description
        if len(title) > LONGEST["title"]:
            description, title = description or title, f"{title[: LONGEST['title'] - 2]} …"
        row.values |= {"title": title, "description": description}

    def _titled(self, *targets):
        return next(self.sheet.titles[self.place[target]] for target in targets if target in self.place)

    def _code(self, row):
        code = row.values.get("code", "")
        if not code:
            row.values.pop("code", None)
        elif len(code) > LONGEST["code"]:
            row.faults[self._titled("code")] = _("A code has at most 40 characters.")
        elif code in self.taken:
            row.faults[self._titled("code")] = _("There is a risk %(code)s already.") % {"code": code}
        self.taken.add(code)

    def _pair(self, row):
        """What is left after the response is known in both measures or not at all."""
        known = [name for name in ("probability_after", "impact_after") if name in row.values]
        if len(known) == 1:
            other = "impact" if known[0] == "probability_after" else "probability"
            row.values[f"{other}_after"] = row.values.get(other, 3)
