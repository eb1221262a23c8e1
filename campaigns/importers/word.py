"""Word documents (.docx): headings by style or outline level, lists, tables; deleted (tracked) words stay out."""

from campaigns.importers.plain import table
from campaigns.rules import brief
from core.text import whole

MAIN_PART = "word/document.xml"
STYLES_PART = "word/styles.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # repeats the text box before it
_SKIPPED = {_FALLBACK, f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText"}
_HEADING_NAMES = ("heading", "标题")
_TITLE_NAMES = ("title", "标题")
_LONGEST_BOLD_HEADING = 40


def text_of(parts):
    """The markdown-like text of a document's body."""
    levels = _style_levels(parts.xml(STYLES_PART)) if STYLES_PART in parts else {}
    body = parts.xml(MAIN_PART).find(f"{W}body")
    return "\n\n".join(_blocks(body, levels)) if body is not None else ""


def _blocks(parent, levels):
    """The non-empty blocks under an element, neighbouring list items joined to one block."""
    blocks, in_list = [], False
    for element in _block_elements(parent):
        text = _table(element, levels) if element.tag == f"{W}tbl" else _paragraph(element, levels)
        is_item = text.lstrip().startswith("- ")
        if is_item and in_list:
            blocks[-1] += f"\n{text}"
        elif text.strip():
            blocks.append(text)
        in_list = is_item
    return blocks


def _block_elements(parent):
    """Paragraphs and tables in order, content controls opened."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag", f"{W}moveTo"):
            yield from _block_elements(child)


def _paragraph(paragraph, levels):
    text = "".join(_words(paragraph)).strip()
    if not text:
        return ""
    level = _level(paragraph, levels)
    if level is not None:
        return f"{'#' * min(level + 1, 6)} {' '.join(text.split())}"
    item = paragraph.find(f"{W}pPr/{W}numPr")
    if len(text) <= _LONGEST_BOLD_HEADING and "\n" not in text and _is_bold(paragraph):
        return f"**{text}**"
    return text if item is None else f"{'  ' * _depth(item)}- {text}"


def _words(element):
    """The text pieces under an element in reading order."""
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag not in _SKIPPED:
            yield from _words(child)
            yield "\n" if child.tag == f"{W}p" else ""  # paragraphs of a text box


def _is_bold(paragraph):
    runs = [run for run in paragraph.iter(f"{W}r") if "".join(_words(run)).strip()]
    return bool(runs) and all(_is_on(run.find(f"{W}rPr/{W}b")) for run in runs)


def _is_on(toggle):
    return toggle is not None and toggle.get(f"{W}val", "1") not in ("0", "false", "off")


def _depth(item):
    return min(_number(item.find(f"{W}ilvl")) or 0, 8)


def _number(element):
    value = element.get(f"{W}val", "") if element is not None else ""
    return whole(value)


def _level(paragraph, levels):
    """The heading level of a paragraph (0 the highest), or None for body text."""
    own = _number(paragraph.find(f"{W}pPr/{W}outlineLvl"))
    if own is not None:
        return own if own < 9 else None
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return levels.get(style.get(f"{W}val")) if style is not None else None


def _style_levels(root):
    """{style id: heading level} by outline level, by the style it is based on, or by name."""
    styles = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
    found = {key: _style_level(key, styles) for key in styles}
    return {key: level for key, level in found.items() if level is not None}


def _style_level(key, styles):
    seen = set()
    while key in styles and key not in seen:
        seen.add(key)
        style = styles[key]
        level = _number(style.find(f"{W}pPr/{W}outlineLvl"))
        if level is not None:
            return level if level < 9 else None
        if (level := _level_by_name(style.find(f"{W}name"))) is not None:
            return level
        base = style.find(f"{W}basedOn")
        key = base.get(f"{W}val") if base is not None else None
    return None


def _level_by_name(name):
    words = name.get(f"{W}val", "").casefold().strip() if name is not None else ""
    if words in _TITLE_NAMES:
        return 0
    start, digit = words[:-1].strip(), words[-1:]
    return int(digit) - 1 if start in _HEADING_NAMES and digit in tuple("123456789") else None


def _table(element, levels):
    """A table as markdown; a form (left the name of a section, right its content) as headed sections."""
    rows = [[_blocks(cell, levels) for cell in _children(row, "tc")] for row in _children(element, "tr")]
    if _is_form(rows):
        return "\n\n".join("\n\n".join([f"## {' '.join(name).strip('#* ')}", *content]) for name, content in rows)
    return table([[" ".join(cell) for cell in row] for row in rows if row])


def _children(element, tag):
    """Rows of a table or cells of a row, content controls opened."""
    for child in element:
        if child.tag == f"{W}{tag}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _children(child, tag)


def _is_form(rows):
    pairs = [row for row in rows if len(row) == 2 and row[0]]
    named = {brief.section_of(" ".join(name), exact=True) for name, _content in pairs} - {None}
    return len(pairs) == len(rows) and len(named) > 1
