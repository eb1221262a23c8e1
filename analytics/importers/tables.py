"""Where the tables of a sheet are: preamble, header, rows, notes. A file may hold several tables."""

from collections import deque
from typing import NamedTuple

from analytics.importers import dates, numbers
from analytics.importers.names import recognised

WINDOW = 60  # rows in which a header is looked for


class Row(NamedTuple):
    """One row of the file: kind header | row | note, its line, its cells; `preamble` is set on a header only."""

    kind: str
    line: int
    cells: list
    preamble: tuple = ()


def split(rows):
    """Yield the Rows of a sheet, given (line, cells) pairs, without blank rows, comments and repeated headers."""
    waiting = deque()
    source = _Again(rows, waiting)
    while True:
        header = yield from _find_header(source)
        if header is None:
            return
        yield from _body(source, header)


class _Again:
    """An iterator whose rows can be put back."""

    def __init__(self, rows, waiting):
        self._rows, self.waiting = iter(rows), waiting

    def take(self):
        return self.waiting.popleft() if self.waiting else next(self._rows, None)

    def window(self):
        """The next rows, taken for a look."""
        seen = []
        while len(seen) < WINDOW and (pair := self.take()) is not None:
            seen.append(pair)
        return seen


def _find_header(source):
    """Yield the next header with its preamble and return its cells; without one yield notes and return None."""
    seen = source.window()
    place = _header_place(seen)
    if place is None:
        yield from (Row("note", line, cells) for line, cells in seen if cells)
        if not source.waiting and len(seen) < WINDOW:
            return None
        return (yield from _find_header_further(source))
    source.waiting.extendleft(reversed(seen[place + 1 :]))
    line, cells = seen[place]
    preamble = tuple(" ".join(cell.strip() for cell in row if cell.strip()) for _line, row in seen[:place] if row)
    yield Row("header", line, cells, preamble)
    return cells


def _find_header_further(source):
    """No header in a whole window: the file is prose or data without one. What follows are notes too."""
    while (pair := source.take()) is not None:
        if pair[1]:
            yield Row("note", *pair)
    return None


def _likeness(cells):
    """How many names are known in a row shaped like a header; -1 for any other row."""
    return recognised(cells) if is_header_like(cells) else -1


def _header_place(seen):
    """The index of the header among rows: the first group with two known names, else the likeliest by its shape."""
    unsure = []
    for group in _groups(seen):
        scored = [(_likeness(seen[at][1]), -at) for at in group]
        known, at = max(scored)
        if known >= 2:
            return unsure[0] if unsure and unsure[0] < -at and recognised(seen[unsure[0]][1]) else -at
        unsure += [at for at in group if is_header_like(seen[at][1]) and _heads_figures(seen, at)]
    if unsure:
        return unsure[0]
    return next((at for at, (_line, cells) in enumerate(seen) if recognised(cells) and _stands_alone(seen, at)), None)


def _groups(seen):
    """Indexes of rows that follow each other without a blank row or a comment between."""
    group = []
    for at, (_line, cells) in enumerate(seen):
        if cells and not is_comment(cells):
            group.append(at)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _heads_figures(seen, at):
    """Whether the next row has the same width and holds a figure or a day."""
    if at + 1 >= len(seen) or len(seen[at + 1][1]) != len(seen[at][1]):
        return False
    return any(is_value(cell) for cell in seen[at + 1][1])


def _stands_alone(seen, at):
    """Whether a header-like row of two or more cells has nothing under it (a report without rows)."""
    return is_header_like(seen[at][1]) and (at + 1 == len(seen) or not seen[at + 1][1])


def is_comment(cells):
    """Whether a row is a remark line (`# Start date: …`), also one that holds commas."""
    if not any(cell.strip() for cell in cells[1:]):
        return cells[0].lstrip().startswith("#")
    return cells[0].startswith("# ") and not cells[0].startswith("# of ")


def is_header_like(cells):
    """Whether a row has two or more filled cells, none of which is a figure or a day."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) >= 2 and not any(is_value(cell) for cell in filled)


def is_value(cell):
    """Whether a cell is a figure, a day or "not available"."""
    if not cell.strip():
        return False
    if numbers.is_absent(cell) or dates.day(cell, dates.DMY) or dates.day(cell, dates.MDY):
        return True
    return numbers.form_of(cell) is not None or cell.strip().rstrip("%").isdecimal()


def _filled(cells):
    return sum(1 for cell in cells if cell.strip())


def _body(source, header):
    """Yield the rows under a header, up to the next table or the end."""
    gap, width = False, _filled(header)
    while (pair := source.take()) is not None:
        line, cells = pair
        if not cells:
            gap = True
        elif cells == header:
            gap = False
        elif gap and (is_comment(cells) or (is_header_like(cells) and recognised(cells) >= 2)):
            source.waiting.appendleft(pair)
            return
        elif width > 2 and (len(cells) == 1 or (gap and _filled(cells) == 1)):
            yield Row("note", line, cells)
        else:
            gap = False
            yield Row("row", line, cells)
