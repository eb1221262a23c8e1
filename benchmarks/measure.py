"""Measuring: CPU-milliseconds of application and database, queries, ratios. Nothing here asserts."""

import json
import statistics
import time
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROWS = [{"id": number, "name": f"Task {number}", "days": [number, number + 1]} for number in range(1_000)]


def emit(figure, value, unit, bar, baseline=None):
    """One JSON line a figure of this connection's database."""
    line(figure, value, unit, bar, baseline, db=connection.vendor)


def line(figure, value, unit, bar, baseline=None, *, db):
    """Print a figure; `ratio` is value / baseline where there is one, `pace` that of the machine meanwhile."""
    found = {
        "figure": figure,
        "value": round(value, 3),
        "unit": unit,
        "bar": bar,
        "baseline": round(baseline, 3) if baseline is not None else None,
        "ratio": round(value / baseline, 3) if baseline else None,
        "db": db,
    }
    print(json.dumps(found | {"pace": getattr(value, "pace", None)}), flush=True)


def database_cpu():
    """CPU seconds of this connection's PostgreSQL backend; 0 on SQLite, which works inside our process."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    with open(f"/proc/{connection.connection.get_backend_pid()}/schedstat") as spent:
        return int(spent.read().split()[0]) / 1e9


@contextmanager
def cpu():
    """Yield a list that then holds [application, database] CPU seconds of the block."""
    spent = []
    app, database = time.process_time(), database_cpu()
    yield spent
    spent += [time.process_time() - app, database_cpu() - database]


def cpu_ms(call, runs=30):
    """CPU-ms of a call, application and database together: the median of some."""
    return in_turn(call, runs=runs)[0]


class Spent(float):
    """CPU-ms of a call. `pace` is what a fixed piece of work took beside it, in CPU-ms: on a machine that others use
    both take up to twice as long for a while."""

    def __new__(cls, value, pace):
        spent = super().__new__(cls, value)
        spent.pace = round(pace, 3)
        return spent


def pace():
    """CPU-ms of a fixed piece of work: rows written as text and read again, as most answers are."""
    start = time.process_time()
    json.loads(json.dumps(ROWS))
    return (time.process_time() - start) * 1000


def in_turn(*calls, runs=30):
    """CPU-ms of each of some calls, called one after the other again and again: the medians of that third of the turns
    in which the machine had its best pace.

    Measured in two series, the same two statements had ratios from 1.1 to 2.5 (once 5.1), for the pace changes between
    the series. In turn they had 1.6 to 1.8.
    """
    for call in calls:
        call()
    before, turns = pace(), []
    for _ in range(runs):
        spent = [_spent(call) for call in calls]
        after = pace()
        turns.append((max(before, after), *spent))
        before = after
    best, *times = quietest(turns)
    return [Spent(each, best) for each in times]


def quietest(turns):
    """The medians, figure by figure, of the third of the turns (pace, figures…) with the best pace."""
    chosen = sorted(turns)[: max(3, len(turns) // 3)]
    return [statistics.median(each) for each in zip(*chosen, strict=True)]


def _spent(call):
    with cpu() as spent:
        call()
    return sum(spent) * 1000


def queries(call):
    """How many queries one call makes."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def settle():
    """What PostgreSQL does by itself within a minute of so much new: without it, all is planned for no rows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout TO 0")
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("RESET statement_timeout")
