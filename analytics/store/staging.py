"""Rows of a delivery on their way in: loaded into a temporary table in chunks, so that memory stays flat."""

from datetime import date, timedelta

from django.db import connection

from analytics.choices import DAY
from analytics.store import dialect

COLUMNS = ("object_id", "part", "date_from", "date_to", "hour", "breakdown", "metric", "value", "currency")
SLICE = 250_000  # staged rows that are merged by one set of statements
WATCHED = 250_000  # rows up to which it is known whether a key comes twice


class Stage:
    """The temporary table of one delivery. `add` takes values in the order of COLUMNS (dates ISO, values text).

    Of rows with the same key those of one `part` belong together; a greater part replaces a smaller one.
    """

    def __init__(self):
        self.rows = 0
        self.levels = set()  # of the objects whose rows these are
        self.parts = set()
        self._records = 0
        self._places = set()  # hashes of what the figures of one record share of their keys
        self.grains = set()  # which of day, hour and span the rows are
        self.spans = set()  # (first, last) of rows of several days
        with connection.cursor() as cursor:
            dialect.fresh_table(
                cursor,
                "pharos_stage",
                "object_id bigint, part integer, date_from date, date_to date, hour smallint, breakdown varchar(200), "
                "metric varchar(40), value numeric(24, 6), currency varchar(3)",
            )

    def add(self, groups, levels):
        """Load figures of objects of these levels: (values of COLUMNS they share, (metric, value, currency) of each).

        Both are made as they are read.
        """
        self.levels |= levels
        with connection.cursor() as cursor:
            self.rows += dialect.load_figures(cursor, "pharos_stage", COLUMNS, self._noted(groups))

    def _noted(self, groups):
        for group in groups:
            self._note(*group[0])
            yield group

    def _note(self, object_id, part, first, last, hour, breakdown):
        self._records += 1
        self.parts.add(part)
        if self.rows <= WATCHED:
            self._places.add(hash((object_id, first, last, hour, breakdown)))
        self.grains.add("span" if first != last else "day" if hour == DAY else "hour")
        if first != last:
            self.spans.add((first, last))

    @property
    def may_repeat(self):
        """Whether two rows may have the same key (sorting them out costs a third of the time).

        A record has each metric once, so that none does where no two records share object, days and breakdown.
        """
        return len(self._places) < self._records

    def slices(self, day_from, day_to):
        """`(first, last)` days that together cover day_from … day_to, each with about SLICE staged rows."""
        with connection.cursor() as cursor:
            dialect.analyse(cursor, "pharos_stage (object_id, date_from, metric)")
        if self.rows <= SLICE:
            return [(day_from, day_to)]
        found, first, count = [], day_from, 0
        with connection.cursor() as cursor:
            schema = "" if dialect.is_postgres() else "temp."
            cursor.execute(f"CREATE INDEX {schema}pharos_stage_days ON pharos_stage (date_from)")
            cursor.execute("SELECT date_from, COUNT(*) FROM pharos_stage GROUP BY date_from ORDER BY date_from")
            for day, rows in cursor.fetchall():
                if count and count + rows > SLICE:
                    found.append((first, _before(day)))
                    first, count = _iso(day), 0
                count += rows
        return [*found, (first, day_to)]

    def close(self):
        """Give the room back."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pharos_stage")


def _iso(day):
    return day if isinstance(day, str) else day.isoformat()


def _before(day):
    return (date.fromisoformat(_iso(day)) - timedelta(days=1)).isoformat()
