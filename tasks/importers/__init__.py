"""Readers of plans: CSV with typed links, and MS Project XML. Bytes in, an ImportedPlan with warnings out."""

from django.utils.translation import gettext as _

from tasks.importers.msproject import read_msproject
from tasks.importers.result import ImportedPlan, ImportedTask, Unreadable
from tasks.importers.table import read_table
from tasks.importers.text import decode, looks_like_xml

MOST_BYTES = 50 << 20

__all__ = ["MOST_BYTES", "ImportedPlan", "ImportedTask", "Unreadable", "read_plan"]


def read_plan(content):
    """The ImportedPlan of a file's bytes; Unreadable with a sentence for what is none."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(size)s MB.") % {"size": MOST_BYTES >> 20})
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(_("The file is empty."))
    if looks_like_xml(content):
        return read_msproject(content)
    return read_table(decode(content))
