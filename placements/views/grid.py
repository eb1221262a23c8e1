"""The day grid, its saving, its conflicts and its workbook."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.rules import figures
from campaigns.views import body_of, today_of
from core.errors import Invalid, PharosError
from core.export import XLSX_TYPE, download, sheet_title
from core.querysets import ExactSum
from placements import actions
from placements.actions.days import MEASURES, Cell
from placements.models import DayAllocation
from placements.rules import states
from placements.schedule import days as calendar
from placements.schedule import grid as sheets
from placements.schedule.workbook import workbook
from placements.views import at_home, campaign_of, day_of, filtered, frame
from placements.views.lists import stretch

PAGE = 30  # rows of a page
MOST_ROWS = 1000  # of the workbook


def measure_of(request):
    asked = request.GET.get("measure", "")
    return asked if asked in MEASURES else MEASURES[0]


def line_of(row, measure, **more):
    """A placement as the schedule's builders see it."""
    return sheets.Line(
        id=str(row.pk),
        code=row.code,
        name=row.name,
        currency=row.currency,
        budget=row.budget_amount,
        flights=tuple((one.start_date, one.finish_date) for one in row.flights.all()),
        figures={day.date: value for day in row.days.all() if (value := getattr(day, measure)) is not None},
        is_open=row.archived_at is None and row.state not in states.FINAL,
        group=row.currency if measure == "amount" else "",
        state=row.state,
        state_label=row.get_state_display(),
        **more,
    )


def _window(request, campaign, first, last):
    """The days shown, of those from `first` to `last` and of the campaign."""
    first, last = min(first, campaign.start_date), max(last, campaign.finish_date)
    asked = {"asked_first": day_of(request.GET.get("from")), "asked_last": day_of(request.GET.get("to"))}
    return calendar.window(first, last, today=today_of(campaign), **asked)


def grid(request, slug, code):
    campaign = campaign_of(request, code)
    found = filtered(request, campaign)
    measure, everything = measure_of(request), spans_of(found)
    wholes, page = _wholes(campaign, found, everything, measure), _page(request, campaign, found, len(everything))
    known = [day for _currency, _budget, *ends in everything for day in ends if day]
    known += [day for whole in wholes.values() for day in whole.by_day] or [campaign.start_date]
    shown = _window(request, campaign, min(known), max(known))
    lines = [line_of(row, measure) for row in page]
    built = sheets.build(lines, shown.days, measure=measure, today=today_of(campaign), wholes=wholes)
    context = {"grid": built, "measure": measure, "window": shown, "faults": _faults(page), "page": page}
    context["earlier"], context["later"] = shown.shifted(-1), shown.shifted(1)
    return render(request, "placements/grid.html", frame(request, campaign, "grid", **context))


def spans_of(found):
    """[(currency, budget, first day, last day)] of all placements found."""
    return list(found.order_by().values_list("currency", "budget_amount", "first_day", "last_day"))


def _page(request, campaign, found, count):
    """The rows of the page asked for, with their plans."""
    paginator = Paginator(found.read_ahead("flights", "days"), PAGE)
    paginator.count = count
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = at_home(campaign, list(page.object_list))
    return page


def _wholes(campaign, found, everything, measure):
    """{group: Whole} of all placements found: the foot of the sheet counts the rows of every page."""
    is_money = measure == "amount"
    days = {currency if is_money else "": {} for currency, *_rest in everything}
    rows = DayAllocation.objects.of(campaign).filter(placement__in=found.order_by().values("pk")).order_by()
    for currency, day, value in rows.values_list("placement__currency", "date").annotate(ExactSum(measure)):
        if value is not None:
            sums = days[currency if is_money else ""]
            sums[day] = sums.get(day, 0) + value
    return {group: sheets.Whole(sums, _budget(everything, group) if is_money else None) for group, sums in days.items()}


def _budget(everything, currency):
    """What the placements in a currency may cost together; None where none says so."""
    budgets = [budget for code, budget, *_ends in everything if code == currency and budget is not None]
    return sum(budgets, Decimal(0)) if budgets else None


def _faults(rows):
    """[(placement, findings)] of the placements whose plan has any that block or leave money unplanned."""
    return [(row, found) for row in rows if (found := [one for one in row.findings() if one.code != "no_flights"])]


def grid_findings(request, slug, code):
    """The fragment with what the plans of a page lack or break, read again after each save."""
    campaign = campaign_of(request, code)
    rows = Paginator(filtered(request, campaign).read_ahead("flights", "days"), PAGE)
    faults = _faults(at_home(campaign, rows.get_page(request.GET.get("page"))))
    return render(request, "placements/_findings.html", {"faults": faults, "campaign": campaign, "slug": slug})


@require_POST
def grid_save(request, slug, code):
    """Save a batch of cells: 200, or 422/409 with a sentence per refused cell."""
    campaign = campaign_of(request, code)
    try:
        cells = _cells(body_of(request), measure_of(request))
        actions.set_days(request.actor, campaign=campaign, cells=cells)
    except PharosError as error:
        return JsonResponse(refusal(error), status=422 if isinstance(error, Invalid) else error.status)
    return JsonResponse({"cells": []})


def refusal(error):
    """What the sheet understands of a refused batch."""
    errors = [
        {"row": one["placement"], "col": one["date"], **{key: one[key] for key in ("detail", "now") if key in one}}
        for one in error.extra.get("cells", [])
    ]
    return {"detail": str(error), "code": error.code, "errors": errors}


def _cells(batch, measure):
    """The Cells of the sheet's batch; Invalid when it is none."""
    try:
        return [_cell(change, measure) for change in batch["changes"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(_("These cells could not be read."), code="batch") from error


def _cell(change, measure):
    row, day = str(UUID(str(change["row"]))), date.fromisoformat(change["col"])
    was = _figure(change["was"]) if "was" in change else ...
    return Cell(row, day, measure, _figure(change["value"]), was)


def _figure(value) -> Decimal | None:
    return figures.parse_figure("" if value is None else str(value))


def grid_export(request, slug, code):
    """The whole schedule as a workbook planners know: 投放排期表."""
    campaign = campaign_of(request, code)
    rows = list(filtered(request, campaign).with_plan().read_ahead("kpis")[:MOST_ROWS])
    measure = measure_of(request)
    lines = [line_of(row, measure, words=words_of(row)) for row in rows]
    known = [day for line in lines for day in line.figures]
    first, last = stretch(campaign, rows)
    days = calendar.days_between(min([first, *known]), max([last, *known]))[:800]
    title = sheet_title(_("Media schedule"))
    return download(workbook(lines, days, title), f"{campaign.code} {title}.xlsx", XLSX_TYPE)


def words_of(row):
    """The values of a placement's columns in the workbook."""
    plain = ("code", "name", "platform", "position", "day_parting", "targeting", "currency", "list_price", "discount")
    plain += ("net_price", "rebate", "bonus", "tax_rate", "daily_cap", "monitoring_code", "note")
    return {key: getattr(row, key) for key in plain} | {
        "channel": row.channel.label,
        "buying_model": row.get_buying_model_display(),
        "state": row.get_state_display(),
        "first_day": row.first_day,
        "last_day": row.last_day,
        "flights": ", ".join(str(flight) for flight in row.flights.all()),
        "kpis": ", ".join(kpi.name for kpi in row.kpis.all()),
        "landing_url": row.tagged_url(),
        "budget": row.budget_amount,
    }
