"""Presentations (.pptx): the slides in their order, a slide's title as heading; speaker notes stay out."""

from campaigns.importers.package import Damaged
from campaigns.importers.plain import table
from core.text import whole

MAIN_PART = "ppt/presentation.xml"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr")
_BULLETED = ("body", "obj")
_LONGEST_TITLE = 40


def text_of(parts):
    """The markdown-like text of all slides."""
    targets = parts.related(MAIN_PART)
    slides = [targets.get(slide.get(R_ID)) for slide in parts.xml(MAIN_PART).iter(f"{P}sldId")]
    if None in slides:
        raise Damaged(MAIN_PART)
    return "\n\n".join(text for name in slides if (text := _slide(parts.xml(name))))


def _slide(root):
    shapes = [shape for shape in _shapes(root) if _placeholder(shape) not in _FURNITURE]
    title = _title(shapes)
    head = [f"## {' '.join(_paragraphs(title))}"] if title is not None else []
    return "\n\n".join([*head, *(text for shape in shapes if shape is not title and (text := _text(shape)))])


def _shapes(root):
    """Shapes with text and table frames in the order of the slide, groups opened."""
    return [element for element in root.iter() if element.tag in (f"{P}sp", f"{P}graphicFrame")]


def _placeholder(shape):
    """The kind of placeholder a shape fills; "obj" where none is said; None for free text boxes."""
    mark = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return mark.get("type", "obj") if mark is not None else None


def _title(shapes):
    """The title placeholder, else the topmost text box if it is one short line."""
    written = [shape for shape in shapes if shape.tag == f"{P}sp" and _paragraphs(shape)]
    marked = next((shape for shape in written if _placeholder(shape) in _TITLES), None)
    if marked is not None or not written:
        return marked
    top = min(written, key=_offset)
    lines = _paragraphs(top)
    return top if len(written) > 1 and len(lines) == 1 and len(lines[0]) <= _LONGEST_TITLE else None


def _offset(shape):
    place = shape.find(f"{P}spPr/{A}xfrm/{A}off")
    value = place.get("y", "") if place is not None else ""
    number = whole(value.removeprefix("-"))
    return float("inf") if number is None else -number if value.startswith("-") else number


def _text(shape):
    if shape.tag == f"{P}graphicFrame":
        return table([[" ".join(_paragraphs(cell)) for cell in row.iter(f"{A}tc")] for row in shape.iter(f"{A}tr")])
    bulleted = _placeholder(shape) in _BULLETED
    return "\n".join(_paragraphs(shape, bullet="- " if bulleted else ""))


def _paragraphs(element, bullet=""):
    """The non-empty paragraphs under an element, indented by their level where bulleted."""
    lines = []
    for paragraph in element.iter(f"{A}p"):
        text = " ".join("".join(_words(paragraph)).split())
        if text:
            lines.append(f"{'  ' * _depth(paragraph) if bullet else ''}{bullet}{text}")
    return lines


def _words(paragraph):
    for piece in paragraph.iter():
        if piece.tag == f"{A}t":
            yield piece.text or ""
        elif piece.tag == f"{A}br":
            yield "\n"


def _depth(paragraph):
    properties = paragraph.find(f"{A}pPr")
    level = properties.get("lvl", "0") if properties is not None else "0"
    return int(level) if level in tuple("012345678") else 0
