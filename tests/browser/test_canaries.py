"""Scripts in every text of every row: Chromium opens all pages, none runs, no content policy is broken."""

import re
from datetime import timedelta
from itertools import cycle

import pytest
from csp.decorators import csp_exempt
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Error

from assets.actions import make_link
from config.urls import handler403, handler404, urlpatterns  # noqa: F401 - the planted URLconf answers like ours
from core.policy import policies
from tests import factories
from tests.inventory import FIXED, OWN_APPS, fill, inventory
from tests.payloads import PAYLOADS, RUN
from tests.test_matrix import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOOKS = """
window.__csp = [];
document.addEventListener("securitypolicyviolation", (e) => {
  window.__csp.push(`${e.violatedDirective} ${e.blockedURI}`);
});
"""


def planted(request):
    return HttpResponse("<!doctype html><title>x</title><main><img src=x onerror=window.__xss=1></main>")


real = list(urlpatterns)
urlpatterns = [  # under names whose policies let everybody in
    path("planted/", planted, name="schema"),
    path("bare/", csp_exempt()(planted), name="docs"),
    *real,
]
PARTS = {  # of the product: how many pages of it open at least, how many charts are drawn
    "account": (26, 0),
    "accounts": (31, 0),
    "analytics": (30, 3),
    "assets": (24, 0),
    "campaigns": (62, 0),
    "guests": (2, 0),
    "messaging": (2, 0),
    "operator": (2, 0),
    "overview": (17, 6),
    "partners": (24, 0),
    "placements": (17, 0),
    "raci": (7, 0),
    "risks": (19, 0),
    "tasks": (23, 0),
}
MARK = re.compile(re.escape(RUN) + r"|parent\.__xss")
TOKEN = "token of a guest"
ENDS = {"account_logout"}
BROKEN_ON_PURPOSE = {"overview:healthz", "overview:readyz"}  # they tell of a worker that no test runs
NO_PAGE = re.compile(r"Download is starting|ERR_HTTP_RESPONSE_CODE_FAILURE|ERR_ABORTED")
SETTLE = 60  # milliseconds a page gets to run what it should not
SEEN = """() => ({
  ran: window.__xss || null,
  reports: window.__csp,
  charts: document.querySelectorAll("[data-island=chart] .main-svg").length,
  handlers: [...document.querySelectorAll("*")].filter((one) =>
    one.getAttributeNames().some((name) => name.startsWith("on")) || one.protocol === "javascript:",
  ).length,
})"""
DRAWN = """() => {
  const first = [...document.querySelectorAll("[data-island=chart]")].find((one) => one.checkVisibility());
  first?.scrollIntoView();
  return !first?.hasAttribute("aria-busy") || !document.querySelector("script[src]");
}"""
NOTHING = {"ran": None, "reports": [], "charts": 0, "handlers": 0}


def own_models():
    return [model for name in OWN_APPS for model in apps.get_app_config(name).get_models()]


def filled():
    """A workspace whose texts and addresses all carry a payload."""
    full, ways = fill("mine", words=PAYLOADS), cycle([f"javascript:{PAYLOADS[0][8:-9]}", " javascript:window.__xss=1"])
    with scopes_disabled():
        for model in own_models():
            links = [one.name for one in model._meta.fields if isinstance(one, models.URLField)]
            if links:
                model._base_manager.update(**{link: next(ways) for link in links})
    full.owner.is_staff = True
    full.owner.save()
    seat = full["accounts.seat"]
    type(seat)._base_manager.filter(pk=seat.pk).update(role="lead")
    with scope(workspace=full.workspace.pk):
        given = {"name": full.said("Client"), "expires_at": timezone.now() + timedelta(days=1)}
        full.rows[TOKEN] = make_link(full.actor, asset=full["assets.asset"], **given)[1]
    return full


def address_of(route, full):
    """The address of a route; guests' ones are those of a link that is open."""
    return route.path(full).replace(FIXED["token"], full[TOKEN])


def planted_fields():
    """The columns of the workspace in which something that runs stands."""
    found = set()
    with scopes_disabled():
        for model in own_models():
            texts = [one.name for one in model._meta.fields if isinstance(one, models.CharField | models.TextField)]
            for row in model._base_manager.values(*texts):
                found |= {(model._meta.label, text) for text, value in row.items() if MARK.search(str(value or ""))}
    return found


def part_of(route):
    """The part of the crawl a route belongs to: its app; partners' pages are opened at their door."""
    return "partners" if route.is_partners else route.name.partition(":")[0] if ":" in route.name else "account"


def parts():
    """{part: its pages}"""
    found = {}
    for route in inventory():
        if not route.is_api and route.policy.reads is not None and route.name not in ENDS:
            found.setdefault(part_of(route), []).append(route)
    return found


@pytest.fixture
def window(live_server, chromium):
    """(the planted workspace, a function that opens a watched browser of a client's session)."""
    contexts = []

    def window(client):
        contexts.append(chromium.new_context(base_url=live_server.url))
        session = client.cookies["sessionid"].value
        contexts[-1].add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts[-1].add_init_script(HOOKS)
        return contexts[-1]

    yield filled(), window
    for context in contexts:
        context.close()


def looked_at(context, path):
    """(status, what was seen) of one page, in a tab of its own: a download leaves nothing behind."""
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    try:
        answer = page.goto(path, wait_until="load")
        page.wait_for_timeout(SETTLE)
        draw_a_chart(page)
        return answer.status, page.evaluate(SEEN)
    except Error as error:  # a download or an empty refusal is no page
        if not NO_PAGE.search(str(error)):
            raise
        return 0, NOTHING
    finally:
        page.close()


def draw_a_chart(page):
    """Charts are drawn when they come into sight: bring the first one there. A fragment by itself has no scripts."""
    page.wait_for_function(DRAWN)


def faults_of(route, status, seen):
    if status >= 500 and route.name not in BROKEN_ON_PURPOSE:
        yield f"{route.name}: {status}"
    if seen["ran"]:
        yield f"{route.name}: a payload ran"
    if seen["handlers"]:
        yield f"{route.name}: {seen['handlers']} elements carry a script of their own"
    if seen["reports"] and route.name != "docs":
        yield f"{route.name}: {seen['reports'][:2]}"


@pytest.mark.parametrize("part", PARTS)
def test_nothing_that_somebody_typed_runs(window, part):
    """Each part of the product by itself: `-k tasks` crawls one."""
    full, open_window = window
    seat = part == "partners" and factories.seat_client(full["accounts.seat"])
    context = open_window(seat or browser(full.owner))
    faults, opened, charts = [], 0, 0
    for route in parts()[part]:
        status, seen = looked_at(context, address_of(route, full))
        opened, charts = opened + (status == 200), charts + seen["charts"]
        faults += faults_of(route, status, seen)
    print(f"{part}: {opened} pages, {charts} charts, {len(faults)} faults")
    assert not faults, "\n".join(faults)
    assert opened >= PARTS[part][0] and charts >= PARTS[part][1]


def test_every_text_carries_something_that_runs(window):
    fields = planted_fields()
    print(f"{len(fields)} fields")
    assert len(fields) > 100
    assert set(parts()) == set(PARTS) and len(policies()) > 700


@pytest.mark.urls(__name__)
def test_a_payload_that_runs_is_seen(window):
    """The controls: a page that shows a text as markup, with and without its content policy."""
    context = window[1](browser(window[0].owner))
    status, seen = looked_at(context, "/planted/")
    assert status == 200 and not seen["ran"] and seen["reports"], "the content policy stops it, and says so"
    assert seen["handlers"] == 1
    assert looked_at(context, "/bare/")[1]["ran"] == 1
