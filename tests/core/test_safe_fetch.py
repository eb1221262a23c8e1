"""The only way out: hostile addresses are refused and no inner server ever hears of them."""

import http.server
import socket
import threading
import time

import httpcore
import pytest

from core import safe_fetch as fetching
from core.safe_fetch import FetchFailed, FetchRefused, is_public, safe_fetch

INNER = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0",
    "0.0.0.0", "127.255.255.254", "127.000.000.001", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.0.1", "2852039166", "0xa9fea9fe", "100.64.0.1",
    "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "0.1.2.3", "[::1]", "[::]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[0:0:0:0:0:ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]", "[2002:a00:1::]", "[2002:a9fe:a9fe::]",
    "[2002:c0a8:1::1]", "[2001:0:53aa:64c:0:0:80ff:fffe]", "[2001::1]", "[2001:db8::1]", "[fe80::1]", "[febf::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[5f00::1]",
    "[4000::1]", "[::ffff:ffff:ffff]", "[::a00:1]", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.",
    "\uff11\uff12\uff17.0.0.1", "\u2460\u2461\u2466.0.0.1", "127\u30020.0.1", "ⓛocalhost",
]  # fmt: skip
ODD = [
    "", "/", "//127.0.0.1/", "127.0.0.1", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
    "javascript:alert(1)", "data:text/plain,x", "https://", "https:///path", "https://user@127.0.0.1/",
    "https://user:pass@example.com/", "https://example.com@127.0.0.1/", "https://example.com:80@127.0.0.1/",
    "https://example.com\\@127.0.0.1/", "https://127.0.0.1\\.example.com/", "https://127.0.0.1:0/",
    "https://127.0.0.1:65536/", "https://127.0.0.1:99999/", "https://127.0.0.1:-1/", "https://127.0.0.1:abc/",
    "https://[::1", "https://::1/", "https://[::1]]/", "https://[fe80::1%25lo]/", "https://exa mple.com/",
    "https://127.0.0.1/\r\nHost: inner", "https://127.0.0.1\n.example.com/", "https://127.0.0.1\t/", " https://127.0.0.1/",
    "https://%31%32%37.0.0.1/", "https://127.0.0.1%00.example.com/", "https://127.0.0.1%2f.example.com/", "https://./",
    "https://../", "https://-/", "https://xn--/", "https://" + "a" * 64 + ".com/", "https://" + "a" * 5000,
    "http://example.com/", "http://127.0.0.1/", "http://[::1]/", "HTTP://127.0.0.1/", None, 5, b"https://example.com/",
]  # fmt: skip


class Sink:
    """An inner server that counts who knocks."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.knocks = self.socket.getsockname()[1], 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                connection, _peer = self.socket.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()


@pytest.fixture
def sink():
    served = Sink()
    yield served
    served.socket.close()


@pytest.fixture
def no_network(monkeypatch):
    """Whoever gets past the check connects to nothing, and is seen."""
    reached = []

    def connect(self, host, port, *args, **kwargs):
        reached.append((host, port))
        raise httpcore.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return reached


@pytest.mark.parametrize("host", INNER)
def test_an_inner_address_is_refused_however_it_is_written(host, no_network):
    with pytest.raises((FetchRefused, FetchFailed)):
        safe_fetch("GET", f"https://{host}/")
    assert no_network == []


@pytest.mark.parametrize("url", ODD)
def test_what_is_no_plain_address_is_refused(url, no_network):
    with pytest.raises((FetchRefused, FetchFailed)):
        safe_fetch("GET", url)
    assert no_network == []


def test_no_connection_arrives_at_an_inner_server(sink):
    for host in INNER:
        for scheme in ("https", "http"):
            with pytest.raises((FetchRefused, FetchFailed)):
                safe_fetch("GET", f"{scheme}://{host}:{sink.port}/", connect=0.5, read=0.5, total=1)
    assert sink.knocks == 0


def test_control_without_the_check_the_inner_server_is_reached(sink, monkeypatch):
    monkeypatch.setattr(fetching, "is_public", lambda text: True)
    for host in ("127.0.0.1", "2130706433", "localhost"):
        with pytest.raises(FetchFailed):
            safe_fetch("GET", f"https://{host}:{sink.port}/", connect=0.5, read=0.5, total=1)
    time.sleep(0.1)
    assert sink.knocks >= 3


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"])
def test_the_open_internet_is_called(address):
    assert is_public(address)


def answers(monkeypatch, *rounds):
    """The name service gives these lists of addresses, one list a question."""
    asked = []

    def resolve(host, port, *args, **kwargs):
        asked.append(host)
        found = rounds[min(len(asked), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)
    return asked


def test_a_name_with_one_inner_address_is_refused(monkeypatch, no_network):
    answers(monkeypatch, ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(FetchRefused):
        safe_fetch("GET", "https://mixed.example/")
    assert no_network == []


def test_the_first_answer_is_called_for_the_resolver_knows_what_can_be_reached(monkeypatch, no_network):
    answers(monkeypatch, ["93.184.216.34", "2606:2800:220:1::1", "8.8.8.8"])
    with pytest.raises(FetchFailed):
        safe_fetch("GET", "https://both.example/")
    assert no_network == [("93.184.216.34", 443)]


def test_rebinding_meets_the_address_that_was_checked(monkeypatch, no_network):
    asked = answers(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(FetchFailed):
        safe_fetch("GET", "https://rebind.example/")
    assert asked == ["rebind.example"] and no_network == [("8.8.8.8", 443)]


def test_an_unknown_name_is_said_to_be_unknown(monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror("unknown")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", nobody)
    with pytest.raises(FetchFailed, match=r"nowhere\.example"):
        safe_fetch("GET", "https://nowhere.example/")


# --- a server that is allowed ----------------------------------------------------------------------------------------


@pytest.fixture
def allowed(settings):
    """A server on loopback that FETCH_ALLOWED_PRIVATE names; `allowed.serve(handler)` is what it does."""

    class Handler(http.server.BaseHTTPRequestHandler):
        serve = None

        def do_GET(self):
            type(self).seen = dict(self.headers)
            type(self).serve(self)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    Handler.url = f"http://127.0.0.1:{server.server_address[1]}/"
    settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.server_address[1]}"]
    yield Handler
    server.shutdown()
    server.server_close()


def send(request, status=200, body=b"", **headers):
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def test_an_allowed_server_answers(allowed):
    allowed.serve = lambda request: send(request, body=b"hello", X_Told="1")
    answer = safe_fetch("GET", allowed.url, headers={"Authorization": "Bearer t"})
    assert (answer.status, answer.body, answer.headers["x-told"]) == (200, b"hello", "1")
    assert allowed.seen["Authorization"] == "Bearer t" and allowed.seen["Host"] == allowed.url[7:-1]
    assert "hello" not in repr(answer)


def test_another_port_of_the_same_host_stays_closed(allowed, sink):
    with pytest.raises(FetchRefused):
        safe_fetch("GET", f"http://127.0.0.1:{sink.port}/")
    assert sink.knocks == 0


def test_a_redirect_is_not_followed(allowed, sink):
    allowed.serve = lambda request: send(request, 302, Location=f"http://127.0.0.1:{sink.port}/")
    assert safe_fetch("GET", allowed.url).status == 302
    assert sink.knocks == 0


def test_no_proxy_of_the_environment(allowed, sink, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{sink.port}")
    allowed.serve = lambda request: send(request, body=b"direct")
    assert safe_fetch("GET", allowed.url).body == b"direct" and sink.knocks == 0


def test_too_much_is_refused(allowed):
    allowed.serve = lambda request: send(request, body=b"x" * 100_000)
    with pytest.raises(FetchFailed, match="larger"):
        safe_fetch("GET", allowed.url, max_body=50_000)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_byte_at_a_time_ends_at_the_deadline(allowed, part):
    def drip(request):
        if part == "body":
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        else:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _byte in range(100):
            request.wfile.write(b"x")
            time.sleep(0.05)

    allowed.serve = drip
    began = time.monotonic()
    with pytest.raises(FetchFailed):
        safe_fetch("GET", allowed.url, total=0.5)
    assert time.monotonic() - began < 2


def test_a_server_that_says_nothing_is_left(allowed):
    allowed.serve = lambda request: time.sleep(2)
    began = time.monotonic()
    with pytest.raises(FetchFailed):
        safe_fetch("GET", allowed.url, read=0.3)
    assert time.monotonic() - began < 1.5
