"""The one writer of CSV and XLSX. No cell it writes is ever a formula that somebody typed."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.encoding import escape_uri_path

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe_text(value: str) -> str:
    """Text a spreadsheet shows as text: a quote in front of what it would take for a formula."""
    return f"'{value}" if value.lstrip(" '\"").startswith(DANGEROUS) or value.startswith(DANGEROUS) else value


def cell(value):
    """A value as CSV shows it: numbers stay numbers, dates ISO, text made safe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return safe_text(str(value))


def csv_bytes(header: list[str], rows: Iterable, *, bom=True) -> bytes:
    """CSV in UTF-8, by default with the BOM that Excel needs for Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_text(str(h)) for h in header])
    writer.writerows([cell(v) for v in row] for row in rows)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()


def xlsx_bytes(sheets: list[tuple[str, list[str], Iterable]]) -> bytes:
    """A workbook of (title, header, rows): frozen header, fitting columns, numbers and dates typed."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for title, header, rows in sheets:
        sheet = book.add_worksheet(sheet_title(title))
        sheet.write_row(0, 0, header, head)
        sheet.freeze_panes(1, 0)
        _write_rows(sheet, rows, formats)
        sheet.autofit()
    book.close()
    return out.getvalue()


def _write_rows(sheet, rows, formats):
    for y, row in enumerate(rows, start=1):
        for x, value in enumerate(row):
            write_cell(sheet, y, x, value, formats)


def write_cell(sheet, y, x, value, formats):
    """One typed cell; text can only ever be text."""
    if isinstance(value, datetime):
        sheet.write_datetime(y, x, value.replace(tzinfo=None), formats[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), formats[date])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(y, x, float(value))
    elif value is not None:
        sheet.write_string(y, x, str(value)[:32_767])


def sheet_title(title: str) -> str:
    """A title Excel accepts: at most 31 characters, none of []:*?/\\."""
    return "".join(" " if c in "[]:*?/\\" else c for c in title).strip("'")[:31] or "Sheet"


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file answer with the name in RFC 6266 encoding."""
    response = HttpResponse(content, content_type=content_type)
    ascii_name = "".join(c if c.isascii() and c not in '"\\\r\n' else "_" for c in name)
    response["Content-Disposition"] = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{escape_uri_path(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def table_response(kind: str, name: str, header: list[str], rows: Iterable) -> HttpResponse:
    """A table as `csv` or `xlsx` download."""
    if kind == "xlsx":
        return download(xlsx_bytes([(name, header, rows)]), f"{name}.xlsx", XLSX_TYPE)
    return download(csv_bytes(header, rows), f"{name}.csv", "text/csv; charset=utf-8")
