"""Risk registers from files: the sheet, what its columns mean, its scales, and what would be imported."""

from risks.importers.columns import TARGETS, guess
from risks.importers.preview import Preview, Row, preview
from risks.importers.sheet import Sheet, read

__all__ = ["TARGETS", "Preview", "Row", "Sheet", "guess", "preview", "read"]
