"""Scripts in every text of every row: Chromium opens all pages, none runs, no content policy is broken."""

import re
from itertools import cycle

import pytest
from csp.decorators import csp_exempt
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.urls import path
from django_scopes import scopes_disabled

from config.urls import handler403, handler404, urlpatterns  # noqa: F401 - the planted URLconf answers like ours
from core.policy import policies
from tests.inventory import OWN_APPS, fill, inventory
from tests.payloads import PAYLOADS
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
ENDS = {"account_logout"}
NO_PAGE = re.compile(r"Download is starting|ERR_HTTP_RESPONSE_CODE_FAILURE|ERR_ABORTED")
SETTLE = 120  # milliseconds a page gets to run what it should not


def filled():
    """A workspace whose texts and addresses all carry a payload."""
    full, ways = fill("mine", words=PAYLOADS), cycle([f"javascript:{PAYLOADS[0][8:-9]}", " javascript:window.__xss=1"])
    with scopes_disabled():
        for name in OWN_APPS:
            for model in apps.get_app_config(name).get_models():
                links = [one.name for one in model._meta.fields if isinstance(one, models.URLField)]
                if links:
                    model._base_manager.update(**{link: next(ways) for link in links})
    full.owner.is_staff = True
    full.owner.save()
    return full


def pages():
    found = [route for route in inventory() if not route.is_api and route.policy.reads is not None]
    return [route for route in found if route.name not in ENDS]


@pytest.fixture
def window(live_server, chromium):
    """A watched window in which the owner of the planted workspace is signed in."""
    full = filled()
    context = chromium.new_context(base_url=live_server.url)
    session = browser(full.owner).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.add_init_script(HOOKS)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    yield full, page
    context.close()


def looked_at(page, path):
    """(status, what ran, reports of the content policy) of one page."""
    try:
        answer = page.goto(path, wait_until="load")
    except Exception as error:  # a download or an empty refusal is no page
        if not NO_PAGE.search(str(error)):
            raise
        page.goto("about:blank")
        return 0, None, []
    page.wait_for_timeout(SETTLE)
    ran = page.evaluate("window.__xss || null")
    return answer.status if answer else 0, ran, page.evaluate("window.__csp")


def test_nothing_that_somebody_typed_runs(window):
    full, page = window
    faults, opened = [], 0
    for route in pages():
        status, ran, reports = looked_at(page, route.path(full))
        opened += status == 200
        if status >= 500 and route.name not in ("overview:healthz", "overview:readyz"):
            faults.append(f"{route.name}: {status}")
        if ran:
            faults.append(f"{route.name}: a payload ran")
        if reports and route.name != "docs":
            faults.append(f"{route.name}: {reports[:2]}")
    print(f"{opened} pages, {len(faults)} faults")
    assert opened > 180 and len(policies()) > 700
    assert not faults, "\n".join(faults)


@pytest.mark.urls(__name__)
def test_a_payload_that_runs_is_seen(window):
    """The controls: a page that shows a text as markup, with and without its content policy."""
    page = window[1]
    status, ran, reports = looked_at(page, "/planted/")
    assert status == 200 and not ran and reports, "the content policy stops it, and says so"
    assert looked_at(page, "/bare/")[1] == 1
