"""Measures one file and draws its small pictures; run as a script in core.sandbox, never in a request.

    python -m assets.importers.probe <kind of asset> <file> <folder for the pictures>

It prints {"measures": {…}, "renditions": [{"kind", "page", "file", "width", "height"}]}.
"""

import json
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps
from pymediainfo import MediaInfo
from pypdfium2 import PdfDocument, PdfiumError

from assets.importers import markup
from assets.rules import types

MOST_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
THUMBNAIL, PREVIEW, PAGE = 320, 1600, 1400  # longest side in pixels
MOST_PAGES = 30
MOST_TEXT = 2**21  # bytes of a mail or page that are read
HEAD = 65_536
CODECS = {"AVC": "h264", "HEVC": "h265", "VP9": "vp9", "AV1": "av1", "ProRes": "prores"}


def probe(kind, path, folder):
    """Measures of a file as the kind of asset it was handed in as, and the pictures made of it."""
    with path.open("rb") as file:
        found = {"type": types.sniff(file.read(HEAD)), "kb": -(-path.stat().st_size // 1024)}
    measures, pictures = READERS[kind](path, folder, found["type"])
    return {"measures": {**found, **measures}, "renditions": pictures}


def picture(path, folder, kind):
    if kind not in types.PICTURES:
        return {"problem": "not_an_image"}, []
    try:
        with Image.open(path, formats=FORMATS) as image:
            measures = {"width": image.width, "height": image.height, "mode": image.mode}
            measures["frames"] = getattr(image, "n_frames", 1)
            image.seek(0)
            drawn = ImageOps.exif_transpose(image).convert("RGBA" if _is_see_through(image) else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"problem": "too_many_pixels"}, []
    except (OSError, SyntaxError, ValueError, EOFError):
        return {"problem": "unreadable"}, []
    if drawn.size != (measures["width"], measures["height"]):
        measures |= {"width": drawn.width, "height": drawn.height}
    return measures, drawn_twice(drawn, folder)


def _is_see_through(image):
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def drawn_twice(image, folder):
    """Thumbnail and preview of a picture."""
    return [kept(image, folder, "thumbnail", THUMBNAIL), kept(image, folder, "preview", PREVIEW)]


def kept(image, folder, kind, longest, page=1):
    """A picture drawn anew as WebP: none of its former bytes is left in it."""
    image = image.copy()
    image.thumbnail((longest, longest))
    file = folder / f"{kind}-{page}.webp"
    image.save(file, "WEBP", quality=82)
    return {"kind": kind, "page": page, "file": file.name, "width": image.width, "height": image.height}


def video(path, folder, kind):
    if kind not in types.PLAYED:
        return {"problem": "not_a_video"}, []
    tracks = MediaInfo.parse(str(path)).tracks
    seen = next((track for track in tracks if track.track_type == "Video"), None)
    if seen is None or not seen.width or not seen.height:
        return {"problem": "unreadable"}, []
    whole = next((track for track in tracks if track.track_type == "General"), seen)
    turned = str(seen.rotation or "").startswith(("90", "270"))
    size = (seen.height, seen.width) if turned else (seen.width, seen.height)
    milliseconds = float(seen.duration or whole.duration or 0)
    measures = {"width": size[0], "height": size[1], "seconds": round(milliseconds / 1000, 1)}
    measures["codec"] = CODECS.get(seen.format, str(seen.format or "").lower())
    measures["has_sound"] = any(track.track_type == "Audio" for track in tracks)
    return measures, []


def document(path, folder, kind):
    if kind in types.PICTURES:
        return picture(path, folder, kind)
    if kind == "pdf":
        return pages(path, folder)
    return ({}, []) if kind in ("docx", "pptx", "xlsx", "text") else ({"problem": "not_a_document"}, [])


def pages(path, folder):
    """A PDF page by page, as pictures."""
    try:
        with PdfDocument(path) as book:
            count = len(book)
            drawn = [_page(book, number) for number in range(min(count, MOST_PAGES))]
    except PdfiumError:
        return {"problem": "unreadable"}, []
    pictures = [kept(image, folder, "page", PAGE, number) for number, image in enumerate(drawn, 1)]
    return {"pages": count}, [*(drawn_twice(drawn[0], folder) if drawn else []), *pictures]


def _page(book, number):
    page = book[number]
    longest = max(page.get_size()) or 1
    return page.render(scale=min(PAGE / longest, 4)).to_pil().convert("RGB")


def written(path, folder, kind):
    """A mail or a page as a file."""
    with path.open("rb") as file:
        raw = file.read(MOST_TEXT)
    text = markup.decoded(raw)
    if text is None or kind not in ("html", "xml", "text"):
        return {"problem": "not_text"}, []
    return markup.mail(text) if markup.is_mail(text) else markup.page(text), []


def words(path, folder, kind):
    if kind != "text":
        return {"problem": "not_text"}, []
    text = markup.decoded(path.read_bytes()[:MOST_TEXT])
    return ({"problem": "not_text"} if text is None else markup.measured(text)), []


def h5(path, folder, kind):
    measures, pictures = written(path, folder, kind)
    kilobytes = {"load_kb": -(-path.stat().st_size // 1024), "left_out": measures.get("loads", 0)}
    return measures if "problem" in measures else measures | kilobytes, pictures


READERS = {"image": picture, "video": video, "document": document, "edm": written, "copy": words, "h5": h5}


def main(kind, file, folder):
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    json.dump(probe(kind, Path(file), Path(folder)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
