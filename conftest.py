"""Which tests can run here: what needs sample files, PostgreSQL or Redis is skipped with its reason.

PHAROS_REQUIRE="services samples" turns those skips into failures, so that a build cannot pass by testing less.
"""

import gc
import os
import re
from collections import defaultdict
from pathlib import Path
from zlib import crc32

import pytest
from django.conf import settings
from django.test import client
from hypothesis import settings as made_up

from core import pdf
from tests import completeness

# Nothing in the suite is timed: a busy machine is no fault. make test-all asks for the long profile.
made_up.register_profile("short", deadline=None, max_examples=30)
made_up.register_profile("long", deadline=None)
made_up.load_profile("short")
pytest_plugins = ["tests.budgets"]  # the fixture assert_budget

ROOT = Path(__file__).parent
SAMPLES = Path(os.environ.get("PHAROS_SAMPLES") or ROOT.parent / "shared" / "data")
MISSED = completeness.FOUND
REQUIRED = os.environ.get("PHAROS_REQUIRE", "").split()
DOORS = ("page", "api")
DOOR = re.compile(r"\b(?:page|api)\b")


def pytest_sessionstart():
    """Spare what no test asks for: a copied context for every included part, and a search for garbage every second."""
    client.store_rendered_templates = keep_the_pages_own
    pdf.is_there()  # as a serving process does when it starts: parts are looked for by programs
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def keep_the_pages_own(store, signal, sender, template, context, *, keep=client.store_rendered_templates, **more):
    """response.context is what the view gave; the hundreds of parts a page includes are not copied."""
    if context.template is template:
        keep(store, signal, sender, template, context, **more)


def _missing(marker):
    """Why a test with this marker cannot run here; empty when it can."""
    if marker == "samples" and not SAMPLES.is_dir():
        return "no sample files: set PHAROS_SAMPLES to their folder"
    if marker == "postgres" and not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return "needs PostgreSQL: set DATABASE_URL, or run make services test"
    if marker == "redis" and not settings.REDIS_URL:
        return "needs Redis: set REDIS_URL, or run make services test"
    return ""


def _asks_a_service(item):
    """True for a test that uses the database or names a service; a pure one answers the same on any of them."""
    uses = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(uses) or any(item.get_closest_marker(name) for name in ("django_db", "postgres", "redis"))


def _runs_on_either(item):
    """True for what asks a database, whichever it is, in each of two runs."""
    return _asks_a_service(item) and not any(map(item.get_closest_marker, ("postgres", "redis", "once")))


def _seconds(item):
    """About how long a long test takes: what its marker `once` says."""
    marker = item.get_closest_marker("once")
    return (marker.args or (1,))[0] if marker else 0


def doors_of(names):
    """Tests that are there for a page and for REST: what they share, the name of each by its door."""
    pairs = defaultdict(dict)
    for name in names:
        test, _, values = name.partition("[")
        if found := DOOR.search(values):
            pairs[f"{test}[{DOOR.sub('', values, count=1)}"][found[0]] = name
    return {test: pair for test, pair in pairs.items() if len(pair) == len(DOORS)}


def second_doors(names):
    """Of tests that are there for a page and for REST, the one to leave out: now this one, now that."""
    return {pair[DOORS[crc32(test.encode()) % 2]] for test, pair in doors_of(names).items()}


def further_cases(names):
    """Of tests of several cases, all but one: now the first, now another."""
    cases = defaultdict(list)
    for name in names:
        cases[name.partition("[")[0]].append(name)
    kept = {found[crc32(test.encode()) % len(found)] for test, found in cases.items()}
    return {*names} - kept


def left_out_of(part, names):
    """Of tests that run on either database, what each of two runs leaves to the other.

    The second takes one door of an act and one of several cases; the first takes the other door of those. So each act
    is carried out on both databases, and each test runs on one at least.
    """
    others = second_doors(names)
    again = [name for name in names if name not in others]
    again = {*again} - further_cases(again)
    with_doors = {name for pair in doors_of(names).values() for name in pair.values()}
    return again & with_doors if part == "first" else {*names} - again


def _commits(item):
    """True for a test that is not rolled back: it waits for others, for the disk, and for empty tables after it."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def spread(items, workers):
    """Each worker is handed a stretch of the list: each stretch begins with a share of the longest tests and ends with
    one of those that commit."""
    long = sorted(filter(_seconds, items), key=_seconds, reverse=True)
    rest = [item for item in items if not _seconds(item)]
    last = [item for item in rest if _commits(item)]
    short, order = [item for item in rest if not _commits(item)], []
    for number in range(workers):
        first, end = long[number::workers], last[number::workers]
        room = max(0, (len(items) - len(order)) // (workers - number) - len(first) - len(end))
        order += [*first, *short[:room], *end]
        del short[:room]
    return [*order, *short]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """The second run, on another database, need not repeat what never asks one; in make test the two share the rest.
    The longest come first, so that no worker ends long after the others."""
    kept = items[:]
    if os.environ.get("PHAROS_TEST_SKIP_PURE"):
        kept = [item for item in kept if _asks_a_service(item)]
    if part := os.environ.get("PHAROS_TEST_PART"):
        left_out = left_out_of(part, [item.nodeid for item in kept if _runs_on_either(item)])
        kept = [item for item in kept if item.nodeid not in left_out]
    if len(kept) < len(items):
        stays = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in stays])
    items[:] = spread(kept, getattr(config, "workerinput", {}).get("workercount", 1))


def pytest_runtest_setup(item):
    """Skip what cannot run here."""
    for marker in ("samples", "postgres", "redis"):
        reason = item.get_closest_marker(marker) and _missing(marker)
        if reason:
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """A test fails in which a request changed something and the logbook does not say who it was."""
    MISSED.clear()
    result = yield
    if MISSED:
        pytest.fail("the logbook misses: " + "; ".join(sorted(set(MISSED))[:5]), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A skipped test of samples fails where samples are required (services: tools/test.py refuses to start)."""
    report = yield
    if report.skipped and "samples" in REQUIRED and item.get_closest_marker("samples"):
        report.outcome, report.longrepr = "failed", f"PHAROS_REQUIRE asks for samples, yet: {call.excinfo.value}"
    return report


@pytest.fixture(scope="session")
def samples():
    """The folder of sample files (real exports, plans and feeds); tests that use it carry the marker `samples`."""
    return SAMPLES
