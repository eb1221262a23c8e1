"""Readers of what is handed in: pictures, videos, documents, mails, pages."""
