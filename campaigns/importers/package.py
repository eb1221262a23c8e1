"""Opening an Office file (a zip of XML parts) from a stranger: sizes are capped, XML is read without entities."""

import posixpath
import zipfile
import zlib
from contextlib import contextmanager

from defusedxml import ElementTree

LARGEST_PART = 20 * 1024 * 1024  # bytes of one unpacked XML part
LARGEST_TOTAL = 80 * 1024 * 1024  # bytes of all parts read
MOST_PARTS = 10_000
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class TooLarge(Exception):
    """The file, or what it unpacks to, is larger than we read."""


class Damaged(Exception):
    """The zip cannot be read."""


class Parts:
    """The XML parts of an open package, by name."""

    def __init__(self, archive):
        self._archive = archive
        self._names = set(archive.namelist())
        self._left = LARGEST_TOTAL

    def __contains__(self, name):
        return name in self._names

    def xml(self, name):
        """The root element of a part; Damaged when it is missing."""
        if name not in self._names:
            raise Damaged(name)
        limit = min(LARGEST_PART, self._left)
        try:
            with self._archive.open(name) as part:
                content = part.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise Damaged(name) from error
        if len(content) > limit:
            raise TooLarge(name)
        self._left -= len(content)
        return ElementTree.fromstring(content, forbid_dtd=True)

    def related(self, name):
        """{relation id: part name} of what a part refers to inside the package."""
        folder, base = posixpath.split(name)
        relations = f"{folder}/_rels/{base}.rels"
        if relations not in self:
            return {}
        return {
            relation.get("Id"): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            for relation in self.xml(relations).iter(_RELATION)
            if relation.get("TargetMode") != "External"
        }


@contextmanager
def opened(file, *, largest):
    """The Parts of an Office file of at most `largest` bytes; TooLarge or Damaged otherwise."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size > largest:
        raise TooLarge
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Damaged from error
    with archive:
        if len(archive.infolist()) > MOST_PARTS:
            raise TooLarge
        yield Parts(archive)
