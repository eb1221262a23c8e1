"""The fixed characters of every test: the owner, a colleague, the viewer, the stranger."""

import contextlib
import os
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.template.backends.django import Template
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from django_scopes import scope

from overview.context import unassigned_count
from tests import factories
from tests.partner_world import agency_of
from tests.replay import Recording

CHROMIUM = Path(os.environ.get("PHAROS_CHROMIUM", "/usr/bin/chromium"))


MADE_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


@dataclass
class World:
    """One workspace with people, a campaign and signed-in doors."""

    workspace: object
    owner: object
    actor: object
    campaign: object

    @property
    def w(self):
        """The address prefix of the workspace's pages."""
        return f"/w/{self.workspace.slug}"

    @property
    def c(self):
        """The address prefix of the campaign's pages."""
        return f"{self.w}/c/{self.campaign.code}"

    def client(self, user=None):
        """A browser in which the person (default: the owner) is signed in; REST calls name the workspace."""
        client = Client(headers={"Pharos-Workspace": self.workspace.slug})
        client.force_login(user or self.owner)
        return client


def build():
    owner = factories.person()
    workspace = factories.workspace(owner)
    campaign = factories.campaign(workspace, owner)
    return World(workspace, owner, factories.actor_of(owner, workspace), campaign)


@pytest.fixture(scope="session", autouse=True)
def quick_broom():
    """A test with commits of its own (transaction=True) ends with a few DELETEs; Django truncates every table and
    makes all permissions anew, which takes longer than most of these tests."""
    sweep = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: swept() or sweep(case)
    yield
    TransactionTestCase._fixture_teardown = sweep


def swept():
    """Empty the tables in which there is something; False where this role may not do so without asking foreign keys."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [name for name in names if name not in MADE_BY_MIGRATIONS]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names))
            for (name,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {name}")
    except ProgrammingError:
        return False
    return True


@pytest.fixture(autouse=True)
def plain_speech():
    """What a request set for its person (language, zone) or kept of its workspace ends with the test."""
    yield
    translation.deactivate()
    timezone.deactivate()
    unassigned_count.cache_clear()


@pytest.fixture(scope="session")
def recorded(django_db_setup, django_db_blocker):
    """The two worlds of the tests, each made once by the product's actions."""
    with django_db_blocker.unblock():
        return Recording(build), Recording(build)


@pytest.fixture
def world(db, recorded):
    """The workspace at hand; its scope is open."""
    built = recorded[0].play()
    with scope(workspace=built.workspace.pk):
        yield built


@pytest.fixture
def other(db, recorded):
    """A second workspace, the stranger's, with rows of its own."""
    return recorded[1].play()


@pytest.fixture
def owner(world):
    return world.client()


@pytest.fixture
def viewer(world):
    return world.client(factories.member(world.workspace, role="viewer", name="Vera Viewer"))


@pytest.fixture
def stranger(other):
    """A browser of the other workspace's owner."""
    return other.client()


@pytest.fixture
def on_file(transactional_db, tmp_path):
    """For races: a database as it is served. SQLite's is in memory in tests, where a busy table breaks an act off at
    once; this one is a file with a write-ahead log and all options of the settings."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, file = connection.settings_dict["NAME"], tmp_path / "race.sqlite3"
    keeper = sqlite3.connect(memory, uri=True)  # a database in memory lives as long as somebody holds it
    with contextlib.closing(sqlite3.connect(file)) as copy:
        keeper.backup(copy)
    _reopen(str(file))
    yield
    _reopen(memory)
    keeper.close()


def _reopen(name):
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    BaseDatabaseWrapper.close(connection)  # SQLite's own keeps a database in memory open
    connection.connect()


@pytest.fixture
def unrendered(monkeypatch):
    """For tests that ask many pages and read none: statuses, headers, files and rows are as ever, no template runs."""
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")


@pytest.fixture(scope="session")
def chromium():
    """The one browser of the run; skipped where there is none, unless PHAROS_REQUIRE asks for services."""
    if not CHROMIUM.exists():
        say = pytest.fail if "services" in os.environ.get("PHAROS_REQUIRE", "") else pytest.skip
        say(f"needs Chromium: {CHROMIUM} is not there (install the package chromium, or set PHAROS_CHROMIUM)")
    from playwright.sync_api import sync_playwright  # only the browser tests pay for it

    # Its event loop runs in the thread of the tests, where Django would refuse every query of those that follow.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium):
    """The browser, whose windows close with the test. A second one may not be started beside it in this thread."""
    yield chromium
    close(chromium.contexts)


def close(contexts, seconds=10):
    """Close windows; what they still ask is answered before the tables are emptied under it."""
    for context in contexts:
        context.close()
    end = time.monotonic() + seconds
    while any("process_request_thread" in thread.name for thread in threading.enumerate()) and time.monotonic() < end:
        time.sleep(0.02)


@pytest.fixture
def agency(world):
    """An agency at its door with everything granted to it."""
    return agency_of(world)


@pytest.fixture
def rival(world):
    """Another agency in the same campaign."""
    return agency_of(world, name="Kitewind Rivals")
