"""What a file is by its first bytes: its name and the type its sender states say nothing."""

PLAYED = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}  # what a page may stream
PICTURES = ("png", "jpeg", "gif", "webp")
_ZIPPED = ((b"word/", "docx"), (b"ppt/", "pptx"), (b"xl/", "xlsx"))


def sniff(head):
    """png, jpeg, gif, webp, mp4, mov, webm, pdf, docx, pptx, xlsx, zip, svg, html, xml, text or ""."""
    return _picture(head) or _video(head) or _document(head) or _written(head)


def _picture(head):
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def _video(head):
    if head[4:8] == b"ftyp":
        return "mov" if head[8:10] == b"qt" else "mp4"
    return "webm" if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64] else ""


def _document(head):
    if head.startswith(b"%PDF-"):
        return "pdf"
    if not head.startswith(b"PK\x03\x04"):
        return ""
    return next((name for mark, name in _ZIPPED if mark in head), "zip")


def _written(head):
    """Markup and plain text: nothing of it is ever shown as what it is."""
    if b"\x00" in head:
        return ""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024].lower()
    if b"<svg" in start:
        return "svg"
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "html"
    if start.startswith((b"<?xml", b"<!doctype")):
        return "xml"
    return "text" if head else ""
