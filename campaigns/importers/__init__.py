"""Readers of outside files of the plan: a brief's document (.docx, .pptx, .md, .txt) becomes markdown-like text."""

from campaigns.importers.documents import KINDS, read_document

__all__ = ["KINDS", "read_document"]
