"""Pages as PDF by WeasyPrint, an extra: where it is missing its buttons are hidden."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec


@cache
def is_there():
    """Whether PDFs can be made here: the library and what it needs of the system (Pango)."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import_module("weasyprint")
    except (ImportError, OSError):
        return False
    return True


def pdf_bytes(html):
    """The PDF of a page that holds everything it shows: nothing is fetched from anywhere."""
    fetcher = import_module("weasyprint.urls").URLFetcher(allowed_protocols=())
    return import_module("weasyprint").HTML(string=html, url_fetcher=fetcher).write_pdf()
