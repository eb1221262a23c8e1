"""One file as sheets of rows: finds encoding and delimiter, and streams the rows as often as asked."""

import csv
import io
import re
import tempfile
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from analytics.importers import encoding
from analytics.importers.names import recognised
from core import tabular
from core.tabular import Unreadable

DELIMITERS = (",", ";", "\t", "|")
MAX_ROWS = 2_000_000
MAX_COLUMNS = 2_000
_SEP = re.compile(r'^"?sep=(.)"?$', re.IGNORECASE)


class Source:
    """A readable table file. `encoding` and `delimiter` are None for a workbook; `sheets` are (title, where) pairs."""

    def __init__(self, path_or_file, *, name=None, encoding_answer=None):
        self._given = path_or_file
        self._kept = None if isinstance(path_or_file, str | Path) else _seekable(path_or_file)
        self.name = name or Path(str(getattr(path_or_file, "name", path_or_file))).name
        self.encoding = self.delimiter = None
        self.doubts = ()
        with self._bytes() as stream:
            self._is_book = stream.read(4) == b"PK\x03\x04"
            if self._is_book:
                tabular.check_archive(stream)
                self.sheets = tabular.sheets(stream)
            else:
                self.sheets = [""]
                self._sniff(stream, encoding_answer)

    @contextmanager
    def _bytes(self):
        """The file as a binary stream at its start; what the caller gave stays open."""
        if self._kept is not None:
            self._kept.seek(0)
            yield self._kept
            return
        try:
            stream = open(self._given, "rb")  # noqa: SIM115 — closed below, the error is told apart from those of reading
        except OSError as problem:
            raise Unreadable(_("The file cannot be opened.")) from problem
        with stream:
            yield stream

    def _sniff(self, stream, answer):
        found = encoding.detect(stream, answer)
        self.encoding, self.doubts = found.code, found.doubts
        with self._text(stream) as text:
            self.delimiter = _delimiter(list(islice(_limited(text), 120)))

    @contextmanager
    def _text(self, stream):
        stream.seek(0)
        codec = {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(self.encoding, self.encoding)
        text = io.TextIOWrapper(stream, encoding=codec, newline="")
        try:
            yield text
        finally:
            text.detach()

    def rows(self, sheet):
        """Yield (line number, cells) of one sheet, blank rows as empty lists. Lines count from 1."""
        with self._bytes() as stream:
            if self._is_book:
                yield from tabular.rows(stream, sheet)
                return
            with self._text(stream) as text:
                yield from _csv_rows(text, self.delimiter)


def _seekable(stream):
    """The stream itself where it can be rewound, else a copy on disk."""
    try:
        if stream.seekable():
            stream.seek(0)
            return stream
    except AttributeError:
        pass
    copy = tempfile.TemporaryFile()  # noqa: SIM115 — lives as long as the source
    while chunk := stream.read(1 << 20):
        copy.write(chunk)
    return copy


def _limited(text):
    """Lines of a text, none longer than a megabyte (a line of binary junk may have no end)."""
    while line := text.readline(1 << 20):
        yield line


def _delimiter(lines):
    """The delimiter under which a row holds most known column names; then the one that gives most rows of one width."""
    stated = _SEP.match(lines[0].strip()) if lines else None
    if stated and stated[1] in DELIMITERS:
        return stated[1]
    return max(DELIMITERS, key=lambda sign: (*_fit(lines, sign), -DELIMITERS.index(sign)))


def _fit(lines, sign):
    try:
        rows = [row for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return 0, 0
    names = max((recognised(row) for row in rows[:60] if len(row) > 1), default=0)
    widths = [len(row) for row in rows if len(row) > 1]
    return names, max((widths.count(width) * width for width in set(widths)), default=0)


def _csv_rows(text, delimiter):
    """Yield (line, cells); a quotation mark that never closes is an error, as it would swallow rows in silence."""
    reader = csv.reader(_limited(text), delimiter=delimiter, strict=True)
    count, line = 0, 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as problem:
            sentence = _("Line %(line)d cannot be read: a quotation mark is not closed, or a cell is far too long.")
            raise Unreadable(sentence % {"line": line}) from problem
        if cells is None:
            return
        count += 1
        if count > MAX_ROWS:
            raise Unreadable(_("The file has more than 2,000,000 rows. Export shorter periods, one file each."))
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(_("The file has more than 2,000 columns: this is no report."))
        if not (line == 1 and len(cells) <= 2 and _SEP.match(delimiter.join(cells))):
            yield line, cells if any(cell.strip() for cell in cells) else []
        line = reader.line_num + 1
