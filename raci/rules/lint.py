"""What the matrix lacks: findings that block a launch, and advice. Pure: plain values in, findings out.

The right to approve: a person has it who belongs to the workspace, is active and is no viewer there. A function or an
organisation has it if at least one of the persons behind it has. Behind a function stand the campaign's members of
that function, and the people of the organisation that holds it; behind an organisation its people, and the members
who take part for it.

Overload: more than OVERLOAD rows a person is responsible for in one week (Monday to Sunday). A row lies in every week
from its start to its due date; rows that are done do not count. A function's R counts for a person only where nobody
else stands behind the function.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

OVERLOAD = 5  # rows a person may be responsible for in one week
BLOCK, ADVICE = "block", "advice"
BLOCKING = ("no_r", "no_a", "two_a", "a_without_right")
ADVISING = ("nobody_behind", "absent", "overload", "organization_on_money", "different_a", "no_letter")


@dataclass(frozen=True)
class Row:
    """A row that carries letters. `subjects` name the deliverables it is about."""

    id: str
    title: str
    start: date | None = None
    due: date | None = None
    is_about_money: bool = False
    is_done: bool = False
    subjects: frozenset = frozenset()


@dataclass(frozen=True)
class Holder:
    """A column, with the ids of the persons behind it."""

    id: str
    kind: str
    name: str
    people: frozenset = frozenset()


@dataclass(frozen=True)
class Away:
    """Days (both included) on which a person is absent, or on which `delegate` stands in for one."""

    person: str
    first: date
    last: date
    delegate: str = ""

    def holds(self, day):
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Team:
    """The persons of the campaign: names by id, who may approve, absences and delegations."""

    names: dict = field(default_factory=dict)
    approvers: frozenset = frozenset()
    members: tuple = ()  # ids of the campaign's members
    absences: tuple = ()
    delegations: tuple = ()


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `rows` are the rows concerned, the first is linked to; `values` fill the sentence."""

    code: str
    rows: tuple = ()
    holder: str = ""
    person: str = ""
    values: dict = field(default_factory=dict, compare=False)

    @property
    def severity(self):
        return BLOCK if self.code in BLOCKING else ADVICE

    @property
    def row(self):
        return self.rows[0] if self.rows else ""


def lint(rows, holders, letters, team):
    """All findings, those that block first; `letters` is {(row id, holder id): "RA"}."""
    board = Board(rows, holders, letters, team)
    found = [finding for row in rows for finding in board.of_row(row)]
    found += board.overloads() + different_a(rows, board.accountable) + board.without_letter()
    return sorted(found, key=lambda one: (BLOCKING + ADVISING).index(one.code))


def vacuum(rows, letters):
    """Ids of rows where nobody is responsible or nobody answers for it (职责真空)."""
    have = _letters_of(letters)
    return [row.id for row in rows if not {"R", "A"} <= set(have[row.id])]


def overlap(rows, letters):
    """Ids of rows where two answer for it, or where the same deliverable has another A in another row (职责重叠)."""
    accountable = _holders_with(letters, "A")
    twice = {row.id for row in rows if len(accountable[row.id]) > 1}
    twice |= {each for finding in different_a(rows, accountable) for each in finding.rows}
    return [row.id for row in rows if row.id in twice]


def gaps_in(findings):
    """(ids of rows that are a vacuum, ids of those that overlap) by the findings of a whole matrix."""
    vacuum = {row for one in findings if one.code in ("no_r", "no_a") for row in one.rows}
    return vacuum, {row for one in findings if one.code in ("two_a", "different_a") for row in one.rows}


def _letters_of(letters):
    """{row id: all its letters}."""
    found = defaultdict(str)
    for (row, _holder), text in letters.items():
        found[row] += text
    return found


def _holders_with(letters, letter):
    """{row id: [holder ids]} that have a letter."""
    found = defaultdict(list)
    for (row, holder), text in letters.items():
        if letter in text:
            found[row].append(holder)
    return found


def different_a(rows, accountable):
    """Rows about one deliverable of which different holders are accountable."""
    about = defaultdict(list)
    for row in rows:
        for subject in row.subjects:
            about[subject].append(row)
    found = {}
    for same in about.values():
        named = {tuple(sorted(accountable[row.id])) for row in same if accountable[row.id]}
        if len(same) > 1 and len(named) > 1:
            ids = tuple(row.id for row in same)
            found[frozenset(ids)] = Finding("different_a", ids, values={"title": same[0].title})
    return list(found.values())


class Board:
    """The matrix with what several checks ask of it."""

    def __init__(self, rows, holders, letters, team):
        self.rows, self.team, self.letters = rows, team, letters
        self.holders = {holder.id: holder for holder in holders}
        self.responsible = _holders_with(letters, "R")
        self.accountable = _holders_with(letters, "A")

    def of_row(self, row):
        """What one row lacks or should be looked at for."""
        responsible, accountable = self.responsible[row.id], self.accountable[row.id]
        where = (row.id,)
        if not responsible:
            yield Finding("no_r", where, values={"title": row.title})
        if not accountable:
            yield Finding("no_a", where, values={"title": row.title})
        if len(accountable) > 1:
            names = [self.holders[each].name for each in accountable]
            yield Finding("two_a", where, values={"title": row.title, "names": names})
        for each in accountable:
            yield from self._of_accountable(row, self.holders[each])
        for each in dict.fromkeys([*responsible, *accountable]):
            yield from self._of_doer(row, self.holders[each], is_accountable=each in accountable)

    def _of_accountable(self, row, holder):
        words = {"title": row.title, "name": holder.name}
        if not holder.people & self.team.approvers:
            yield Finding("a_without_right", (row.id,), holder.id, values=words)
        if row.is_about_money and holder.kind == "organization":
            yield Finding("organization_on_money", (row.id,), holder.id, values=words)

    def _of_doer(self, row, holder, *, is_accountable):
        words = {"title": row.title, "name": holder.name}
        if not holder.people:
            if not is_accountable:  # there it blocks already: nobody has the right
                yield Finding("nobody_behind", (row.id,), holder.id, values=words)
        elif row.due and not row.is_done and all(self.is_away(each, row.due) for each in holder.people):
            yield Finding("absent", (row.id,), holder.id, values=words | {"day": row.due.isoformat()})

    def is_away(self, person, day):
        """Absent on a day, and nobody who is there stands in."""
        if not self._is_absent(person, day):
            return False
        stand_ins = [one.delegate for one in self.team.delegations if one.person == person and one.holds(day)]
        return all(self._is_absent(each, day) for each in stand_ins)

    def _is_absent(self, person, day):
        return any(one.person == person and one.holds(day) for one in self.team.absences)

    def overloads(self):
        """Persons who are responsible for more than OVERLOAD rows in their fullest week."""
        weeks = defaultdict(list)
        for row in self.rows:
            for person in self._bearers(row) if row.due and not row.is_done else ():
                for monday in _weeks(row.start or row.due, row.due):
                    weeks[person, monday].append(row.id)
        fullest = {}
        for (person, monday), ids in sorted(weeks.items(), key=lambda item: item[0][1]):
            if len(ids) > OVERLOAD and len(ids) > len(fullest.get(person, (None, ()))[1]):
                fullest[person] = (monday, ids)
        return [
            Finding(
                "overload",
                tuple(ids),
                person=person,
                values={"name": self.team.names.get(person, ""), "count": len(ids), "day": monday.isoformat()},
            )
            for person, (monday, ids) in fullest.items()
        ]

    def _bearers(self, row):
        """The persons a row rests on: the person of the column, or the only one behind a function."""
        found = set()
        for each in self.responsible[row.id]:
            holder = self.holders[each]
            if holder.kind == "person" or (holder.kind == "function" and len(holder.people) == 1):
                found |= holder.people
        return found

    def without_letter(self):
        """Members of the campaign who stand behind no column that has a letter."""
        used = {holder for (_row, holder), text in self.letters.items() if text}
        busy = frozenset().union(*(self.holders[each].people for each in used if each in self.holders))
        idle = Counter(each for each in self.team.members if each not in busy)
        return [Finding("no_letter", person=each, values={"name": self.team.names.get(each, "")}) for each in idle]


def _weeks(first, last):
    """The Mondays of the weeks from one day to another."""
    monday = min(first, last) - timedelta(days=min(first, last).weekday())
    while monday <= last:
        yield monday
        monday += timedelta(days=7)
