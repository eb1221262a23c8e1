"""Width and height of a picture by its first bytes alone: nothing is decoded, so that a request may ask."""

import struct


def of(head):
    """(width, height) of a PNG, GIF, WebP or JPEG; None where the first bytes do not say it."""
    try:
        return _fixed(head) or _jpeg(head)
    except (struct.error, IndexError):
        return None


def _fixed(head):
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return struct.unpack(">II", head[16:24])
    if head.startswith((b"GIF87a", b"GIF89a")):
        return struct.unpack("<HH", head[6:10])
    return _webp(head) if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _webp(head):
    if head[12:16] == b"VP8X":
        return tuple(int.from_bytes(head[place : place + 3], "little") + 1 for place in (24, 27))
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(head):
    """The size stands in the first frame header (SOF), behind any number of other segments."""
    if not head.startswith(b"\xff\xd8"):
        return None
    place = 2
    while head[place] == 0xFF:
        marker, length = head[place + 1], struct.unpack(">H", head[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None
