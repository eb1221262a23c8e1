"""Weeks of a calendar: which days a month or a week shows, and on which line each task lies in its week."""

from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(7)


@dataclass(frozen=True)
class Bar:
    """A task in one week: its first column (1 is Monday), its width in days, its line from 1 on."""

    key: object
    column: int
    span: int
    line: int
    is_begun: bool  # it goes on from the week before
    is_on: bool  # it goes on in the next week


def monday_of(day):
    return day - timedelta(day.weekday())


def mondays(first, last):
    """The Mondays of all weeks that hold a day from first to last."""
    start = monday_of(first)
    return [start + n * WEEK for n in range((last - start).days // 7 + 1)]


def month_of(day):
    """(first, last) day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(32)).replace(day=1) - timedelta(1)


def other_month(day, step):
    """The first day of the month before (-1) or after (1)."""
    first, last = month_of(day)
    return last + timedelta(1) if step > 0 else (first - timedelta(1)).replace(day=1)


def bars(monday: date, tasks, *, lines):
    """(bars, {column: how many do not fit}) of a week; `tasks` are (key, start, finish), what begins first above."""
    sunday = monday + timedelta(6)
    ends, found, hidden = [0] * lines, [], {}
    for key, start, finish in sorted(tasks, key=lambda task: (task[1], -(task[2] - task[1]).days)):
        if start > sunday or finish < monday:
            continue
        first, last = max(start, monday).weekday() + 1, min(finish, sunday).weekday() + 1
        line = next((n for n, end in enumerate(ends) if end < first), None)
        if line is None:
            for column in range(first, last + 1):
                hidden[column] = hidden.get(column, 0) + 1
            continue
        ends[line] = last
        found.append(Bar(key, first, last - first + 1, line + 1, start < monday, finish > sunday))
    return found, hidden
