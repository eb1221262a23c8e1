"""Figures coming in: the full path against the bare upsert of the same rows, and the memory of a large delivery."""

import resource
from io import StringIO

from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from analytics.actions import rolling
from analytics.models import ExternalObject
from analytics.store import dialect
from benchmarks.measure import cpu, emit, settle
from benchmarks.world import CHANNELS, METRICS, OBJECTS, account_link, assign, deliver_all, period, records

KEY = "object_id, date_from, date_to, hour, breakdown, metric"
COLUMNS = f"workspace_id, account_link_id, {KEY}, value, currency, is_final, fetched_at, origin_id"
UPSERT = f"""ON CONFLICT ({KEY}) DO UPDATE SET value = excluded.value, currency = excluded.currency,
    fetched_at = excluded.fetched_at, origin_id = excluded.origin_id
    WHERE bench_fact.value IS DISTINCT FROM excluded.value"""
BATCH = 50_000


def load(world, options):
    """90 days of figures of four accounts, options.facts in all; says what the largest delivery took of memory."""
    days = period(world)
    counted = len(CHANNELS) * OBJECTS * len(days) * len(METRICS)
    ads = max((options.facts - counted) // (len(CHANNELS) * len(days) * len(METRICS)), 1)
    for n, channel in enumerate(CHANNELS):
        link = account_link(world, n, channel)
        world.links.append(link)
        deliver_all(world, link, "campaign", records("campaign", OBJECTS, days), days)
        assign(world, link, n)
        rolling.roll_up(link.ad_account)
        before = peak()
        deliver_all(world, link, "ad", records("ad", ads, days), days)
        settle()
        if n == 0:
            rows = ads * len(days) * len(METRICS)
            emit(f"ingest of {rows:,} facts: memory growth", peak() - before, "MB", "<= 150 (flat)")


def peak():
    """The most memory this process has ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(world, options):
    """New, moved and unchanged rows through the whole path, then through nothing but the upsert."""
    days, objects = period(world, 20), 400 if options.quick else 2000
    link = account_link(world, "ingest")
    first, moved = list(records("campaign", objects, days)), list(records("campaign", objects, days, raised=1))
    count = len(first) * len(METRICS)
    full = {
        name: rate(count, lambda rows=rows: deliver_all(world, link, "campaign", rows, days))
        for name, rows in (("new", first), ("moved", moved), ("unchanged", moved))
    }
    bare = bare_rates(link, first, moved, count)
    for name, value in full.items():
        emit(f"ingest {name}: rows per CPU-s", value, "rows/CPU-s", ">= 0.6 of the bare upsert", bare[name])
    emit("ingest unchanged against moved", full["unchanged"], "rows/CPU-s", ">= 1.5", full["moved"])


def rate(count, call):
    """Rows per CPU second of application and database."""
    with cpu() as spent:
        call()
    return count / sum(spent)


def bare_rates(link, first, moved, count):
    """The same rows into a copy of the table with its indexes: COPY and ON CONFLICT, or executemany."""
    keys = dict(ExternalObject.objects.filter(account_link=link).values_list("external_id", "pk"))
    first, moved = ready(link, first, keys), ready(link, moved, keys)
    with connection.cursor() as cursor:
        copy_of_table(cursor)
    found = {
        name: rate(count, lambda rows=rows: upsert(rows))
        for name, rows in (("new", first), ("moved", moved), ("unchanged", moved))
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_fact")
    return found


def ready(link, some, keys):
    """Rows as the database takes them, so that the bare technique pays for nothing else."""
    workspace, account = dialect.key(link.workspace_id), dialect.key(link.pk)
    now, origin = dialect.moment(timezone.now()), dialect.key(uuid7())
    return [
        (workspace, account, keys[row.external_id], day, day, -1, "", metric, str(value), "CNY", False, now, origin)
        for row, day in ((row, row.date_from.isoformat()) for row in some)
        for metric, value in row.values.items()
    ]


def copy_of_table(cursor):
    if connection.vendor == "postgresql":
        cursor.execute("CREATE TABLE bench_fact (LIKE analytics_fact INCLUDING ALL)")
        return
    cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'analytics_fact' AND sql IS NOT NULL")
    for (sql,) in cursor.fetchall():
        for name in ("analytics_fact", "fact_by_account_day", "fact_of_several_days", "fact_newest_of_account"):
            sql = sql.replace(f'"{name}', f'"bench_{name.removeprefix("analytics_")}')
        cursor.execute(sql)


@transaction.atomic
def upsert(rows):
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            slots = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO bench_fact ({COLUMNS}) VALUES ({slots}) {UPSERT}", rows)
            return
        cursor.execute("CREATE TEMPORARY TABLE bench_stage (LIKE analytics_fact INCLUDING DEFAULTS) ON COMMIT DROP")
        cursor.execute("ALTER TABLE bench_stage DROP COLUMN id")
        for start in range(0, len(rows), BATCH):
            text = "".join("\t".join(map(str, row)) + "\n" for row in rows[start : start + BATCH])
            cursor.cursor.copy_expert(f"COPY bench_stage ({COLUMNS}) FROM STDIN", StringIO(text))
        cursor.execute(f"INSERT INTO bench_fact ({COLUMNS}) SELECT {COLUMNS} FROM bench_stage {UPSERT}")
