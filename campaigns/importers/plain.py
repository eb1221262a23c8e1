"""Plain text: the encodings people's files really have, and markdown tables out of cells."""

import codecs


def decode(content):
    """The text of a .md or .txt file (UTF-8, UTF-16 with mark, GB 18030), or None when it is no text."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(letter) < 32 and letter not in "\t\n\r\f\v" for letter in text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    return None


def table(rows):
    """A markdown table; `rows` are lists of texts, the first one is the header. Ragged rows are filled up."""
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = [_line(row, width) for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _line(row, width):
    cells = [" ".join(text.split()).replace("|", "\\|") for text in row] + [""] * (width - len(row))
    return "| " + " | ".join(cells) + " |"
