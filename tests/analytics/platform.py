"""A fake platform on loopback: a ledger that is the truth, and a script of faults for its answers."""

import gzip
import json
import random
import threading
import time
from datetime import date, timedelta
from decimal import Decimal
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

FIRST = date(2026, 11, 1)
METRICS = ("impressions", "clicks", "cost")


def ledger_of(seed, campaigns=3, days=6):
    """{(campaign, day): {metric: Decimal}}, the same for the same seed."""
    rng = random.Random(seed)
    return {
        (f"c{campaign}", FIRST + timedelta(days=day)): {
            "impressions": Decimal(rng.randrange(1000, 90_000)),
            "clicks": Decimal(rng.randrange(10, 900)),
            "cost": Decimal(rng.randrange(100, 999_999)) / 100,
        }
        for day in range(days)
        for campaign in range(campaigns)
    }


class FakePlatform:
    """Serves the ledger in pages of `size`; `fault(platform, page, document) -> answer or document` may spoil one."""

    def __init__(self):
        self.ledger, self.size, self.tells_total = {}, 4, True
        self.fault, self.calls, self.delay = None, 0, 0.0
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                platform.serve(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def config(self):
        config = {
            "url": f"http://127.0.0.1:{self.port}/report?from={{from}}&to={{to}}",
            "auth": "bearer",
            "rows": "data",
            "error": "error",
            "paging": {"kind": "cursor", "parameter": "cursor", "path": "next"},
            "columns": {"day": "date", "id": "campaign_id", "name": "campaign"} | {name: name for name in METRICS},
            "level": "campaign",
            "currency": "CNY",
            "account": {"name": "Fake", "id": "fake"},
        }
        return config | ({"total": "total"} if self.tells_total else {})

    def rows(self, first, last):
        found = sorted(((day, key) for key, day in self.ledger if first <= day <= last), key=str)
        return [
            {"day": day.isoformat(), "id": key, "name": key.upper()}
            | {name: str(value) for name, value in self.ledger[key, day].items()}
            for day, key in found
        ]

    def serve(self, request):
        self.calls += 1
        time.sleep(self.delay)
        query = parse_qs(urlsplit(request.path).query)
        rows = self.rows(*(date.fromisoformat(query[name][0]) for name in ("from", "to")))
        start = int(query.get("cursor", ["0"])[0])
        after = start + self.size
        document = {"data": rows[start:after], "next": str(after) if after < len(rows) else None}
        document["total"] = len(rows)
        answer = self.fault(self, start // self.size, document) if self.fault else None
        self.send(request, *(answer or (200, {}, json.dumps(document).encode())))

    def send(self, request, status, headers, body):
        claimed = headers.pop("claimed", len(body))
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(claimed))
        request.end_headers()
        request.wfile.write(body)
        request.close_connection = True


# --- faults: each spoils page `at`, `times` times ---------------------------------------------------------------------


def spoil(how, at, times=10**6):
    """A fault for `FakePlatform.fault`: `how(platform, document)` changes the document or gives the answer."""
    left = [times]

    def fault(platform, page, document):
        if page != at or left[0] <= 0:
            return None
        left[0] -= 1
        return how(platform, document)

    return fault


def drop(platform, document):
    """The page's rows are missing, the pages go on."""
    document["data"] = []


def skip(platform, document):
    """The marker jumps over the next page."""
    if document["next"]:
        document["next"] = str(int(document["next"]) + platform.size)


def repeat(platform, document):
    """The rows of the first page come again."""
    document["data"] = platform.rows(FIRST, FIRST + timedelta(days=60))[: platform.size]


def loop(platform, document):
    """The marker leads back to where we were."""
    document["next"] = str(platform.size)


def shift(platform, document):
    """Rows moved while pages were read: the page's last row is one that came before."""
    document["data"][-1] = platform.rows(FIRST, FIRST + timedelta(days=60))[0]


def other_total(platform, document):
    document["total"] += 1


def no_total(platform, document):
    document["total"] = "many"


def no_rows(platform, document):
    del document["data"]


def odd_number(platform, document):
    document["data"][0]["cost"] = "1.234,5"


def odd_day(platform, document):
    document["data"][0]["day"] = "31/02/2026"


def nameless(platform, document):
    document["data"][0]["id"] = document["data"][0]["name"] = ""


def truncated(platform, document):
    """Whole as an answer, cut as JSON."""
    return 200, {}, json.dumps(document).encode()[:-40]


def cut(platform, document):
    """The connection ends before what was announced."""
    body = json.dumps(document).encode()
    return 200, {"claimed": len(body)}, body[: len(body) // 2]


def html(platform, document):
    return 200, {"Content-Type": "text/html"}, b"<html><h1>Maintenance</h1></html>"


def error_body(platform, document):
    return 200, {}, b'{"error": {"code": 17, "message": "quota"}, "data": []}'


def gzip_cut(platform, document):
    packed = gzip.compress(json.dumps(document).encode())
    return 200, {"Content-Encoding": "gzip"}, packed[: len(packed) // 2]


def gzip_broken(platform, document):
    return 200, {"Content-Encoding": "gzip"}, b"\x1f\x8bno gzip at all"


def redirect(platform, document):
    return 302, {"Location": "http://127.0.0.1:1/"}, b""


def refused(platform, document):
    return 401, {}, b"{}"


def forbidden(platform, document):
    return 403, {}, b"{}"


def too_many(platform, document):
    return 429, {"Retry-After": "2"}, b"{}"


def too_many_until(platform, document):
    return 429, {"Retry-After": format_datetime(timezone.now() + timedelta(seconds=90), usegmt=True)}, b"{}"


def broken(platform, document):
    return 500, {}, b"oops"


def nothing(platform, document):
    return 200, {}, b""


FAULTS = [drop, skip, repeat, loop, shift, other_total, no_total, no_rows, odd_number, odd_day, nameless, truncated]
FAULTS += [cut, html, error_body, gzip_cut, gzip_broken, redirect, refused, forbidden, too_many, too_many_until]
FAULTS += [broken, nothing]
NEED_TOTAL = {drop, skip, other_total, no_total}  # unknowable where the platform tells no number of rows
