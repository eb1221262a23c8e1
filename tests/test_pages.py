"""Every page there is, as its owner sees it, in both languages: whole, translated, light; and harmless to read."""

import gzip
import re

import pytest
from django.db import connection

from tests import factories
from tests.inventory import fill, inventory
from tests.payloads import PAYLOADS, raw
from tests.test_matrix import browser

pytestmark = pytest.mark.once

HEAVIEST = 60 * 1024  # bytes on the wire
NO_PAGE = {  # fragments, files, redirects and data: what is no page by itself
    "overview:healthz",
    "overview:readyz",
    "overview:search-json",
    "assets:version-video",  # plays what the first bytes say is a film, which no made-up row is
    *("assets:partner-video", "assets:partner-review-video"),  # likewise
    *("assets:partner-picture", "assets:partner-review-picture", "overview:partner-slot-picture"),  # likewise
    "assets:partner-take",  # a link is used up by its tests
    "docs",  # the explorer of the REST schema is a vendored page
}
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
TITLE = re.compile(r"<title>\s*(\S.*?)\s*</title>", re.DOTALL)
UNTRANSLATED = re.compile(r"%\(\w+\)s|\{\{|\{%|\bMISSING\b|<django\.|object at 0x|\bNone\b</")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BARE = re.compile(r"<(script|style|head|template)\b.*?</\1>|<[^>]+>", re.DOTALL)

PAGES = [route for route in inventory() if not route.is_api and route.policy.reads is not None]
IN_WORKSPACE = [route for route in PAGES if route.in_workspace]


@pytest.fixture
def full(db):
    """Every text of every row begins with something that would run if a page took it for markup."""
    return fill("mine", words=[one for one in PAYLOADS if "{{" not in one])  # braces count as untranslated here


def answers(full, language):
    """(route, answer) of everything that can be read, in a language."""
    full.owner.language = language
    full.owner.is_staff = True
    full.owner.save()
    client, partner = browser(full.owner), lead_of(full, language)
    client.cookies["django_language"] = partner.cookies["django_language"] = language
    for route in PAGES:
        if route.name not in NO_PAGE:
            yield route, (partner if route.is_partners else client).get(route.path(full))


def lead_of(full, language):
    """A browser of the partner's lead, for the pages that only partners see."""
    seat = full["accounts.seat"]
    seat.role, seat.user.language = "lead", language
    seat.save()
    seat.user.save()
    return factories.seat_client(seat)


def is_page(response):
    """Whether it is a whole page: fragments, files and redirects are not."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and is_html and b"<!doctype html>" in response.content[:200].lower()


@pytest.mark.once(10)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole(full, language):
    faults, pages = [], 0
    for route, response in answers(full, language):
        if response.status_code not in (200, 302, 405) and route.in_workspace:
            faults.append(f"{route.name}: {response.status_code}")
        if response.get("Content-Type", "").startswith("text/html"):
            faults += [f"{route.name}: markup of a stranger: {one}" for one in raw(response.content.decode())]
        if is_page(response):
            pages += 1
            faults += [f"{route.name}: {fault}" for fault in faults_of(response.content.decode(), language)]
    assert not faults, "\n".join(faults)
    assert pages > 50
    print(f"{pages} pages in {language}")


def faults_of(page, language):
    """What a page lacks."""
    if f'<html lang="{LANGUAGES[language]}"' not in page:
        yield "names no language"
    if not TITLE.search(page):
        yield "has no title"
    if page.count("<h1") != 1:
        yield f"has {page.count('<h1')} main headings"
    text = BARE.sub(" ", page)
    for found in UNTRANSLATED.findall(text)[:3]:
        yield f"shows {found}"
    if language == "zh-hans" and not CHINESE.search(text):
        yield "has no Chinese word"
    if len(gzip.compress(page.encode())) > HEAVIEST:
        yield f"weighs {len(gzip.compress(page.encode()))} bytes"


def test_faults_are_seen():
    """The control: each fault on a page made for it."""
    page = '<!doctype html><html lang="en"><title>A</title><h1>A</h1>'
    assert not list(faults_of(page, "en"))
    assert list(faults_of(page.replace("<h1>A</h1>", "%(name)s"), "en")) == ["has 0 main headings", "shows %(name)s"]
    assert list(faults_of(page, "zh-hans")) == ["names no language", "has no Chinese word"]


def test_pages_that_are_only_read_take_nothing_in(full, unrendered):
    """An unsafe request to a page without a writing policy is refused and changes nothing."""
    client, faults = browser(full.owner), []
    read_only = [route for route in IN_WORKSPACE if route.policy.writes is None]
    for route in read_only:
        for method in ("post", "put", "patch", "delete"):
            writes = []

            def watch(execute, sql, params, many, context, seen=writes):
                if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql) and "django_session" not in sql:
                    seen.append(sql)
                return execute(sql, params, many, context)

            with connection.execute_wrapper(watch):
                status = getattr(client, method)(route.path(full), {}).status_code
            if status != 403 or writes:
                faults.append(f"{method} {route.name}: {status} {writes[:1]}")
    assert not faults, "\n".join(faults)
    assert len(read_only) > 20


def test_every_entry_of_the_navigation_leads_somewhere(full):
    """The shell of a campaign's page: every entry is there for the owner, and each one answers."""
    client = browser(full.owner)
    nav = client.get(f"/w/mine/c/{full['campaigns.campaign'].code}/").context["nav"]
    entries = [*nav["workspace"], *nav["campaign"], *nav["create"]]
    assert len(nav["workspace"]) >= 9 and len(nav["campaign"]) >= 12 and len(nav["create"]) >= 4
    assert {entry["url"]: client.get(entry["url"]).status_code for entry in entries} == {
        entry["url"]: 200 for entry in entries
    }
    keys = [entry["key"] for entry in entries if entry["key"]]
    assert len(keys) == len(set(keys))
    assert [entry["label"] for entry in (*nav["workspace"], *nav["campaign"]) if entry["active"]] == ["Overview"]
