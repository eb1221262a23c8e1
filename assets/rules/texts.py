"""The words of a copy asset: how they are kept and measured."""

LONGEST = 100_000


def kept(text):
    """A text as it is stored: one kind of line end, nothing behind the last word."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def measured(text):
    """What a standard asks of a text. Line ends are no characters; spaces are, as platforms count them."""
    lines = [line for line in text.split("\n") if line.strip()]
    return {"type": "text", "characters": sum(map(len, text.split("\n"))), "lines": len(lines)}
