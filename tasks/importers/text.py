"""The encodings people's files really have."""

import codecs

from django.utils.translation import gettext as _

from tasks.importers.result import Unreadable

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content):
    """The text of a file in UTF-8 (with a mark or without), UTF-16 with a mark or GB 18030 (GBK); else Unreadable."""
    for encoding in ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(letter) < 32 and letter not in "\t\n\r\f\v" for letter in text):
            return text
    raise Unreadable(_("This is no text file. Save the plan as CSV or as MS Project XML."))


def looks_like_xml(content):
    """Whether the bytes begin like XML, in UTF-8 or UTF-16."""
    head = content[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return head.startswith(b"<")
