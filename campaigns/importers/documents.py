"""One way in for every kind of document: look at the bytes, read them with the right reader, or say what is wrong."""

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError
from django.utils.translation import gettext as _

from campaigns.importers import package, presentation, word
from campaigns.importers.plain import decode
from core.errors import RuleBroken

KINDS = (".docx", ".pptx", ".md", ".txt")
LARGEST_FILE = 50 * 1024 * 1024  # bytes; a deck full of pictures
LARGEST_TEXT = 5 * 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_document(file, name):
    """The text of a document, headings as #, lists as "- ", tables as markdown.

    `file` is opened for bytes and can seek; `name` is what the person's file is called. RuleBroken says what to do
    when it cannot be read.
    """
    start = file.read(8)
    file.seek(0)
    if start.startswith(_OLD_OFFICE):
        raise RuleBroken(_old_office(name), code="unreadable_document")
    text = _read_package(file, name) if start.startswith(b"PK") else _read_plain(file, name)
    if not text.strip():
        raise RuleBroken(_("“%(name)s” has no text in it.") % {"name": name}, code="empty_document")
    return text


def _old_office(name):
    return _(
        "“%(name)s” is in an old Office format or protected by a password. Save it as .docx or .pptx without password."
    ) % {"name": name}


def _read_package(file, name):
    try:
        with package.opened(file, largest=LARGEST_FILE) as parts:
            if word.MAIN_PART in parts:
                return word.text_of(parts)
            if presentation.MAIN_PART in parts:
                return presentation.text_of(parts)
    except package.TooLarge as error:
        raise RuleBroken(
            _("“%(name)s” is too large to be read.") % {"name": name}, code="document_too_large"
        ) from error
    except (package.Damaged, ParseError, DefusedXmlException, RecursionError, ValueError) as error:
        raise RuleBroken(_("“%(name)s” is damaged.") % {"name": name}, code="unreadable_document") from error
    raise RuleBroken(_wrong_kind(name), code="unreadable_document")


def _read_plain(file, name):
    if not name.lower().endswith((".md", ".markdown", ".txt")):
        raise RuleBroken(_wrong_kind(name), code="unreadable_document")
    content = file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise RuleBroken(_("“%(name)s” is too large to be read.") % {"name": name}, code="document_too_large")
    text = decode(content)
    if text is None:
        raise RuleBroken(_("“%(name)s” is not a text file.") % {"name": name}, code="unreadable_document")
    return text


def _wrong_kind(name):
    return _("“%(name)s” is none of the documents that can be read: .docx, .pptx, .md or .txt.") % {"name": name}
