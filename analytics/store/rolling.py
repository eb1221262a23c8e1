"""The daily roll-up of one ad account: which source counts on a day, whose plan line a figure is, one sum for each.

The plain reference of what is written here is `analytics.rules.counting`; a property test holds both together.
A row of several days is rolled up where no daily figure of the account stands on any of its days; of such rows that
overlap the longest counts, then the better source, then the earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from analytics.choices import DAY
from analytics.rules import counting
from analytics.store import dialect
from analytics.store.links import assignments
from analytics.store.merging import as_day

_HOUR_OR_DAY = f"""(f.hour = {DAY} OR NOT EXISTS (SELECT 1 FROM analytics_fact w WHERE w.object_id = f.object_id
    AND w.date_from = f.date_from AND w.date_to = f.date_to AND w.hour = {DAY} AND w.breakdown = ''
    AND w.metric = f.metric))"""


@dataclass(frozen=True)
class Account:
    """An ad account as it is counted: its level, its links (of sources) best first, its channel, its zone."""

    id: UUID
    workspace_id: UUID
    level: str
    links: Sequence[UUID]
    channel_id: UUID | None
    zone: ZoneInfo


class _Always:
    """The period that covers everything."""

    def covers(self, first, last):
        return True


def roll_up(account, additive, days=None, spans=True):
    """Rebuild the roll-up of the account for some days (None: all it has figures on) and, if asked, its periods."""
    with connection.cursor() as cursor:
        wanted = None if days is None else sorted(days)
        if not account.links:
            _forget(cursor, account, wanted, spans)
            return
        links_of_days = _links_of_days(cursor, account, wanted)
        chosen = _chosen_spans(cursor, account) if spans else []
        periods = [*((day, day, link) for day, link in links_of_days.items()), *chosen]
        _forget(cursor, account, wanted, spans)
        if periods and additive:
            _fill_periods(cursor, account, periods)
            _fill_assignments(cursor, account)
            _write(cursor, account, sorted(additive), periods)
            _add_up(cursor, account, wanted, spans)


def _countable(account):
    """(FROM … WHERE …, values): facts `f` of the account at its counting level without breakdown."""
    sql = f"""FROM analytics_fact f JOIN analytics_externalobject o ON o.id = f.object_id
        WHERE f.workspace_id = %s AND f.account_link_id IN ({dialect.slots(account.links)})
        AND o.level = %s AND f.breakdown = ''"""
    return sql, [dialect.key(account.workspace_id), *map(dialect.key, account.links), account.level]


def _links_of_days(cursor, account, days):
    """`{day: link}`: the first link, in the account's order of sources, that has figures on the day."""
    if days is not None and len(account.links) == 1:
        return dict.fromkeys(days, account.links[0])
    sql, values = _countable(account)
    sql += " AND f.date_from = f.date_to"
    if days:
        sql += " AND f.date_from BETWEEN %s AND %s"
        values += [days[0].isoformat(), days[-1].isoformat()]
    cursor.execute(f"SELECT DISTINCT f.account_link_id, f.date_from {sql}", values)
    places = {dialect.key(link): place for place, link in enumerate(account.links)}
    best, asked = {}, None if days is None else frozenset(days)
    for link, day in cursor.fetchall():
        day, place = as_day(day), places[_plain_key(link)]
        if (asked is None or day in asked) and place < best.get(day, len(places)):
            best[day] = place
    return {day: account.links[place] for day, place in best.items()}


def _plain_key(value):
    """A key read by hand-written SQL in the form in which it is sent."""
    return dialect.key(value) if isinstance(value, UUID) else value


def _chosen_spans(cursor, account):
    """[(first, last, link)] of the rows of several days that count, by the rule of `counting.choose_spans`."""
    sql, values = _countable(account)
    columns, way = "f.account_link_id, f.date_from, f.date_to", dialect.along("fact_of_several_days")
    of_several_days = sql.replace(" f ", f" f {way} ", 1) + " AND f.date_to > f.date_from"
    cursor.execute(f"SELECT DISTINCT {columns} {of_several_days}", values)
    links = {dialect.key(link): link for link in account.links}
    spans = [(links[_plain_key(link)], as_day(first), as_day(last)) for link, first, last in cursor.fetchall()]
    if not spans:
        return []
    values += [min(first for _link, first, _last in spans), max(last for _link, _first, last in spans)]
    cursor.execute(
        f"SELECT DISTINCT f.date_from {sql} AND f.date_to = f.date_from AND f.date_from BETWEEN %s AND %s", values
    )
    daily = [_token(account, account.links[0], as_day(day), as_day(day)) for (day,) in cursor.fetchall()]
    rows = [_token(account, *span) for span in spans]
    order = {account.id: counting.Counting(account.level, tuple(account.links))}
    chosen, _left_out = counting.choose_spans(rows, order, _Always(), daily)
    return [(row.date_from, row.date_to, row.source) for row in chosen]


def _token(account, link, first, last):
    """A fact that stands for all those of one link and period."""
    return counting.Fact(account.id, account.level, None, first, last, None, "", "", 0, None, link)


def _forget(cursor, account, days, spans):
    """Delete what the roll-up says of these days, and of periods where asked."""
    for table in ("analytics_dailymetric", "analytics_dailytotal"):
        for condition, values in _rows_of(account, days, spans):
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", values)


def _rows_of(account, days, spans):
    """(condition, values) for the roll-up's rows of some days (None: all), and of periods where asked."""
    own, values = "workspace_id = %s AND ad_account_id = %s", [*map(dialect.key, (account.workspace_id, account.id))]
    if spans:
        yield f"{own} AND date_to > date", values
    if days is None:
        yield f"{own} AND date_to = date", values
    for first, last in _runs(days or ()):
        yield f"{own} AND date_to = date AND date BETWEEN %s AND %s", [*values, first, last]


def _runs(days):
    """Neighbouring days joined: [(first, last)]."""
    found = []
    for day in days:
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1][1] = day
        else:
            found.append([day, day])
    return found


def _fill_periods(cursor, account, periods):
    whole = _Completeness(cursor, account, min(p[0] for p in periods), max(p[1] for p in periods))
    columns = f"place integer, date_from date, date_to date, link_id {dialect.uuid_type()}, is_complete boolean"
    dialect.fresh_table(cursor, "pharos_period", columns, index="date_from")
    rows = [
        (place, first, last, dialect.key(link), whole.covers(link, first, last))
        for place, (first, last, link) in enumerate(periods)
    ]
    columns = ("place", "date_from", "date_to", "link_id", "is_complete")
    dialect.insert_rows(cursor, "pharos_period", columns, rows)
    dialect.analyse(cursor, "pharos_period")


class _Completeness:
    """Which days a complete delivery has covered after they were over in the account's zone."""

    def __init__(self, cursor, account, first, last):
        cursor.execute(
            f"""SELECT account_link_id, day_from, day_to, MAX(at) FROM analytics_delivery
            WHERE account_link_id IN ({dialect.slots(account.links)}) AND level = %s AND breakdown = ''
            AND is_complete = %s AND day_from <= %s AND day_to >= %s GROUP BY account_link_id, day_from, day_to""",
            [*map(dialect.key, account.links), account.level, True, last, first],
        )
        self._zone = account.zone
        self._delivered: Mapping = {}
        for link, day_from, day_to, at in cursor.fetchall():
            scope = (as_day(day_from), as_day(day_to), _as_moment(at))
            self._delivered.setdefault(_plain_key(link), []).append(scope)

    def covers(self, link, first, last):
        """Whether a complete delivery of the link, made after `last` was over, holds all days first … last."""
        over = datetime.combine(last + timedelta(days=1), time.min, self._zone)
        scopes = self._delivered.get(dialect.key(link), ())
        return any(day_from <= first and last <= day_to and at >= over for day_from, day_to, at in scopes)


def _as_moment(value):
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))


def _fill_assignments(cursor, account):
    """pharos_assigned: which plan line an object belongs to from … to; pharos_plan: what the plan line is.

    Sums are grouped by the plan line's number alone: sorting figures by three long keys would take twice the time.
    """
    key = dialect.uuid_type()
    columns = "object_id bigint, date_from date, date_to date, plan integer"
    dialect.fresh_table(cursor, "pharos_assigned", columns, index="object_id")
    columns = f"plan integer, campaign_id {key}, placement_id {key}, channel_id {key}"
    dialect.fresh_table(cursor, "pharos_plan", columns)
    plans = {}
    rows = [(*row[:3], plans.setdefault(row[3:], len(plans))) for row in assignments(cursor, account)]
    dialect.insert_rows(cursor, "pharos_assigned", ("object_id", "date_from", "date_to", "plan"), rows)
    columns = ("plan", "campaign_id", "placement_id", "channel_id")
    dialect.insert_rows(cursor, "pharos_plan", columns, [(number, *plan) for plan, number in plans.items()])
    dialect.analyse(cursor, "pharos_assigned")


def _write(cursor, account, additive, periods):
    """One INSERT of all sums: by plan line, channel, day, metric and currency."""
    sql, values = _countable(account)
    first, last = min(period[0] for period in periods), max(period[1] for period in periods)
    source = sql.replace(
        "WHERE",
        """JOIN pharos_period d ON d.link_id = f.account_link_id AND d.date_from = f.date_from AND d.date_to = f.date_to
        LEFT JOIN pharos_assigned a ON a.object_id = f.object_id AND a.date_from <= f.date_from
            AND a.date_to >= f.date_to WHERE""",
        1,
    )
    cursor.execute(
        f"""INSERT INTO analytics_dailymetric (workspace_id, ad_account_id, campaign_id, placement_id, channel_id, date,
            date_to, metric, currency, is_complete, value)
        SELECT %s, %s, p.campaign_id, p.placement_id, COALESCE(p.channel_id, %s), d.date_from, d.date_to, s.metric,
            s.currency, d.is_complete, s.value
        FROM (SELECT a.plan, d.place, f.metric, f.currency, {dialect.exact_sum("f.value")} AS value
            {source} AND f.date_from BETWEEN %s AND %s AND f.metric IN ({dialect.slots(additive)}) AND {_HOUR_OR_DAY}
            GROUP BY a.plan, d.place, f.metric, f.currency) s
        JOIN pharos_period d ON d.place = s.place LEFT JOIN pharos_plan p ON p.plan = s.plan""",
        [*map(dialect.key, (account.workspace_id, account.id, account.channel_id)), *values, first, last, *additive],
    )


def _add_up(cursor, account, days, spans):
    """The totals over placements, out of the rows just written."""
    columns = "workspace_id, ad_account_id, campaign_id, channel_id, date, date_to, metric, currency, is_complete"
    for condition, values in _rows_of(account, days, spans):
        cursor.execute(
            f"""INSERT INTO analytics_dailytotal ({columns}, value) SELECT {columns}, {dialect.exact_sum("value")}
            FROM analytics_dailymetric WHERE {condition} GROUP BY {columns}""",
            values,
        )
