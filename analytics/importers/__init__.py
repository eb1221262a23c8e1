"""Reads real platform exports in any of their layouts. Pure: a file in, a report and records out."""

from analytics.importers.reading import Record
from analytics.importers.report import Report, inspect
from core.tabular import Unreadable

__all__ = ["Record", "Report", "Unreadable", "inspect"]
