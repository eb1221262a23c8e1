"""Query budgets: how many queries a page or an API route may ask, committed in query_budgets.json.

    with assert_budget("campaigns:detail"):
        client.get(url)

What a page keeps for some seconds counts as asked, so that a figure does not depend on the tests before it.

Fails when there are more, and when the name is not in the file. PHAROS_UPDATE_BUDGETS=1 writes what was counted; the
change then shows in the review. An N+1 is thus a failing test, and a page that got cheaper can be held to it.
"""

import fcntl
import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overview.context import unassigned_count

FILE = Path(__file__).with_name("query_budgets.json")


def write_budget(name, count, file=FILE):
    """Put one figure into the file; the lock lets several test workers write it."""
    with file.open("r+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        budgets = json.load(handle) | {name: count}
        handle.seek(0)
        handle.truncate()
        handle.write(json.dumps(budgets, indent=2, sort_keys=True) + "\n")


def check_budget(name, queries, file=FILE):
    """Fail, with the queries listed, when there are more than the file allows for this name."""
    budgets = json.loads(file.read_text())
    if name not in budgets:
        pytest.fail(f"{name} has no query budget: it asks {len(queries)} now (PHAROS_UPDATE_BUDGETS=1 writes that)")
    if len(queries) > budgets[name]:
        asked = "\n".join(f"{number:3} {sql[:200]}" for number, sql in enumerate(queries, 1))
        pytest.fail(f"{name}: {len(queries)} queries, at most {budgets[name]} allowed\n{asked}")


@pytest.fixture
def assert_budget(db):
    """`with assert_budget("app:page"): …` holds what happens inside to its committed number of queries."""
    counted = {}

    @contextmanager
    def budget(name):
        unassigned_count.cache_clear()
        with CaptureQueriesContext(connection) as captured:
            yield
        queries = [query["sql"] for query in captured.captured_queries]
        if os.environ.get("PHAROS_UPDATE_BUDGETS"):
            counted[name] = max(counted.get(name, 0), len(queries))
            write_budget(name, counted[name])
        check_budget(name, queries)

    return budget
