"""Measure Pharos: one JSON line a figure, on SQLite and then on PostgreSQL where it answers.

    make bench ARGS="--quick"                     smaller tables, a first look
    make bench ARGS="--only pages --page goals"   one part, some pages
    make bench ARGS="--facts 10000000 --db postgresql"

CPU-ms are of application and database together, the median of some calls. `ratio` is value / baseline, both measured
in the same run. `pace` is what a fixed piece of work took meanwhile: where it took twice as long as elsewhere, the
machine was busy otherwise. Nothing here fails because something is slow: `bar` says what is wanted.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import starting  # noqa: E402
from tools.services import reachable  # noqa: E402

PARTS = ("start", "schedule", "plan", "ingest", "dashboard", "pages", "rest", "gantt")


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100,000 facts, 10,000 rows")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be given several times")
    parser.add_argument("--facts", type=int, help="facts under the dashboard (1,000,000)")
    parser.add_argument("--page", default="", help="only pages whose route matches this expression")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], help="only this database")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)  # the process of one database
    options = parser.parse_args(arguments)
    options.facts = options.facts or (100_000 if options.quick else 1_000_000)
    options.only = options.only or PARTS
    return options


@contextmanager
def postgres_database():
    """The address of an empty database that is dropped afterwards; None where no PostgreSQL answers."""
    server = os.environ.get("DATABASE_URL") or (reachable("postgres") or {}).get("url")
    if not server or not server.startswith("postgres"):
        yield None
        return
    name = f"pharos_bench_{os.getpid()}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server.partition('?')[0].rpartition('/')[0]}/{name}"
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.close()


def run_on(db, url, options, arguments):
    """Measure on one database, in a process of its own with a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environment |= {"DATA_DIR": folder, "PHAROS_TESTING": "1"} | ({"DATABASE_URL": url} if url else {})
        starting.migrate(environment, db)
        if set(options.only) - {"start"}:
            command = [sys.executable, __file__, "--inside", *arguments]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)


def outside(options, arguments):
    if "start" in options.only and options.db != "postgresql":
        starting.serve()
    if options.db != "postgresql":
        run_on("sqlite", None, options, arguments)
    if options.db != "sqlite":
        with postgres_database() as url:
            if url:
                run_on("postgresql", url, options, arguments)
            else:
                print("No PostgreSQL answers (make services starts one): measured on SQLite alone.", file=sys.stderr)


def main(arguments):
    options = options_of(arguments)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # so that the database made for this is dropped all the same
    if options.inside:
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        from benchmarks.inside import measure  # noqa: PLC0415 needs Django set up

        measure(options)
    else:
        outside(options, arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
