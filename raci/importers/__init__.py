"""Reads a responsibility matrix from a file and says what it would change. Pure: bytes and plain values in."""

from raci.importers.preview import Answers, Known, Place, Preview, preview
from raci.importers.sheet import Line, Sheet, read

__all__ = ["Answers", "Known", "Line", "Place", "Preview", "Sheet", "preview", "read"]
