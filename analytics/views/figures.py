"""Drill-down: the figures behind a placement and behind a KPI, as sources delivered them."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics import charts
from analytics.charts.trend import Line
from analytics.choices import DAY
from analytics.models import Fact, FactRevision, KpiSource, Source
from analytics.models.board import replaced
from analytics.models.judging import series_of
from analytics.models.progress import progress_of
from analytics.models.summary import answer
from analytics.permissions.dashboard import can_set_ranges
from analytics.rules.periods import custom
from analytics.rules.summary import DAY as BY_DAY
from analytics.rules.summary import Sums, leaves_of
from analytics.views import said
from analytics.views.place import Place
from campaigns.models import Kpi
from core import text
from placements.models import Placement

PAGE = 60
LATEST = 50
SHOWN = ("cost", "impressions", "clicks", "ctr", "conversions")


def placement_figures(request, slug, code, pk):
    """A placement's figures: by day and object; breakdowns, hours and what was restated kept apart."""
    place = Place(request, slug, code)
    rows = Placement.objects.visible_to(request.actor).filter(campaign=place.campaign).select_related("channel")
    placement = get_object_or_404(rows, pk=pk)
    asked, problem = place.ask(
        default_period="campaign_to_date" if place.campaign.start_date <= place.today() else None
    )
    period = asked.question.period
    facts = Fact.objects.visible_to(request.actor).of_placement(placement)
    facts = facts.filter(date_from__gte=period.first, date_to__lte=period.last)
    table = request.GET.get("table") if request.GET.get("table") in TABLES else "objects"
    question = replaced(asked.question, placements=(placement.pk,), metrics=SHOWN, group_by=BY_DAY)
    found = answer(request.actor, question, asked.metrics, today=asked.today)
    context = {
        "campaign": place.campaign,
        "placement": placement,
        "asked": asked,
        "problem": problem,
        "filters": place.filters(asked)[:1],
        "tiles": _tiles(found, asked),
        "chart": _chart(found, asked, place),
        "table": table,
        "tabs": _tabs(request, table),
        "links": placement.object_links.select_related(
            "object__account_link__source", "object__account_link__ad_account"
        ),
        **TABLES[table](request, facts, asked, placement),
    }
    return render(request, "analytics/placement_figures.html", context)


def _tabs(request, table):
    names = {
        "objects": _("By day and object"),
        "breakdowns": _("Breakdowns"),
        "hours": _("Hours"),
        "revisions": _("Restated"),
    }
    query = request.GET.copy()
    query.pop("page", None)
    tabs = []
    for name, label in names.items():
        query["table"] = name
        tabs.append({"label": label, "url": f"?{query.urlencode()}", "active": name == table})
    return tabs


def _tiles(found, asked):
    values = found.values(found.totals)
    return [
        {
            "label": asked.metrics[code].name(get_language() or "en"),
            "value": said.said(values[code], asked.metrics[code], found.currency),
        }
        for code in SHOWN
    ]


def _chart(found, asked, place):
    metric = asked.metrics["cost"]
    values = {group.key: found.values(group.sums)["cost"] for group in found.groups}
    partial = {group.key for group in found.groups if not group.sums.is_complete}
    line = Line(metric.name(get_language() or "en"), values)
    scale = said.scale_of(metric, found.currency or place.currency)
    made = charts.trend([line], asked.question.period.days(), scale, partial=partial)
    return {"id": "placement-trend", "title": line.name, "figure": made.figure, "table": made.table, "height": "s"}


def _listed(request, facts, asked):
    """Rows of one object, day, hour and breakdown with their metrics side by side."""
    keys = ("object_id", "date_from", "date_to", "hour", "breakdown", "account_link_id")
    places = facts.order_by("-date_from", "object_id", "hour", "breakdown").values_list(*keys).distinct()
    page = Paginator(places, PAGE).get_page(request.GET.get("page"))
    wanted = list(page.object_list)
    cells, about = _cells(facts, wanted)
    codes = list(dict.fromkeys(code for found in cells.values() for code in found))
    order = {code: number for number, code in enumerate(asked.metrics)}
    codes.sort(key=lambda code: order.get(code, len(order)))
    rows = [_fact_row(key, about.get(key), cells[key], codes, asked) for key in wanted if key in about]
    heads = [asked.metrics[code].name(get_language() or "en") if code in asked.metrics else code for code in codes]
    return {"page": page, "rows": rows, "heads": heads}


def _cells(facts, wanted):
    """`({place: {metric: fact}}, {place: a fact})` of the places on the page, one query."""
    days = [key[1] for key in wanted]
    cells, about = defaultdict(dict), {}
    if not wanted:
        return cells, about
    rows = facts.filter(date_from__gte=min(days), date_from__lte=max(days), object__in={key[0] for key in wanted})
    for fact in rows.select_related("object", "account_link__source"):
        key = (fact.object_id, fact.date_from, fact.date_to, fact.hour, fact.breakdown, fact.account_link_id)
        cells[key][fact.metric], about[key] = fact, fact
    return cells, about


def _fact_row(key, about, cells, codes, asked):
    return {
        "fact": about,
        "hour": None if about.hour == DAY else f"{about.hour:02d}:00",
        "is_span": about.date_to > about.date_from,
        "breakdown": about.breakdown.split("|") if about.breakdown else [],
        "cells": [_fact_cell(cells.get(code), asked.metrics.get(code)) for code in codes],
    }


def _fact_cell(fact, metric):
    if fact is None:
        return text.MISSING
    return said.said(fact.value, metric, fact.currency, short=False) if metric else text.trimmed(fact.value, 6)


def objects(request, facts, asked, placement):
    """Whole days (and periods) without breakdown."""
    return _listed(request, facts.filter(breakdown="", hour=DAY), asked)


def breakdowns(request, facts, asked, placement):
    """Figures by age, device, region …: kept apart, in no total."""
    return _listed(request, facts.exclude(breakdown="").filter(hour=DAY), asked)


def hours(request, facts, asked, placement):
    """Figures by hour."""
    return _listed(request, facts.exclude(hour=DAY), asked)


def revisions(request, facts, asked, placement):
    """What sources restated: old and new, when."""
    period = asked.question.period
    rows = FactRevision.objects.visible_to(request.actor).filter(object__links__placement=placement)
    rows = rows.filter(date_from__gte=period.first, date_to__lte=period.last).distinct()
    rows = rows.select_related("object__account_link__source").order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {"page": page, "revisions": [_revision(row, asked.metrics.get(row.metric)) for row in page]}


def _revision(row, metric):
    values = {"old": row.old_value, "new": row.new_value}
    if metric:
        values = {name: said.said(value, metric, row.currency, short=False) for name, value in values.items()}
    name = metric.name(get_language() or "en") if metric else row.metric
    return {"row": row, "metric": name, "is_gone": row.new_value is None, "is_new": row.old_value is None, **values}


TABLES = {"objects": objects, "breakdowns": breakdowns, "hours": hours, "revisions": revisions}


def kpi_figures(request, slug, code, pk):
    """A KPI's figures: actual against its plan by day, the source of record beside the others."""
    place = Place(request, slug, code)
    kpi = get_object_or_404(
        Kpi.objects.visible_to(request.actor).of(place.campaign).with_words().select_related("goal"), pk=pk
    )
    asked, _problem = place.ask()
    [line] = progress_of(request.actor, place.campaign, [kpi], asked.metrics, today=asked.today)
    context = {
        "campaign": place.campaign,
        "kpi": kpi,
        "told": said.kpi_line(line, place.campaign.currency),
        "record": KpiSource.objects.filter(kpi=kpi).select_related("source").first(),
        "sources": Source.objects.visible_to(request.actor).active(),
        "may_plan": can_set_ranges(request.actor, place.campaign),
        **_days_of(request.actor, place, line, asked),
        "beside": _beside(request.actor, place, line, asked) if line.metric else [],
    }
    return render(request, "analytics/kpi_figures.html", context)


def _days_of(actor, place, line, asked):
    """The KPI by day: actual, plan and gap, as a chart and a table."""
    if line.metric is None or line.metric.is_stated_only or line.first > line.last:
        return {"chart": None, "days": []}
    period = custom(line.first, line.last)
    series = series_of(actor, [place.campaign.pk], {line.metric.code}, period, asked.metrics)
    values = series.values(line.metric.code, period.days(), place.campaign.pk, line.kpi.channel_id)
    partial = series.partial(period.days(), place.campaign.pk, line.kpi.channel_id)
    scale = said.scale_of(line.metric, place.campaign.currency)
    plan = line.plan if line.metric.is_additive else {}
    made = charts.trend(
        [Line(_("Actual"), values)],
        period.days(),
        scale,
        comparison=Line(_("Plan"), plan) if plan else None,
        partial=partial,
        is_additive=asked.metrics.is_additive(line.metric.code),
    )
    days = [
        {
            "day": day,
            "actual": scale.full(values.get(day)),
            "plan": scale.full(plan.get(day)),
            "partial": day in partial,
        }
        for day in reversed(period.days())
        if day in values or (plan and day < asked.today)
    ]
    chart = {"id": "kpi-trend", "title": line.kpi.name, "figure": made.figure, "note": made.summary, "height": "m"}
    return {"chart": chart, "days": days[:92]}


def _beside(actor, place, line, asked):
    """What each source says of the KPI in its period, with the gap to the source of record."""
    if line.metric.is_stated_only or line.first > line.through:
        return []
    facts = Fact.objects.visible_to(actor).filter(metric__in=leaves_of([line.metric.code], asked.metrics))
    facts = facts.filter(date_from__gte=line.first, date_to__lte=line.through)
    sums = defaultdict(Sums)
    for row in facts.by_source(place.campaign, line.kpi.channel_id):
        sums[row["source"]].add(row["metric"], row["currency"], row["sum"])
    sources = Source.objects.visible_to(actor).filter(pk__in=sums)
    told = [(source, sums[source.pk].values([line.metric.code], asked.metrics)[line.metric.code]) for source in sources]
    return [_source_line(source, value, line, place) for source, value in told if value is not None]


def _source_line(source, value, line, place):
    is_record = line.source is not None and line.source.pk == source.pk
    has_gap = line.source is not None and not is_record and line.actual is not None
    gap = value - line.actual if has_gap else None
    return {
        "source": source,
        "is_record": is_record,
        "value": said.said(value, line.metric, place.campaign.currency, short=False),
        "gap": "" if gap is None else said.said(gap, line.metric, place.campaign.currency, short=False),
    }


urls = [
    path("c/<slug:code>/placements/<uuid:pk>/figures/", placement_figures, name="placement-figures"),
    path("c/<slug:code>/kpis/<uuid:pk>/figures/", kpi_figures, name="kpi-figures"),
]
