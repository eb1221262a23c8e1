"""Measuring: CPU-milliseconds of application and database, queries, ratios. Nothing here asserts."""

import json
import statistics
import time
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


def emit(figure, value, unit, bar, baseline=None):
    """One JSON line a figure of this connection's database."""
    line(figure, value, unit, bar, baseline, db=connection.vendor)


def line(figure, value, unit, bar, baseline=None, *, db):
    """Print a figure; `ratio` is value / baseline where there is one."""
    found = {
        "figure": figure,
        "value": round(value, 3),
        "unit": unit,
        "bar": bar,
        "baseline": round(baseline, 3) if baseline is not None else None,
        "ratio": round(value / baseline, 3) if baseline else None,
        "db": db,
    }
    print(json.dumps(found), flush=True)


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
    """CPU-ms per call, application and database together: the median of the one, the mean of the other."""
    call()
    with cpu() as spent:
        times = []
        for _ in range(runs):
            start = time.process_time()
            call()
            times.append(time.process_time() - start)
    return statistics.median(times) * 1000 + spent[1] / runs * 1000


def in_turn(*calls, runs=30):
    """CPU-ms of each of some calls, for their ratio, called one after the other again and again.

    Measured in two series, the same two statements had ratios from 1.1 to 2.5 (once 5.1) on a machine that others use:
    its pace changes between the series. In turn they had 1.6 to 1.8.
    """
    spent = [[] for _call in calls]
    for call in calls:
        call()
    for _ in range(runs):
        for call, times in zip(calls, spent, strict=True):
            with cpu() as took:
                call()
            times.append(sum(took) * 1000)
    return [statistics.median(times) for times in spent]


def queries(call):
    """How many queries one call makes."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
