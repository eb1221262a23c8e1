"""What is known of a request before anything else is: its address."""

import pytest
from django.db import connection
from django.test import RequestFactory

from core.middleware import address_of

PROXY = "10.0.0.2"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, None, PROXY),
        (0, "203.0.113.9", PROXY),  # nobody is trusted: the header is anybody's word
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the first one was typed by the caller
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),
        (1, "2001:db8::9", "2001:db8::9"),
        (1, "unknown", None),
        (1, "", None),
    ],
)
def test_the_address_is_what_a_trusted_proxy_saw(settings, proxies, forwarded, found):
    settings.TRUSTED_PROXY_COUNT = proxies
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=PROXY, **extra)) == found


def test_without_a_forwarded_address_the_connection_counts(settings):
    settings.TRUSTED_PROXY_COUNT = 0
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) is None


@pytest.mark.parametrize("typed", [{"theme": "da\x00rk"}, {"the\x00me": "dark"}])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_what_cannot_be_stored_is_refused_in_words(world, owner, typed, headers):
    """PostgreSQL keeps no NUL; nobody but a program sends one."""
    answer = owner.post("/me/theme/", typed, headers=headers)
    said = answer.headers.get("HX-Trigger", "") + answer.content.decode()
    assert answer.status_code == 400 and "a character that cannot be stored" in said
    assert owner.post("/me/theme/", {"theme": "dark"}, headers=headers).status_code < 400


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_number_no_column_holds_is_refused_in_words(world, owner, monkeypatch, door):
    """Wherever a form let it through: each database says so in its own way."""

    def record(*args, **kwargs):
        connection.cursor().execute("SELECT CAST(%s AS integer)", [10**30])

    monkeypatch.setattr("campaigns.actions.notes.record", record)
    typed = {"text": "Sale", "kind": "note", "start_date": "2026-11-05"}
    if door == "page":
        answer = owner.post(f"{world.c}/notes/", typed)
    else:
        answer = owner.post("/api/v1/annotations/", {"campaign": world.campaign.code, **typed}, "application/json")
    assert answer.status_code == 400 and "A value is out of range." in answer.content.decode()
