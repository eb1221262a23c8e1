"""The only way out. Addresses are resolved once, all answers checked, the connection made to a checked address.

Python's `is_global` is not a filter by itself: NAT64, 6to4 and IPv4-mapped addresses are unwrapped first
(RFC 6890, RFC 6052, RFC 3056), and of the rest only global unicast (2000::/3) is called.
"""

import ipaddress
import socket
import time
from dataclasses import dataclass, field
from functools import cache

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import PharosError

MAX_BODY = 50 * 2**20
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CGNAT = ipaddress.ip_network("100.64.0.0/10")
UNICAST = ipaddress.ip_network("2000::/3")
LONGEST_URL = 4000


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
    if address.version == 6:
        return address in UNICAST and address.is_global
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in CGNAT


def checked_address(host: str, port: int) -> str:
    """Resolve once and return an address we may connect to; raise FetchRefused if any answer is not public.

    The resolver's first answer is taken: it puts addresses this machine cannot reach (IPv6 without a route) last.
    """
    try:
        answers = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise FetchFailed(_("The address %(host)s is not known.") % {"host": host}) from error
    if f"{host}:{port}" in settings.FETCH_ALLOWED_PRIVATE:
        return answers[0]
    if not answers or not all(is_public(answer) for answer in answers):
        raise FetchRefused(_("The address %(host)s is inside a private network and is not called.") % {"host": host})
    return answers[0]


def safe_fetch(
    method, url, *, headers=None, body=None, connect=5.0, read=30.0, total=120.0, max_body=MAX_BODY
) -> Answer:
    """Call `url` without redirects or proxies within `total` seconds and return its Answer.

    Only https; http to the private addresses that FETCH_ALLOWED_PRIVATE names.
    """
    deadline = time.monotonic() + total
    target, host, port = _target(url)
    backend = _Pinned(checked_address(host, port), deadline)
    timeout = httpx.Timeout(read, connect=connect)
    asked = {"User-Agent": "Pharos", **(headers or {})}
    try:
        with (
            httpx.Client(transport=_Transport(backend), follow_redirects=False, timeout=timeout) as client,
            client.stream(method, target, headers=asked, content=body) as response,
        ):
            content = _read(response, deadline, max_body)
            return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)
    except (httpx.HTTPError, httpcore.ProtocolError, OSError) as error:
        raise FetchFailed(
            _("%(host)s did not answer: %(why)s") % {"host": host, "why": type(error).__name__}
        ) from error


def _is_plain(url):
    """Is this a text of fair length without blanks, control signs and backslashes?"""
    return isinstance(url, str) and len(url) <= LONGEST_URL and not any(ord(sign) < 33 or sign == "\\" for sign in url)


def _target(url):
    """(parsed address, host as it is resolved, port) of an address we may call; raise FetchRefused otherwise.

    One parser reads the address for the check and for the call, so that both mean the same host.
    """
    refused = FetchRefused(_("This is not an address that can be called."))
    if not _is_plain(url):
        raise refused
    try:
        target = httpx.URL(url)
        host, port = target.raw_host.decode("ascii").strip("[]"), target.port
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise refused from error
    port = port or (443 if target.scheme == "https" else 80)
    if target.scheme not in ("http", "https") or not host or target.userinfo or not 0 < port < 65536:
        raise refused
    if target.scheme == "http" and f"{host}:{port}" not in settings.FETCH_ALLOWED_PRIVATE:
        raise FetchRefused(_("Only https addresses are called."))
    return target, host, port


class _Transport(httpx.HTTPTransport):
    """httpx over connections that `backend` makes; no proxy of the environment."""

    def __init__(self, backend):
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend)


@cache
def _tls():
    return httpx.create_ssl_context(trust_env=False)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the checked address whatever name is asked for, and lets nothing outlast the deadline."""

    def __init__(self, address, deadline):
        self.address, self.deadline, self.plain = address, deadline, httpcore.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        within = _left(self.deadline, timeout)
        stream = self.plain.connect_tcp(self.address, port, within, local_address, socket_options)
        return _Bounded(stream, self.deadline)

    def connect_unix_socket(self, path, timeout=None, socket_options=None):
        raise httpcore.ConnectError("no sockets of files")


class _Bounded(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline: a byte a second does not hold a worker for ever."""

    def __init__(self, stream, deadline):
        self.stream, self.deadline = stream, deadline

    def read(self, max_bytes, timeout=None):
        return self.stream.read(max_bytes, _left(self.deadline, timeout))

    def write(self, buffer, timeout=None):
        self.stream.write(buffer, _left(self.deadline, timeout))

    def close(self):
        self.stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        stream = self.stream.start_tls(ssl_context, server_hostname, _left(self.deadline, timeout))
        return _Bounded(stream, self.deadline)

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)


def _left(deadline, timeout):
    """Seconds that may still be waited; raise when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer took too long")
    return left if timeout is None else min(left, timeout)


def _read(response, deadline, max_body):
    """The body, unpacked, within its limits of size and time."""
    parts, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_body:
            raise FetchFailed(_("The answer is larger than we accept."))
        if time.monotonic() > deadline:
            raise FetchFailed(_("The answer took too long."))
        parts.append(chunk)
    return b"".join(parts)
