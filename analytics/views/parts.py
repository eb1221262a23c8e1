"""The cards of the dashboard: each is fetched by itself, reads the roll-up once or twice, and has its table twin."""

from collections import defaultdict
from datetime import timedelta
from operator import itemgetter
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics import charts
from analytics.charts.bars import MOST_PLACEMENTS, FunnelStep, PlacementBar
from analytics.charts.goals import GoalBar
from analytics.charts.mix import Part
from analytics.charts.pacing import ForecastDay
from analytics.charts.trend import Line
from analytics.models import ExpectedRange, judging
from analytics.models.board import accounts, planned_by_day, planned_by_placement, replaced
from analytics.models.progress import JUDGED, goal_tree, measured_kpis, progress_of
from analytics.models.ranking import Ranking
from analytics.models.summary import answer, rates_of, rows_asked
from analytics.permissions.dashboard import can_set_ranges
from analytics.rules import pacing as rules
from analytics.rules import ranges
from analytics.rules.metrics import known
from analytics.rules.periods import custom
from analytics.rules.summary import CHANNEL, DAY, PLACEMENT
from analytics.store import reading
from analytics.views import said
from analytics.views.place import Place
from campaigns.models import Annotation, Channel, Goal
from core import text

FUNNEL = ("impressions", "clicks", ("visits", "sessions"), ("conversions", "leads"), "orders")
MIX = ("cost", "impressions", "clicks", "conversions", "revenue")
TABLE = ("cost", "impressions", "clicks", "ctr", "cpc", "conversions", "cpa")
MOST_BARS = 30  # KPIs drawn in one chart
MOST_ROWS = 20  # placements listed before somebody asks for all, as many as the chart has bars
WEEKLY_FROM = 42  # days from which the mix is drawn by week


def show(request, slug, part, code=None):
    """One card of the dashboard."""
    place = Place(request, slug, code)
    if part not in PARTS or (part in OF_CAMPAIGN and not place.campaign):
        raise Http404
    build, template = PARTS[part]
    asked, _problem = place.ask()
    context = {"place": place, "campaign": place.campaign, "asked": asked, "part": part}
    return render(request, f"analytics/{template}", context | build(request, place, asked))


def chosen_metric(request, asked, name, default):
    """The metric a card's own chooser names."""
    code = request.GET.get(name) or ""
    return known(code, asked.metrics) if code in asked.metrics else asked.metrics[default]


def chooser(request, place, part, name, codes, current, asked, **kept):
    """Buttons of a card that fetch it again with another metric."""
    language = get_language() or "en"
    return [
        {
            "label": asked.metrics[code].name(language),
            "active": code == current,
            "url": place.part_url(part, **{**kept, name: code}),
        }
        for code in codes
        if code in asked.metrics
    ]


# --- trend ----------------------------------------------------------------------------------------------------------


def trend(request, place, asked):
    """One metric over the days of the period, in all or by channel, with its range, notes and the days before."""
    codes = asked.question.metrics
    split = CHANNEL if request.GET.get("split") == CHANNEL else ""
    metric, question, found = _trend_asked(request, asked)
    days = question.period.days()
    chart = charts.trend(
        _split_lines(request.actor, question, asked) if split else [_line(metric, found)],
        days,
        said.scale_of(metric, found.currency or place.currency),
        band=[] if split else _band(request.actor, place, metric, asked, days),
        annotations=_notes(request.actor, place, question.period),
        partial={group.key for group in found.groups if not group.sums.is_complete},
        comparison=None if split else _before(request.actor, asked, metric),
        is_additive=asked.metrics.is_additive(metric.code),
    )
    return {
        "card": _card("trend", metric.name(get_language() or "en"), chart, place.export_url("days", "xlsx"), "l"),
        "choices": chooser(request, place, "trend", "trend", codes, metric.code, asked, split=split),
        "splits": [
            {"label": label, "active": split == value, "url": place.part_url("trend", trend=metric.code, split=value)}
            for value, label in (("", _("In all")), (CHANNEL, _("By channel")))
        ],
        "has_spans": found.has_spans,
        "currencies": sorted(found.totals.money) if not found.currency else [],
    }


def _trend_asked(request, asked):
    """(metric, question, answer): the metric chosen, else the first that may be drawn as one line."""
    codes = asked.question.metrics
    default = next((code for code in codes if not asked.metrics[code].is_stated_only), "cost")
    metric = chosen_metric(request, asked, "trend", default)
    question = replaced(asked.question, metrics=(metric.code,), group_by=DAY)
    found = answer(request.actor, question, asked.metrics, today=asked.today)
    if metric.unit == "money" and not found.currency and not request.GET.get("trend"):
        metric = next((asked.metrics[code] for code in codes if asked.metrics[code].unit == "count"), metric)
        question = replaced(question, metrics=(metric.code,))
        found = answer(request.actor, question, asked.metrics, today=asked.today)
    return metric, question, found


def _line(metric, found):
    values = {group.key: found.values(group.sums)[metric.code] for group in found.groups}
    return Line(metric.name(get_language() or "en"), values)


def _split_lines(actor, question, asked):
    """A line for each channel: one query for the figures, one for the names."""
    rows = rows_asked(actor, question, judging.leaves_of(question.metrics, asked.metrics)).only_days()
    series = judging.Series(asked.metrics)
    rows = [{**row, "campaign_id": None} for row in reading.sums({"": rows}, ["date", "channel_id"])]
    series.take(rows, {None: rates_of(actor, question.currency, question.period)})
    keys = {row["channel_id"] for row in rows} - {None}
    names = {row.pk: row.label for row in Channel.objects.visible_to(actor).filter(pk__in=keys)}
    days = question.period.days()
    return [Line(label, series.values(question.metrics[0], days, None, key)) for key, label in names.items()]


def _band(actor, place, metric, asked, days):
    if not place.campaign:
        return []
    rows = ExpectedRange.objects.visible_to(actor).filter(campaign=place.campaign, channel=None)
    expected = (
        rows.filter(metric__code=metric.code).select_related("metric").only(*judging.RULED, "metric__code").first()
    )
    if expected is None:
        return []
    plans = judging.plans_of(actor, [expected], asked.question.period) if expected.kind == "plan" else {}
    return ranges.band(days, judging.rule_of(expected), plans.get(expected.pk))


def _notes(actor, place, period):
    notes = Annotation.objects.visible_to(actor).between(period.first, period.last)
    notes = notes.filter(campaign=place.campaign) if place.campaign else notes.filter(campaign=None)
    return [(max(note.start_date, period.first), note.text) for note in notes[:40]]


def _before(actor, asked, metric):
    """The compared period's days, moved onto this one's."""
    if not asked.before:
        return None
    question = replaced(asked.before, metrics=(metric.code,), group_by=DAY)
    found = answer(actor, question, asked.metrics, today=asked.today)
    shift = asked.question.period.first - question.period.first
    values = {group.key + shift: found.values(group.sums)[metric.code] for group in found.groups}
    return Line(f"{question.period.first} – {question.period.last}", values)


# --- mix and funnel -------------------------------------------------------------------------------------------------


def mix(request, place, asked):
    """What each channel has of a metric, by day or week."""
    metric = chosen_metric(request, asked, "mix", "cost")
    if not asked.metrics.is_additive(metric.code):
        metric = asked.metrics["cost"]
    mode = "share" if request.GET.get("mode") == "share" else "stack"
    question = replaced(asked.question, metrics=(metric.code,), group_by="")
    lines = _split_lines(request.actor, question, asked)
    buckets = defaultdict(dict)
    for line in lines:
        for day, value in line.values.items():
            bucket = _bucket(day, len(question.period))
            buckets[line.name][bucket] = buckets[line.name].get(bucket, 0) + value
    found = [Part(name, bucket, value) for name, values in buckets.items() for bucket, value in values.items()]
    chart = charts.channel_mix(found, said.scale_of(metric, asked.question.currency or place.currency), mode=mode)
    return {
        "card": _card("mix", _("Channel mix"), chart, place.export_url("channels", "xlsx")),
        "choices": chooser(request, place, "mix", "mix", MIX, metric.code, asked, mode=mode),
        "splits": [
            {"label": label, "active": mode == value, "url": place.part_url("mix", mix=metric.code, mode=value)}
            for value, label in (("stack", _("Amounts")), ("share", _("Shares")))
        ],
    }


def _bucket(day, length):
    return day if length < WEEKLY_FROM else day - timedelta(days=day.weekday())


def funnel(request, place, asked):
    """The way from being seen to buying, as far as figures are there."""
    steps = [step if isinstance(step, tuple) else (step,) for step in FUNNEL]
    codes = tuple(code for step in steps for code in step if code in asked.metrics)
    question = replaced(asked.question, metrics=codes, group_by="")
    found = answer(request.actor, question, asked.metrics, today=asked.today)
    values = found.values(found.totals)
    language = get_language() or "en"
    shown = [next((code for code in step if values.get(code) is not None), None) for step in steps]
    bars = [FunnelStep(asked.metrics[code].name(language), values[code]) for code in shown if code]
    return {"card": _card("funnel", _("Funnel"), charts.funnel(bars, charts.Scale(language)), "")}


# --- goals and pacing -----------------------------------------------------------------------------------------------


def goals(request, place, asked):
    """A bullet for each KPI, and the goals they roll up into."""
    kpis = measured_kpis(request.actor, place.campaign, asked.metrics)
    lines = progress_of(request.actor, place.campaign, kpis, asked.metrics, today=asked.today)
    rows = Goal.objects.visible_to(request.actor).active().of(place.campaign).only(*JUDGED)
    tree = goal_tree(list(rows), lines)
    shown = _furthest_behind([line for line in lines if line.metric])
    url = place.addresses("kpi-figures")
    made = charts.goal_progress([_bar(url(line.kpi.pk), line, place.campaign.currency) for line in shown])
    words = {state: str(label) for state, label in said.STATES.items()}
    return {
        "card": _card("goals", _("Goal progress"), made, ""),
        "tree": [_node(row, words) for row in tree],
        "has_kpis": bool(lines),
        "shown": len(shown),
        "count": sum(1 for line in lines if line.metric),
    }


def _node(row, words):
    """A goal of the tree in the words it is shown by."""
    return {
        "title": row.goal.title,
        "depth": str(row.depth),
        "missing": row.total.missing,
        "percent": text.percent(row.total.done, 0),
        "bar": str(row.bar),
        "state_label": words[row.state],
        "tone": said.TONES[row.state],
    }


def _furthest_behind(lines):
    """As many KPIs as a chart can hold, in their order; of more, those that lack most."""
    if len(lines) <= MOST_BARS:
        return lines
    lacks = sorted(lines, key=lambda line: (line.done is None, (line.done or 0) - (line.expected or 0)))[:MOST_BARS]
    kept = {id(line) for line in lacks}
    return [line for line in lines if id(line) in kept]


def _bar(address, line, currency):
    scale = said.scale_of(line.metric, currency)
    return GoalBar(
        line.kpi.name, line.done, line.expected, line.state, line.actual, line.kpi.target_value, scale, address
    )


def pacing(request, place, asked):
    """Money planned and spent, cumulated over the campaign's days, and where it will end."""
    campaign = place.campaign
    period = custom(campaign.start_date, min(campaign.finish_date, campaign.start_date + timedelta(days=1829)))
    question = replaced(
        asked.question, period=period, metrics=("cost",), group_by=DAY, currency=campaign.currency, accounts=()
    )
    found = answer(request.actor, question, asked.metrics, today=asked.today)
    plan, other_currencies = planned_by_day(request.actor, question)
    actual = {group.key: found.values(group.sums)["cost"] for group in found.groups}
    actual = {day: value for day, value in actual.items() if value is not None}
    through = min(max(actual, default=period.first), period.last)
    coming = rules.forecast(actual, _last_whole(found, through), period.last)
    chart = charts.pacing(
        period.days(),
        plan,
        actual,
        said.scale_of(asked.metrics["cost"], campaign.currency),
        through=through,
        forecast=[ForecastDay(each.day, each.low, each.middle, each.high) for each in coming],
        ceiling=campaign.budget_amount,
    )
    spent = sum(actual.values()) if actual else None
    planned = sum(value for day, value in plan.items() if day <= through)
    return {
        "card": _card("pacing", _("Pacing"), chart, ""),
        "pace": said.pace_of(spent, planned),
        "other_currencies": sorted(other_currencies),
        "missing_rates": sorted(found.totals.unconverted)[:5],
    }


def _last_whole(found, through):
    """The last day whose figures are whole: an arriving day would pull the forecast down."""
    whole = [group.key for group in found.groups if group.sums.is_complete and group.key <= through]
    return max(whole, default=through)


def attention(request, place, asked):
    """What is out of range now, or at the end of a period that is over, with what to do about it."""
    as_of = judging.seen_from(asked.question.period, asked.today)
    expected = ExpectedRange.objects.visible_to(request.actor).filter(campaign=place.campaign).with_words()
    judged = judging.judge(request.actor, list(expected), judging.recent(as_of), asked.metrics)
    return {
        "lines": [said.out_of_range(each, place.campaign.currency) for each in judging.out_among(judged)],
        "has_ranges": bool(judged),
        "is_judged": any(each.latest for each in judged),
        "day": asked.question.period.last if as_of < asked.today else None,
        "may_plan": can_set_ranges(request.actor, place.campaign),
    }


# --- tables ---------------------------------------------------------------------------------------------------------


def placements(request, place, asked):
    """Placements with plan, spend, pace and figures; sorted as asked."""
    order = request.GET.get("o") or "-cost"
    is_whole = request.GET.get("rows") == "all"
    rows, found = _ranked(request.actor, place, asked, order, is_whole)
    currency = found.currency or place.currency
    loose = found.values(found.unassigned)["cost"]
    shown = rows if is_whole else rows[:MOST_ROWS]
    found.complete([row["key"] for row in shown])
    scales = {code: said.scale_of(asked.metrics[code], currency) for code in TABLE}
    chart = _placement_bars(rows, loose, scales["cost"])
    return {
        "rows": [_said_row(row, found, scales) for row in shown],
        "count": len(rows),
        "all_url": "" if len(shown) == len(rows) else place.part_url("placements", o=order, rows="all"),
        "columns": _columns(place, asked, order),
        "card": _card("placements-chart", _("Spend by placement"), chart, place.export_url("placements", "xlsx")),
        "exports": [(kind, place.export_url("placements", kind)) for kind in ("csv", "xlsx")],
        "total": _said_values(found.values(found.totals), scales),
        "loose": _said_values(found.values(found.unassigned), scales) if loose else None,
    }


def _placement_bars(rows, loose, scale):
    told = [row for row in rows if row["is_told"]]
    bars = [PlacementBar(row["label"], row["values"]["cost"], row["planned"], url=row["url"]) for row in told]
    bars += [PlacementBar(_("Unassigned"), loose, is_unassigned=True)] if loose else []
    return charts.placements(bars, scale, rest=[row["values"]["cost"] for row in rows if not row["is_told"]])


def placement_rows(actor, place, asked):
    """`(rows, answer)`: each row has label, sums and their values, planned (so far) and its page."""
    question = replaced(asked.question, metrics=TABLE, group_by=PLACEMENT)
    found = answer(actor, question, asked.metrics, today=asked.today)
    rows = _lines(found, TABLE)
    _tell(actor, place, asked, found, rows)
    return rows, found


def _ranked(actor, place, asked, order, is_whole):
    """As `placement_rows`, in order; of many only those that are shown are told of, with the values of few metrics."""
    question, name = replaced(asked.question, metrics=TABLE, group_by=PLACEMENT), order.lstrip("-")
    by = TABLE if is_whole else [code for code in TABLE if code in ("cost", name)]
    found = Ranking(actor, question, asked.metrics, by=by, today=asked.today)
    rows, is_ranked = _lines(found, by), not is_whole and name in TABLE
    told = _shown_of(rows, order) if is_ranked else rows
    found.name([row["key"] for row in told])
    _tell(actor, place, asked, found, told)
    return sort_rows(rows, order), found


def _lines(found, metrics):
    """A row for each line of the answer, not told of yet."""
    return [
        {"key": group.key, "group": group, "values": found.values(group.sums, metrics), "is_told": False}
        for group in found.groups
    ]


def _shown_of(rows, order):
    """Those that the table begins with, and those of the largest bars."""
    shown = [*sort_rows(rows, order)[:MOST_ROWS], *sort_rows(rows, "-cost")[:MOST_PLACEMENTS]]
    return list({row["key"]: row for row in shown}.values())


def _tell(actor, place, asked, found, rows):
    """Say of rows what they are called, what was planned and where their page is."""
    keys = [row["key"] for row in rows if row["key"]]
    planned = planned_by_placement(actor, found.question, asked.today - timedelta(days=1), keys)
    url = _pages(place)
    for row in rows:
        row.update(_told(url(row["key"]), row["group"], planned))


def _pages(place):
    """A function placement key -> its page with the period kept."""
    kept = urlencode({name: place.query[name] for name in ("period", "from", "to") if name in place.query})
    url = place.addresses("placement-figures") if place.campaign else None
    return lambda key: f"{url(key)}{kept and '?'}{kept}" if key and url else ""


def _told(url, group, planned):
    whole, so_far = planned.get(group.key, (None, None))
    return {
        "is_told": True,
        "label": _("Without placement") if group.key is None else group.label,
        "code": group.code,
        "sums": group.sums,
        "planned": whole,
        "so_far": so_far,
        "url": url,
    }


def sort_rows(rows, order):
    """By a column of the table ("-cost": largest first); what has no figure comes last."""
    name, is_down = order.lstrip("-"), order.startswith("-")
    if name == "name":
        return sorted(rows, key=lambda row: row["label"], reverse=is_down)
    cells = [(_cell(row, name), row) for row in rows]
    ranked = sorted((pair for pair in cells if pair[0] is not None), key=itemgetter(0), reverse=is_down)
    return [row for _value, row in ranked] + [row for value, row in cells if value is None]


def _cell(row, name):
    return row["planned"] if name == "planned" else row["values"].get(name)


def _columns(place, asked, order):
    language = get_language() or "en"
    names = [("name", _("Placement"), False), ("planned", _("Planned"), True)]
    names += [(code, said.short_name(asked.metrics[code].name(language)), True) for code in TABLE]
    return [
        {
            "label": label,
            "is_number": is_number,
            "sort": {name: "ascending", f"-{name}": "descending"}.get(order, ""),
            "url": place.part_url(
                "placements", o=name if order == f"-{name}" or name == "name" != order else f"-{name}"
            ),
        }
        for name, label, is_number in names
    ]


def _said_row(row, found, scales):
    return {
        **row,
        "is_complete": row["sums"].is_complete,
        "cells": _said_values(found.values(row["sums"]), scales),
        "planned": scales["cost"].full(row["planned"]),
        "pace": said.pace_of(row["values"]["cost"], row["so_far"]),
    }


def _said_values(values, scales):
    return [scales[code].full(values[code]) for code in TABLE]


def account_table(request, place, asked):
    """Platform accounts: matched and unassigned figures, and whether they are the platform's own total."""
    rows = accounts(request.actor, asked.question, asked.metrics, today=asked.today)
    metric = asked.metrics["cost"]
    return {
        "rows": [_said_account(row, metric, asked) for row in rows],
        "exports": [(kind, place.export_url("accounts", kind)) for kind in ("csv", "xlsx")],
        "has_own": any(row.stated is not None for row in rows),
    }


def _said_account(row, metric, asked):
    currency = row.found.currency or row.total.currency
    sums = (row.group.sums, row.group.unassigned, row.total)
    due = sum(1 for day in asked.question.period.days() if day < asked.today)
    return {
        "label": row.group.label,
        "cells": [said.said(row.cost(one), metric, one.currency or currency, short=False) for one in sums],
        "stated": said.said(row.stated, metric, currency, short=False),
        "check": row.check,
        "complete": row.complete,
        "partial": row.partial,
        "missing": max(0, due - row.complete - row.partial),
    }


def _card(name, title, chart, export_url, height="m"):
    """What components/chart.html shows."""
    made = {"id": f"chart-{name}", "title": title, "figure": chart.figure, "table": chart.table}
    return made | {"note": chart.summary, "height": height, "export_url": export_url}


PARTS = {
    "trend": (trend, "_trend.html"),
    "mix": (mix, "_mix.html"),
    "funnel": (funnel, "_chart.html"),
    "goals": (goals, "_goals.html"),
    "pacing": (pacing, "_pacing.html"),
    "attention": (attention, "_attention.html"),
    "placements": (placements, "_placements.html"),
    "accounts": (account_table, "_accounts.html"),
}
OF_CAMPAIGN = {"goals", "pacing", "attention"}
