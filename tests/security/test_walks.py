"""Walks over all routes: formulas in exports, redirects that leave, reading that writes, forms from elsewhere, sub-
processes, the browsable API."""

import csv
import io
import re
import subprocess
import sys
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from core.context import Context, using
from core.export import csv_bytes, xlsx_bytes
from tests import processes
from tests.inventory import fill, inventory
from tests.test_matrix import Ledger, Person, browser

pytestmark = pytest.mark.once

# --- exports ---------------------------------------------------------------------------------------------------------

FORMULAS = ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", " =", "'=", '"=', "=cmd|' /C calc'!A0|", "@SUM(1)|"]
TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ASKED = ("export=csv&as=csv&format=csv", "export=xlsx&as=xlsx&format=xlsx")  # whatever a page calls it


def cells_of(answer):
    """Texts and formulas of a downloaded table: (text, whether the file says that it is a formula)."""
    body = b"".join(answer) if answer.streaming else answer.content
    if answer["Content-Type"].startswith("text/csv"):
        for line in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
            yield from ((text, False) for text in line)
        return
    for sheet in load_workbook(io.BytesIO(body)).worksheets:
        for line in sheet.iter_rows():
            yield from ((str(cell.value), cell.data_type == "f") for cell in line if cell.value is not None)


def runs(text, is_formula, *, is_csv, canary):
    """Would a spreadsheet calculate what somebody typed?"""
    if canary not in text:
        return False
    return is_formula or (is_csv and text.lstrip(' "').startswith(tuple("=+-@\t\r\n＝＋－＠")))


@pytest.mark.once(10)
def test_no_export_holds_a_formula_that_somebody_typed(db, unrendered):
    full = fill("mine", words=FORMULAS)
    client, ledger, tables, routes = browser(full.owner, "mine"), Ledger(), 0, set()
    for route in inventory():
        if route.policy.reads is None or route.is_public:
            continue
        for query in ASKED if not route.is_api else ASKED[:1]:
            answer = client.get(f"{route.path(full)}?{query}")
            if not answer.get("Content-Type", "").startswith(TABLES) or not answer.get("Content-Disposition"):
                continue
            tables, is_csv = tables + 1, answer["Content-Type"].startswith("text/csv")
            routes.add(route.name)
            for text, is_formula in cells_of(answer):
                found = runs(text, is_formula, is_csv=is_csv, canary=full.canary)
                ledger.expect(not found, ("owner", route.name, query), f"a formula: {text!r}")
    print(f"{tables} tables of {len(routes)} routes")
    assert len(routes) >= 10 and ledger.cells > 500
    ledger.close()


def test_a_formula_in_a_table_is_seen():
    """The control: the same words written by hand."""
    assert runs("=1+canary", False, is_csv=True, canary="canary") and runs(
        "x canary", True, is_csv=False, canary="canary"
    )
    assert not runs("'=1+canary", False, is_csv=True, canary="canary")
    safe = csv_bytes(["a"], [["=canary"], [-5]]).decode("utf-8-sig").split()
    assert safe == ["a", "'=canary", "-5"]
    book = load_workbook(io.BytesIO(xlsx_bytes([("t", ["a"], [["=canary"], [-5]])])))
    assert [cell.data_type for cell in book.active["A"]] == ["s", "s", "n"]


# --- ways out --------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https://evil.example", "http://evil.example", "HTTPS://evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "http:\\\\evil.example", "//evil.example/%2f..", "/%09/evil.example", "/\t/evil.example",
    "\t//evil.example", " //evil.example", "\n//evil.example", "\r\n//evil.example", "//evil.example\\@testserver",
    "https://testserver@evil.example", "https://testserver.evil.example", "//testserver@evil.example/",
    "https://evil.example#testserver", "https://evil.example?testserver", "//evil%E3%80%82example", "//evil。example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
    "vbscript:x", "ftp://evil.example", "//[::1]/", "//127.0.0.1:1/", "x://evil.example", "//\x00evil.example",
    "/\u2028/evil.example", "https://evil.example/w/mine/",
]  # fmt: skip
NAMES = ("next", "back", "back_url", "return_to", "redirect", "redirect_to", "url", "goto", "continue", "from")


def leaves(location):
    """Does an address lead a browser away from this host?"""
    cleaned = re.sub(r"[\t\r\n\x00]", "", location).strip().replace("\\", "/")
    parts = urlsplit(cleaned)
    return (
        (parts.scheme not in ("", "http", "https"))
        or bool(parts.netloc and parts.netloc != "testserver")
        or (parts.scheme != "" and not parts.netloc)
    )


@pytest.mark.parametrize(
    "way", ["//evil.example", "/\\evil.example", "javascript:x", "https:evil.example", "\t//evil.example"]
)
def test_a_way_out_is_seen(way):
    assert leaves(way) and not leaves("/w/mine/") and not leaves("https://testserver/x")


def sent_to(client, route, path, method, values):
    """Where a request with these values in every name leads."""
    given = dict.fromkeys(NAMES, values)
    with transaction.atomic(), using(Context()):
        if method == "GET":
            answer = client.get(f"{path}?{urlencode(given)}")
        else:
            answer = client.post(f"{path}?{urlencode(given)}", given)
        transaction.set_rollback(True)
    return [answer.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location") if answer.get(name)]


@pytest.mark.once(10)
def test_no_redirect_leaves_the_host(db, unrendered):
    """Every page is asked with one of the ways out; pages that heed what they are told with all of them."""
    full, ledger, heeding = fill("mine"), Ledger(), 0
    client = browser(full.owner)
    client.raise_request_exception = False
    pages = [route for route in inventory() if not route.is_api and route.name != "account_logout"]
    for number, route in enumerate(pages):
        path = route.path(full)
        for method in ("GET", "POST"):
            if (route.policy.reads if method == "GET" else route.policy.writes) is None:
                continue
            heeds = any("/w/told-so/" in one for one in sent_to(client, route, path, method, "/w/told-so/"))
            heeding += heeds
            for way in ELSEWHERE if heeds else [ELSEWHERE[number % len(ELSEWHERE)]]:
                out = [one for one in sent_to(client, route, path, method, way) if leaves(one)]
                ledger.expect(not out, ("owner", route.name, method), f"{way!r} leads to {out}")
    assert heeding >= 3, "no page heeds `next` any more: the test asks nothing"
    ledger.close()


# --- forms from elsewhere ------------------------------------------------------------------------------------------


@pytest.mark.once(5)
def test_a_form_without_its_token_changes_nothing(db, unrendered):
    full, ledger = fill("mine"), Ledger()
    client = Client(enforce_csrf_checks=True, headers={"Pharos-Workspace": "mine"})
    client.force_login(full.owner)
    person = Person("owner", client)
    for route in inventory():
        if route.policy.writes is None:
            continue
        for method in ("POST", "PATCH", "DELETE") if route.is_api else ("POST",):
            asked = person.ask(method, route.path(full))
            ledger.expect(asked.status == 403, ("owner", route.name, method), f"without a token: {asked.short}")
            ledger.expect(not asked.writes, ("owner", route.name, method), f"wrote {asked.writes[:1]}")
    assert ledger.cells > 800
    ledger.close()


# --- no browsable API ----------------------------------------------------------------------------------------------


def test_rest_is_never_a_page(db):
    full, ledger = fill("mine"), Ledger()
    client = browser(full.owner, "mine")
    for route in inventory():
        if not route.is_api or route.policy.reads is None:
            continue
        for query in ("", "?format=api"):
            answer = client.get(route.path(full) + query, headers={"Accept": "text/html,*/*;q=0.1"})
            kind = answer.get("Content-Type", "")
            ledger.expect(not kind.startswith("text/html"), ("owner", route.name, query), f"a page: {kind}")
    assert ledger.cells > 250
    ledger.close()


# --- no sub-process ------------------------------------------------------------------------------------------------


def test_a_sub_process_of_a_request_is_seen(db, monkeypatch):
    """The control of what `Ledger.close` asks after every matrix: a page that starts a program."""
    full = fill("mine")
    person = Person("owner", browser(full.owner))

    def answer(request, **kwargs):
        subprocess.run([sys.executable, "-c", ""])
        return HttpResponse()

    monkeypatch.setattr("django.core.handlers.base.BaseHandler._get_response", lambda self, request: answer(request))
    person.ask("GET", "/w/mine/")
    assert [one.split()[0] for one in processes.taken()] == ["subprocess.Popen"]
