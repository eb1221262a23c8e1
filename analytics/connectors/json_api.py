"""The generic JSON connector: any reporting API that answers pages of rows.

`config` (JSON, kept in Source.config):
    url        with `{from}` and `{to}` where the days go (ISO), query included
    method     GET (default) or POST; `body` is then a JSON object, `{from}`/`{to}` replaced in its strings
    auth       none | bearer | header | query; `auth_name` names header or parameter; the token is in the credentials
    rows       dotted path to the list of rows ("" when the answer is the list)
    total      dotted path to the number of all rows, where the API tells it
    error      dotted path that is empty or 0 when all is well ("HTTP 200" alone is not success)
    paging     {"kind": "none"} | {"kind": "page", "parameter", "size_parameter", "size", "first"} |
               {"kind": "offset", …} | {"kind": "cursor", "parameter", "path"} | {"kind": "next_url", "path"}
    columns    dotted path in a row -> metric code or dimension (date, account_id, campaign_id, campaign, currency …)
    micros     metric codes given in millionths
    dates      how days are written, as in `%d.%m.%Y`; without it 2026-11-23 (a time may follow) and 20261123 are read
    level      the level of the rows' objects; `currency` when no column tells it
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from analytics.connectors.json_config import DIMENSIONS
from core.errors import PharosError
from core.safe_fetch import FetchFailed, safe_fetch

MILLION = Decimal(1_000_000)
DEFAULT_WAIT, LONGEST_WAIT = 60, 86_400
TOTAL_SECONDS = 40.0  # less than a job's lease, so that a slow platform costs an attempt and not the lease
READ_SECONDS = 20.0


class NeedsReauth(PharosError):
    """The platform refuses the credentials."""

    code = "needs_reauth"


class Throttled(PharosError):
    """The platform asks to wait; `seconds` says how long."""

    code = "throttled"

    def __init__(self, seconds):
        super().__init__(_("The platform asks to wait %(seconds)s seconds.") % {"seconds": seconds})
        self.seconds = seconds


class BadAnswer(PharosError):
    """The answer is not what the settings describe; old figures stay."""

    code = "bad_answer"


@dataclass
class Page:
    """One page: its rows as the API gave them, the cursor of the next (None: last) and the total where told."""

    rows: list
    cursor: dict | None
    total: int | None = None


@dataclass
class Row:
    """One row in our words."""

    day: date
    level: str
    external_id: str
    name: str
    account_id: str = ""
    account: str = ""
    currency: str = ""
    values: dict = field(default_factory=dict)


def dig(value, path):
    """Follow a dotted path through objects and lists; None where it ends."""
    for step in filter(None, (path or "").split(".")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def fetch_page(config, credentials, day_from, day_to, cursor=None):
    """Fetch one page; `cursor` is what the Page before gave. Raises NeedsReauth, Throttled, BadAnswer, FetchFailed."""
    url, headers, body = request_of(config, credentials, day_from, day_to, cursor)
    method = config.get("method", "GET")
    answer = safe_fetch(method, url, headers=headers, body=body, read=READ_SECONDS, total=TOTAL_SECONDS)
    document = read(answer, config)
    rows = dig(document, config.get("rows"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadAnswer(_("There is no list of rows at “%(path)s”.") % {"path": config.get("rows") or "/"})
    return Page(rows, next_cursor(config, document, rows, cursor), _total(document, config))


def _total(document, config):
    """The number of all rows that the platform tells; BadAnswer where it should tell one and does not."""
    if not config.get("total"):
        return None
    told = str(dig(document, config["total"]))
    if not re.fullmatch(r"[0-9]{1,9}", told):
        raise BadAnswer(_("There is no number of rows at “%(path)s”.") % {"path": config["total"]})
    return int(told)


def request_of(config, credentials, day_from, day_to, cursor):
    """(url, headers, body) of the call for these days and this cursor."""
    days = {"{from}": day_from.isoformat(), "{to}": day_to.isoformat()}
    url, headers, parameters = _filled(config["url"], days), {"Accept": "application/json"}, {}
    paging = config.get("paging") or {"kind": "none"}
    if cursor and paging["kind"] == "next_url":
        url = cursor["url"]
    else:
        parameters |= _page_parameters(paging, cursor)
    token, auth = credentials.get("token", ""), config.get("auth", "none")
    if auth == "bearer":
        headers["Authorization"] = f"Bearer {token}"
    elif auth == "header":
        headers[config["auth_name"]] = token
    elif auth == "query":
        parameters[config["auth_name"]] = token
    body = None
    if config.get("method") == "POST":
        headers["Content-Type"] = "application/json"
        body = json.dumps(_filled_tree(config.get("body") or {}, days) | parameters).encode()
        parameters = {}
    return _with_parameters(url, parameters), headers, body


def _filled(text, days):
    for mark, value in days.items():
        text = text.replace(mark, value)
    return text


def _filled_tree(value, days):
    if isinstance(value, dict):
        return {key: _filled_tree(item, days) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled_tree(item, days) for item in value]
    return _filled(value, days) if isinstance(value, str) else value


def _with_parameters(url, parameters):
    if not parameters:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(parameters)]))
    return urlunsplit(parts._replace(query=query))


def _page_parameters(paging, cursor):
    if paging["kind"] in ("page", "offset"):
        first = int(paging.get("first", 1 if paging["kind"] == "page" else 0))
        place = cursor["at"] if cursor else first
        size = {paging["size_parameter"]: paging["size"]} if paging.get("size_parameter") else {}
        return {paging["parameter"]: place, **size}
    return {paging["parameter"]: cursor["at"]} if cursor and paging["kind"] == "cursor" else {}


def next_cursor(config, document, rows, cursor):
    """Where the next page begins; None after the last one."""
    paging = config.get("paging") or {"kind": "none"}
    if paging["kind"] == "cursor":
        at = dig(document, paging["path"])
        return {"at": str(at)} if at not in (None, "", False) else None
    if paging["kind"] == "next_url":
        url = dig(document, paging["path"])
        return _same_host(config["url"], url) if url else None
    return _next_counted(paging, rows, cursor)


def _next_counted(paging, rows, cursor):
    """Where the next page begins if pages or rows are counted; None after the last one."""
    size = int(paging.get("size") or 0)
    if paging["kind"] in ("page", "offset") and rows and (not size or len(rows) >= size):
        first = int(paging.get("first", 1 if paging["kind"] == "page" else 0))
        at = cursor["at"] if cursor else first
        return {"at": at + (1 if paging["kind"] == "page" else len(rows))}
    return None


def _same_host(ours, url):
    if urlsplit(url)[:2] != urlsplit(ours)[:2]:
        raise BadAnswer(_("The next page lies at another address, which is not followed."))
    return {"url": url}


def read(answer, config):
    """The JSON document of an answer that means success."""
    if answer.status in (401, 403):
        raise NeedsReauth(_("The platform refuses the credentials (%(status)s).") % {"status": answer.status})
    if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
        raise Throttled(wait_seconds(answer.headers.get("retry-after", ""), datetime.now(UTC)))
    if answer.status >= 500 or answer.status == 408:
        raise FetchFailed(_("The platform answered with status %(status)s.") % {"status": answer.status})
    if answer.status != 200:
        raise BadAnswer(_("The platform answered with status %(status)s.") % {"status": answer.status})
    try:
        document = json.loads(answer.body, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise BadAnswer(_("The answer is not JSON, or it was cut short.")) from error
    fault = dig(document, config["error"]) if config.get("error") else None
    if fault not in (None, "", 0, "0", False, Decimal(0)):
        raise BadAnswer(_("The platform reports an error: %(fault)s") % {"fault": str(fault)[:200]})
    return document


def wait_seconds(header, now):
    """Seconds of a Retry-After header, given as a number or as an HTTP date; a minute when it says nothing."""
    if re.fullmatch(r"[0-9]{1,9}", header.strip()):
        return max(1, min(int(header), LONGEST_WAIT))
    try:
        told = parsedate_to_datetime(header)
        told = told if told.tzinfo else told.replace(tzinfo=UTC)
        return max(1, min(int((told - now).total_seconds()) + 1, LONGEST_WAIT))
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_WAIT


def read_row(config, raw):
    """One row in our words; raises BadAnswer naming the column that cannot be read."""
    found, values = {}, {}
    for path, meaning in config["columns"].items():
        value = dig(raw, path)
        if meaning in DIMENSIONS:
            found[meaning] = "" if value is None else str(value)
        elif value not in (None, "", "--", "-"):
            values[meaning] = _number(path, value, meaning in config.get("micros", ()))
    level = config["level"]
    name = found.get(level, "")
    if level != "account" and not (name or found.get(f"{level}_id")):
        raise BadAnswer(_("A row does not say what its figures belong to."))
    external_id = found.get(f"{level}_id", "") or f"name:{name}"
    if level == "account":
        external_id, name = "account", found.get("account", "")
    return Row(
        day=_day(found.get("date", ""), config.get("dates")),
        level=level,
        external_id=external_id,
        name=name or external_id,
        account_id=found.get("account_id", ""),
        account=found.get("account", ""),
        currency=found.get("currency") or config.get("currency", ""),
        values=values,
    )


def _number(path, value, is_micros):
    """A plain number; thousands separators, bools and digits of other scripts are no numbers here."""
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?", text):
        raise BadAnswer(_("“%(value)s” in %(column)s is no number.") % {"value": text[:40], "column": path})
    number = Decimal(text)
    return number / MILLION if is_micros else number


def _day(text, written=None):
    """The day of a row. A time behind it is cut off: the platform's day counts, not ours."""
    try:
        if written:
            day = datetime.strptime(text.strip(), written).date()
        elif re.fullmatch(r"[0-9]{8}", text):
            day = datetime.strptime(text, "%Y%m%d").date()
        else:
            day = date.fromisoformat(text[:10] if re.fullmatch(r".{10}([T ].*)?", text) else "")
    except ValueError as error:
        raise BadAnswer(_("“%(value)s” is no day.") % {"value": text[:40]}) from error
    if not 2000 <= day.year <= 2100:
        raise BadAnswer(_("“%(value)s” is no day.") % {"value": text[:40]})
    return day
