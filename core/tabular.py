"""Tables that people hand in: sheets of an .xlsx within limits checked before anything is unpacked, and short texts.

Long reports have a streaming reader of their own in `analytics.importers`.
"""

import codecs
import csv
import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.errors import Invalid

MAX_BYTES = 20 * 1024 * 1024
LARGEST_SHEET = 5 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2000
MAX_ROWS = 200_000
MAX_CELL = 32_767
MAX_COLUMNS = 2_000
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",\t;"
RULER = re.compile(r"(?=[^-]*-)[\s|:-]*")  # the line below the head of a Markdown table


class Unreadable(Exception):
    """The bytes are no table anybody can read; the text is a sentence for the person who gave the file."""


def check_archive(stream):
    """Raise Unreadable unless the zip directory promises a workbook of reasonable size."""
    size = stream.seek(0, 2)
    if size > MAX_BYTES:
        raise Unreadable(_("A workbook may have at most 20 MB. Export the report as CSV instead."))
    try:
        entries = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise Unreadable(_("The workbook is damaged and cannot be opened.")) from problem
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(_("The workbook is protected by a password. Save it without one."))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(size, 1):
        raise Unreadable(_("The workbook unpacks to more than is safe to open. Export the report as CSV instead."))
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Unreadable(_("This is a zip archive, not a workbook. Unpack it and upload the table inside."))


def sheets(stream):
    """Titles of the sheets that are shown and hold a table."""
    book = _opened(stream)
    return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def rows(stream, title):
    """Yield (row number, cells as text) of one sheet."""
    sheet = _opened(stream)[title]
    sheet.reset_dimensions()
    found = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        try:
            values = next(found, None)
        except Exception as problem:  # openpyxl lets errors of zlib, XML and its own through, of many classes
            raise Unreadable(_("The workbook is damaged and cannot be read to its end.")) from problem
        if values is None:
            return
        number += 1
        if number > MAX_ROWS or len(values) > MAX_COLUMNS:
            raise Unreadable(
                _("A sheet may have at most 200,000 rows and 2,000 columns. Export the report as CSV instead.")
            )
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _opened(stream):
    stream.seek(0)
    try:
        return load_workbook(stream, read_only=True, data_only=True)
    except Exception as problem:  # as above: whatever a damaged workbook makes openpyxl raise
        raise Unreadable(_("The workbook is damaged and cannot be opened.")) from problem


def _text(value):
    """A cell's value as the text a CSV would hold; binary fractions to the fifteen digits that a sheet shows."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f") if value == value and abs(value) < 1e300 else str(value)
    text = str(value)
    if len(text) > MAX_CELL:
        raise Unreadable(_("A cell holds more text than a sheet allows."))
    return text


# --- short tables, read whole ---------------------------------------------------------------------------------------


def short_table(content):
    """[(line number, cells)] of a small file: a workbook's first sheet, Markdown, or delimited text.

    In Markdown a heading comes as a single cell that begins with "#", and a repeated head as a row like any other.
    """
    if content.startswith(b"PK"):
        stream = io.BytesIO(content)
        check_archive(stream)
        titles = sheets(stream)
        if not titles:
            raise Unreadable(_("The workbook has no sheet that is shown."))
        return list(rows(stream, titles[0]))
    text = decoded(content)
    return _markdown(text) if re.search(r"^\s*\|.*\|\s*$", text, re.MULTILINE) else _delimited(text)


def decoded(content):
    """The text of bytes: marked by their first bytes, UTF-8, or GB18030."""
    marked = next((code for mark, code in MARKS if content.startswith(mark)), "utf-8")
    for each in (marked, "gb18030"):
        try:
            text = content.decode(each)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(_("The file is no text in any encoding known here. Export it as UTF-8."))


def _markdown(text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith("#"):
            found.append((number, [line]))
        elif line.startswith("|") and not RULER.fullmatch(line):
            cells = re.split(r"(?<!\\)\|", line.strip("|") if line.endswith("|") else line[1:])
            found.append((number, [_unmarked(cell) for cell in cells]))
    return found


def _unmarked(cell):
    return re.sub(r"(\*\*|__|`)", "", cell.replace("\\|", "|")).strip()


def _delimited(text):
    """CSV with whichever delimiter the first filled line holds most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as problem:
        raise Unreadable(_("The table is damaged: a quotation mark is not closed.")) from problem


def open_sheet(content, read):
    """What `read` makes of a file's bytes; Invalid says in a sentence why they are no table."""
    if len(content) > LARGEST_SHEET:
        raise Invalid(_("The file is larger than %(mb)d MB.") % {"mb": LARGEST_SHEET >> 20}, code="too_large")
    try:
        return read(content)
    except Unreadable as problem:
        raise Invalid(str(problem), code="unreadable", errors={"file": str(problem)}) from problem


def reopen_sheet(data, from_json):
    """The sheet that a preview handed out for its commit."""
    try:
        return from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError, Unreadable) as problem:
        raise Invalid(_("This preview cannot be read any more. Load the file again."), code="sheet") from problem
