"""What somebody typed is text on every page: tests/test_pages.py reads them all, this is its control."""

import pytest

from tests.payloads import PAYLOADS, raw

ESCAPED = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#x27;"})
MARKUP = [one for one in PAYLOADS if one.lstrip("\"'").startswith(("<", "><"))]


@pytest.mark.parametrize("payload", MARKUP)
def test_a_payload_that_is_markup_is_found(payload):
    assert list(raw(f"<p>{payload}</p>"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_that_is_text_is_none(payload):
    text = payload.translate(ESCAPED)
    assert not list(raw(f'<p title="{text}">{text}</p><input value="{text}">'))


def test_a_link_that_is_shown_as_text_is_none():
    assert not list(raw('<p>&lt;a href="javascript:window.__xss=1"&gt;x</p>'))


def test_links_that_run_are_found():
    assert list(raw('<a href=" javascript:window.__xss=1">x</a>')) and list(raw("<a href='java\tscript:x'>x</a>"))
    assert list(raw('<input value="x" autofocus onfocus="window.__xss=1">'))


def test_there_are_thirty():
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 30
