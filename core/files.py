"""Keep what people give us: streamed to storage under a UUID name, hashed and sniffed on the way."""

import hashlib
import re
from zipfile import ZIP_STORED, ZipFile

import filetype
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from core.errors import Invalid
from core.models import StoredFile

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
PIECE, CHUNK = 8 * 2**20, 2**16  # bytes of a video in one answer, and in memory at a time
LIMITS = {"dropped": 2 * 2**30, "report": 500 * 2**20, "document": 50 * 2**20, "image": 50 * 2**20, "video": 2 * 2**30}


class _Hashing(File):
    """A file that hashes itself while storage reads it in chunks."""

    def __init__(self, file, name):
        super().__init__(file, name)
        self.sha = hashlib.sha256()

    def chunks(self, chunk_size=None):
        for chunk in super().chunks(chunk_size):
            self.sha.update(chunk)
            yield chunk


def store(upload, *, workspace_id, kind, uploader_id=None):
    """Save an uploaded file and return its StoredFile row. `kind` sets the size limit; raises Invalid above it."""
    if upload.size > LIMITS[kind]:
        raise Invalid(_("The file is larger than %(limit)s MB.") % {"limit": LIMITS[kind] // 2**20}, code="too_large")
    head = upload.read(8192)
    upload.seek(0)
    hashing = _Hashing(upload, upload.name)
    key = default_storage.save(f"{kind}/{uuid7()}", hashing)
    guess = filetype.guess(head)
    return StoredFile.objects.create(
        workspace_id=workspace_id,
        key=key,
        name=clean_name(upload.name),
        size=upload.size,
        sha256=hashing.sha.hexdigest(),
        content_type=guess.mime if guess else "",
        kind=kind,
        uploader_id=uploader_id,
    )


def clean_name(name: str) -> str:
    """The person's own file name as a label: no path, no control characters."""
    label = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in label if c.isprintable())[:255] or "file"


def opened(stored: StoredFile):
    """The stored bytes as an open binary file."""
    return default_storage.open(stored.key, "rb")


def discard(stored: StoredFile):
    """Forget a stored file that nothing refers to any more; its bytes go when the act is done."""
    key = stored.key
    StoredFile.objects.filter(pk=stored.pk).delete()
    transaction.on_commit(lambda: default_storage.delete(key))


def served(stored: StoredFile):
    """The answer that hands a file out: to keep, never to open as a page of ours, whatever it calls itself."""
    response = FileResponse(opened(stored), as_attachment=True, filename=stored.name)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def handed_out(chunks, name: str):
    """The answer that hands out bytes as they are made, under a name of ours."""
    response = StreamingHttpResponse(chunks, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def chunks_of(stored: StoredFile):
    """The stored bytes piece by piece."""
    with opened(stored) as file:
        while chunk := file.read(CHUNK):
            yield chunk


class _Sink:
    """What a ZipFile writes, until it is taken away; it cannot go back, so the archive needs no memory."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing is held back."""

    def taken(self):
        data, self.parts = b"".join(self.parts), []
        return data


def zipped(entries):
    """An archive piece by piece of `entries` (name, chunks). Pictures and films are packed already: it only joins."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for name, chunks in entries:
            with archive.open(name, "w", force_zip64=True) as entry:
                for chunk in chunks:
                    entry.write(chunk)
                    yield sink.taken()
    yield sink.taken()


def drawn(data: bytes, content_type: str):
    """A picture that was made for this one reader: shown inside a page, kept by nobody."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def shown(stored: StoredFile, content_type: str):
    """A picture that we drew ourselves, to be seen inside a page; nothing else is ever served inline."""
    response = FileResponse(opened(stored), content_type=content_type)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def played(stored: StoredFile, content_type: str, asked: str):
    """A piece of a video: the range asked for, at most PIECE bytes. Without a range there is nothing to see."""
    span = byte_range(asked, stored.size)
    if span is None:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{stored.size}"
    else:
        start, end = span
        response = StreamingHttpResponse(_piece(stored, start, end - start + 1), status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
        response["Content-Length"] = str(end - start + 1)
        response["Content-Disposition"] = "inline"
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def byte_range(asked: str, size: int):
    """(first, last) byte of a Range header, cut to PIECE bytes; None when it asks for nothing we have."""
    found = RANGE.fullmatch(asked.strip())
    if not found or not size or found[1] == found[2] == "":
        return None
    start = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    last = int(found[2]) if found[1] and found[2] else size - 1
    return (start, min(last, size - 1, start + PIECE - 1)) if start <= last and start < size else None


def _piece(stored, start, length):
    with opened(stored) as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
