"""A real Chromium before a real server; every page is watched."""

import os
from pathlib import Path
from zlib import crc32

import pytest

from tests.browser.site import Guard, Site, serve

DEMO = ("mei@pharos.example", "lighthouse-demo")
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
PAIRS = (  # of looks: at the desk and on the phone, with no theme and no language in common
    ((1440, "light", "en"), (390, "dark", "zh-hans")),
    ((1440, "dark", "zh-hans"), (390, "light", "en")),
    ((1440, "light", "zh-hans"), (390, "dark", "en")),
    ((1440, "dark", "en"), (390, "light", "zh-hans")),
)
ALL_LOOKS = any(map(os.environ.get, ("PHAROS_TEST_WHOLE", "PHAROS_SHOTS")))


def pytest_collection_modifyitems(config, items):
    """Of the eight looks of a page two are asked, the same ones each time; PHAROS_TEST_WHOLE=1 asks all, and so does
    PHAROS_SHOTS, which pictures them."""
    left_out = {item for item in items if hasattr(item, "callspec") and not is_asked(**item.callspec.params)}
    if left_out and not ALL_LOOKS:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def is_asked(name="", windows=None, window=None, **_others):
    """Whether a page is looked at in this look."""
    look = windows or window
    return look is None or look in PAIRS[crc32(name.encode()) % len(PAIRS)]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Pharos with its demo. PHAROS_SITE="URL DATA_DIR" drives one that is already running."""
    running = os.environ.get("PHAROS_SITE", "").split()
    if running:
        yield Site(running[0], Path(running[1]))
        return
    with serve(tmp_path_factory.mktemp("pharos")) as started:
        yield started


@pytest.fixture
def guard():
    """Fails the test for whatever the pages did that no page may do."""
    watching = Guard()
    yield watching
    assert not watching.faults, "\n".join(watching.faults)


@pytest.fixture(scope="session")
def signed_in(chromium, site):
    """(email, password) -> the state of a browser in which that person is signed in; signs in once each."""
    states = {}

    def state(email=DEMO[0], password=DEMO[1]):
        if email not in states:
            context = chromium.new_context()
            sign_in(context.new_page(), site, email, password)
            states[email] = context.storage_state()
            context.close()
        return states[email]

    return state


def sign_in(page, site, email, password):
    page.goto(f"{site.url}/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main [type=submit], main .btn.pri")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def look_of(chromium, site, *, width=1440, theme="light", language="en", state=None):
    """A browser window of that look."""
    context = chromium.new_context(
        viewport=SIZES[width], color_scheme=theme, storage_state=state, locale=LOCALES[language], base_url=site.url
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def window(chromium, site, guard):
    """(width, theme, language, state) -> a watched page of that look."""
    contexts = []

    def window(**look):
        contexts.append(look_of(chromium, site, **look))
        return guard.watch(contexts[-1].new_page())

    yield window
    for context in contexts:
        context.close()
