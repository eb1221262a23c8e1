"""What is known of a request before anything else is: its address."""

import pytest
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
