"""A sandbox channel on loopback: "Sandbox Ads", an invented platform for demos and trials, never a real one.

It answers like a plain reporting API: JSON, cursor paging, a bearer token. Its figures are a pure function of campaign
and day; those of today grow with the minutes of the day, so that a periodic pull always finds newer ones.
"""

import hashlib
import hmac
import json
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

TOKEN = "sandbox-token"  # not a secret: it opens invented figures on loopback
ZONE = ZoneInfo("Asia/Shanghai")
PAGE_SIZE = 50
CAMPAIGNS = (
    ("sbx-1001", "Sandbox feed always-on", 42_000, "2.10"),
    ("sbx-1002", "Sandbox search brand words", 9_000, "6.80"),
    ("sbx-1003", "Sandbox video launch film", 65_000, "1.20"),
    ("sbx-1004", "Sandbox retargeting", 12_000, "3.40"),
)


def noise(*parts):
    """A steady number between 0 and 1 for these words."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


def figures(campaign_id, impressions_a_day, cost_per_mille_base, day, share=1.0):
    """One row of the report: what the campaign had on `day`, `share` of the day gone by."""
    weekend = 1.15 if day.weekday() >= 5 else 1.0
    impressions = round(impressions_a_day * weekend * (0.8 + 0.4 * noise(campaign_id, day)) * share)
    clicks = round(impressions * (0.012 + 0.01 * noise("ctr", campaign_id, day)))
    cost = (
        Decimal(clicks) * Decimal(cost_per_mille_base) * Decimal(round(90 + 20 * noise("cpc", campaign_id, day))) / 100
    )
    return {
        "impressions": impressions,
        "clicks": clicks,
        "cost": f"{cost:.2f}",
        "conversions": round(clicks * (0.02 + 0.02 * noise("cvr", campaign_id, day))),
    }


def rows(day_from, day_to, now):
    """Every row of the days, ordered by day; nothing of the future, part of today."""
    local = now.astimezone(ZONE)
    for offset in range((min(day_to, local.date()) - day_from).days + 1):
        day = day_from + timedelta(days=offset)
        share = (local.hour * 60 + local.minute + 1) / 1440 if day == local.date() else 1.0
        for campaign_id, name, impressions, price in CAMPAIGNS:
            head = {"date": day.isoformat(), "campaign_id": campaign_id, "campaign_name": name, "currency": "CNY"}
            yield {**head, **figures(campaign_id, impressions, price, day, share)}


def page(query, now):
    """The answer to a query string as (status, body)."""
    try:
        day_from, day_to = (date.fromisoformat(query[name][0]) for name in ("from", "to"))
        start = int(query.get("cursor", ["0"])[0])
    except (KeyError, ValueError):
        return 400, {"error": "from and to are days, cursor a number"}
    if (day_to - day_from).days > 400 or start < 0:
        return 400, {"error": "at most 400 days"}
    found = list(rows(day_from, day_to, now))
    after = start + PAGE_SIZE
    next_cursor = str(after) if after < len(found) else None
    return 200, {"data": found[start:after], "total": len(found), "next_cursor": next_cursor, "sandbox": True}


class Handler(BaseHTTPRequestHandler):
    """GET /v1/report?from=&to=&cursor= with `Authorization: Bearer sandbox-token`."""

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path != "/v1/report":
            self.answer(404, {"error": "unknown path"})
        elif not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {TOKEN}"):
            self.answer(401, {"error": "token"})
        else:
            self.answer(*page(parse_qs(parts.query), datetime.now(UTC)))

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """The sandbox keeps silent."""


def start(port):
    """Serve on 127.0.0.1:`port` from a daemon thread and return the server; None when the port is taken."""
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError:
        return None
    threading.Thread(target=server.serve_forever, name="pharos-sandbox", daemon=True).start()
    return server


def config(port):
    """The connector settings of a source that pulls this sandbox."""
    return {
        "url": f"http://127.0.0.1:{port}/v1/report?from={{from}}&to={{to}}",
        "auth": "bearer",
        "rows": "data",
        "total": "total",
        "paging": {"kind": "cursor", "parameter": "cursor", "path": "next_cursor"},
        "columns": {
            "date": "date",
            "campaign_id": "campaign_id",
            "campaign_name": "campaign",
            "currency": "currency",
            "impressions": "impressions",
            "clicks": "clicks",
            "cost": "cost",
            "conversions": "conversions",
        },
        "level": "campaign",
        "account": {"name": "Sandbox Ads", "id": "sandbox"},
        "includes_today": True,
    }
