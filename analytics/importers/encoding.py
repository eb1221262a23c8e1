"""Which text encoding a file has: marked by its first bytes, UTF-8, GB18030 — or a question."""

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.importers.names import chinese, normal, recognised
from core.tabular import Unreadable

OFFERED = ("gb18030", "big5", "shift_jis", "cp1252")
_CHUNK = 1 << 20
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26})
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
_CELLS = re.compile(r'[,;\t|\r\n"]+')


@dataclass(frozen=True)
class Encoding:
    """The encoding to read with, and the others it may be (empty where there is nothing to ask)."""

    code: str
    doubts: tuple = ()


def refuse_foreign(head):
    """Raise Unreadable for bytes that are plainly another kind of file."""
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(_("The file is empty."))
    if head.startswith(_PICTURES) or (head.startswith(b"BM") and b"\x00" in head[:64]):
        raise Unreadable(_("This is a picture, not a table."))
    if head.startswith(b"%PDF"):
        raise Unreadable(_("This is a PDF, not a table. Export the report as CSV or XLSX."))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("This workbook is old (.xls) or protected by a password. Save it as .xlsx without a password.")
        )
    if head.startswith((b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise Unreadable(_("This is a packed archive. Unpack it and upload the table inside."))
    if re.match(rb"\s*(?:<!doctype|<html|<\?xml|<table)", head[:200], re.IGNORECASE):
        raise Unreadable(_("This is a web page or XML, not a table. Export the report as CSV or XLSX."))


def detect(stream, answer=None):
    """The Encoding of a binary stream, which is read from its start; Unreadable for bytes that are no text."""
    head = _rewound(stream).read(_CHUNK)
    refuse_foreign(head)
    for mark, code in _MARKS:
        if head.startswith(mark):
            if not decodes(stream, code):
                raise Unreadable(
                    _("The file is damaged: it does not read as the %(encoding)s it claims to be.") % {"encoding": code}
                )
            return Encoding(code)
    _refuse_binary(stream)
    if decodes(stream, "utf-8"):
        return Encoding("utf-8")
    return _eastern_or_ask(stream, head, answer)


def _eastern_or_ask(stream, head, answer):
    """GB18030 where Chinese column names prove it, else the likeliest of those that read the file, as a question."""
    possible = [code for code in OFFERED if decodes(stream, code)]
    if not possible:
        raise Unreadable(_("The file is no text in any encoding known here. Export it as UTF-8."))
    if answer in possible:
        return Encoding(answer)
    if possible[0] == "gb18030" and _common_hanzi(head) and _has_chinese_names(head):
        return Encoding("gb18030")
    likeliest = max(possible, key=lambda code: _known_cells(head, code))
    return Encoding(likeliest, doubts=tuple(possible))


def decodes(stream, code):
    """Whether all of the stream reads as `code`, without a NUL in the text."""
    decoder = codecs.getincrementaldecoder(code)("strict")
    _rewound(stream)
    try:
        while chunk := stream.read(_CHUNK):
            if "\x00" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(stream):
    """Raise Unreadable where the bytes hold NULs or many control signs: no export does."""
    _rewound(stream)
    while chunk := stream.read(_CHUNK):
        if b"\x00" in chunk:
            raise Unreadable(_("The file holds NUL bytes: it is damaged or no text. Export it again as CSV (UTF-8)."))
        if len(chunk) - len(chunk.translate(None, _CONTROL)) > 4 + len(chunk) // 1000:
            raise Unreadable(_("The file is binary data, not a table."))


def _rewound(stream):
    stream.seek(0)
    return stream


def _common_hanzi(head):
    """Whether nearly all double bytes lie in the old GB2312 square, where everyday Chinese is written."""
    pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", head)
    return sum(1 for pair in pairs if pair[0] >= 0xA1 and pair[1] >= 0xA1) >= 0.9 * len(pairs)


def _cells_of(head, code):
    return [cell for cell in _CELLS.split(head[:65536].decode(code, "ignore")) if 0 < len(cell) < 60]


def _has_chinese_names(head):
    return any(normal(cell) in chinese() for cell in _cells_of(head, "gb18030"))


def _known_cells(head, code):
    return recognised(_cells_of(head, code)[:400])
