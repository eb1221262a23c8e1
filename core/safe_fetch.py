"""The only way out. Addresses are resolved once, all answers checked, the connection made to a checked address.

Python's `is_global` is not a filter by itself: NAT64, 6to4 and IPv4-mapped addresses are unwrapped first
(RFC 6890, RFC 6052, RFC 3056).
"""

import ipaddress
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import PharosError

MAX_BODY = 50 * 2**20
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CGNAT = ipaddress.ip_network("100.64.0.0/10")


class FetchRefused(PharosError):
    """The address is not one we may call."""

    status = 400
    code = "address_refused"


class FetchFailed(PharosError):
    """The other side did not answer in time, or not with something we can read."""

    status = 502
    code = "fetch_failed"


@dataclass
class Answer:
    """Status, headers (lower case) and body of an answer."""

    status: int
    headers: dict
    body: bytes = field(repr=False)


def inner_address(address):
    """The IPv4 address inside an IPv6 wrapper, else the address itself."""
    if address.version == 6:
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address.sixtofour:
            return address.sixtofour
        if address.teredo:
            return address.teredo[1]
        if address in NAT64 or int(address) >> 32 == 0:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(text: str) -> bool:
    """Whether an address is one of the open Internet."""
    address = inner_address(ipaddress.ip_address(text.partition("%")[0]))
    return address.is_global and not address.is_multicast and not (address.version == 4 and address in CGNAT)


def checked_address(host: str, port: int) -> str:
    """Resolve once and return an address we may connect to; raise FetchRefused if any answer is not public."""
    try:
        answers = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise FetchFailed(_("The address %(host)s is not known.") % {"host": host}) from error
    if f"{host}:{port}" in settings.FETCH_ALLOWED_PRIVATE:
        return sorted(answers)[0]
    if not answers or not all(is_public(answer) for answer in answers):
        raise FetchRefused(_("The address %(host)s is inside a private network and is not called.") % {"host": host})
    return sorted(answers)[0]


def safe_fetch(
    method, url, *, headers=None, body=None, connect=5.0, read=30.0, total=120.0, max_body=MAX_BODY
) -> Answer:
    """Call `url` without redirects or proxies within `total` seconds and return its Answer.

    Only https; http to the private addresses that FETCH_ALLOWED_PRIVATE names.
    """
    parts = urlsplit(url)
    host, scheme = parts.hostname or "", parts.scheme
    port = parts.port or (443 if scheme == "https" else 80)
    if scheme not in ("http", "https") or not host or parts.username is not None or any(ord(c) < 33 for c in url):
        raise FetchRefused(_("This is not an address that can be called."))
    private_ok = f"{host}:{port}" in settings.FETCH_ALLOWED_PRIVATE
    if scheme == "http" and not private_ok:
        raise FetchRefused(_("Only https addresses are called."))
    address = checked_address(host, port)
    pinned = httpx.URL(url).copy_with(host=address)
    all_headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "Pharos", **(headers or {})}
    timeout = httpx.Timeout(read, connect=connect)
    deadline = time.monotonic() + total
    try:
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout) as client:
            extensions = {"sni_hostname": host} if scheme == "https" else {}
            with client.stream(method, pinned, headers=all_headers, content=body, extensions=extensions) as response:
                content = _read(response, deadline, max_body)
                return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)
    except httpx.HTTPError as error:
        raise FetchFailed(
            _("%(host)s did not answer: %(why)s") % {"host": host, "why": type(error).__name__}
        ) from error


def _read(response, deadline, max_body):
    parts, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_body:
            raise FetchFailed(_("The answer is larger than we accept."))
        if time.monotonic() > deadline:
            raise FetchFailed(_("The answer took too long."))
        parts.append(chunk)
    return b"".join(parts)
