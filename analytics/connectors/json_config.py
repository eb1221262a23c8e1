"""Whether the settings of a JSON source can be tried; json_api tells what each of them means."""

import json
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from core.money import is_currency

DIMENSIONS = {
    "date",
    "account_id",
    "account",
    "campaign_id",
    "campaign",
    "ad_group_id",
    "ad_group",
    "ad_id",
    "ad",
    "keyword",
    "currency",
}
LEVELS = ("account", "campaign", "ad_group", "ad", "keyword")
AUTH = ("none", "bearer", "header", "query")
PAGING = ("none", "page", "offset", "cursor", "next_url")
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")


def check_config(config, metrics=None):
    """Sentences on what the settings lack; empty when they can be tried. `metrics`: the codes a column may feed."""
    return check_call(config) or _wrong_columns(config, metrics)


def check_call(config):
    """Sentences on what a call lacks, whatever its columns mean."""
    if not isinstance(config, dict):
        return [_("The settings are an object of named values.")]
    return _wrong_shape(config) or [*_wrong_call(config), *_wrong_paging(config)]


def _is_mixed(named):
    """Does an object hold values that are no text?"""
    return isinstance(named, dict) and not all(isinstance(value, str) for value in named.values())


def _wrong_shape(config):
    """Values that are no text, list or object where one is meant."""
    texts = ("url", "method", "auth", "auth_name", "rows", "total", "error", "level", "currency", "dates")
    wrong = [name for name in texts if not isinstance(config.get(name, ""), str)]
    wrong += [name for name in ("paging", "columns", "body", "account") if not isinstance(config.get(name) or {}, dict)]
    columns, micros = config.get("columns"), config.get("micros")
    if _is_mixed(columns):
        wrong.append("columns")
    if not isinstance(micros or [], list) or not all(isinstance(value, str) for value in micros or []):
        wrong.append("micros")
    account = config.get("account")
    if _is_mixed(account):
        wrong.append("account")
    return [_("“%(name)s” has the wrong form.") % {"name": name} for name in wrong]


def _wrong_call(config):
    url, wrong = config.get("url", ""), []
    if not _is_address(url):
        wrong.append(_("Give an address that begins with https://."))
    asked = json.dumps([url, config.get("body")])
    if "{from}" not in asked or "{to}" not in asked:
        wrong.append(_("Put {from} and {to} where the days go, so that each day is asked for."))
    if config.get("method", "GET") not in ("GET", "POST"):
        wrong.append(_("Only GET and POST are known."))
    if config.get("auth", "none") not in AUTH:
        wrong.append(_("Choose how the token is sent."))
    if config.get("auth") in ("header", "query") and not HEADER_NAME.fullmatch(config.get("auth_name", "")):
        wrong.append(_("Name the header or parameter that carries the token."))
    return wrong


def _is_address(url):
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.scheme in ("https", "http") and parts.port != 0
    except ValueError:
        return False


def _wrong_paging(config):
    paging = config.get("paging") or {"kind": "none"}
    kind, size = paging.get("kind"), paging.get("size")
    if kind not in PAGING:
        return [_("Choose how pages follow each other.")]
    if kind in ("page", "offset", "cursor") and not _is_text(paging.get("parameter")):
        return [_("Name the parameter that asks for the next page.")]
    if kind in ("cursor", "next_url") and not _is_text(paging.get("path")):
        return [_("Say where the answer tells the next page.")]
    if kind in ("page", "offset") and not all(
        isinstance(value, int) and 0 <= value <= 100_000 for value in (size or 0, paging.get("first", 0))
    ):
        return [_("A page holds between 1 and 100,000 rows.")]
    return []


def _is_text(value):
    return isinstance(value, str) and bool(value.strip())


def _wrong_columns(config, metrics):
    columns, level, wrong = config.get("columns") or {}, config.get("level", ""), []
    figures = set(columns.values()) - DIMENSIONS
    if "date" not in columns.values():
        wrong.append(_("Say which column holds the day."))
    if not figures:
        wrong.append(_("Say which columns hold figures."))
    if metrics is not None and figures - set(metrics):
        wrong.append(
            _("These metrics are not known: %(names)s.") % {"names": ", ".join(sorted(figures - set(metrics)))}
        )
    if len(set(columns.values())) < len(columns):
        wrong.append(_("Two columns have the same meaning."))
    if level not in LEVELS:
        wrong.append(_("Say what the rows are about: account, campaign, ad group, ad or keyword."))
    elif level != "account" and not {level, f"{level}_id"} & set(columns.values()):
        wrong.append(_("Say which column names the object the figures belong to."))
    if config.get("currency") and not is_currency(config["currency"]):
        wrong.append(_("Use a three-letter ISO 4217 currency code."))
    return wrong
