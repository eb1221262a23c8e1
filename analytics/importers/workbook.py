"""Sheets of an .xlsx workbook as rows of text, within limits checked before anything is unpacked."""

import zipfile
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from analytics.importers.errors import Unreadable

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2000
MAX_ROWS = 200_000
MAX_CELL = 32_767
MAX_COLUMNS = 2_000


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
