"""The calendar: a month or a week of tasks over working days."""

from datetime import timedelta

from django.shortcuts import render

from tasks.actions import today_of
from tasks.models import Task
from tasks.rules import weeks
from tasks.views import campaign_of, day_of, frame
from tasks.views.lists import FILTERS, filtered, filters
from tasks.views.workdays import Workdays

IN_MONTH, IN_WEEK = 4, 24


def calendar(request, slug, code):
    campaign = campaign_of(request, code)
    today = today_of(campaign)
    scale = "week" if request.GET.get("scale") == "week" else "month"
    day = day_of(request.GET.get("from")) or max(campaign.start_date, min(today, campaign.finish_date))
    first, last = (
        weeks.month_of(day) if scale == "month" else (weeks.monday_of(day), weeks.monday_of(day) + timedelta(6))
    )
    mondays = weeks.mondays(first, last)
    tasks = tasks_between(request, campaign, mondays[0], mondays[-1] + timedelta(6))
    workdays = Workdays(request.actor, campaign).plan
    lines = IN_MONTH if scale == "month" else IN_WEEK
    context = {
        "scale": scale,
        "first": first,
        "earlier": weeks.other_month(first, -1) if scale == "month" else first - timedelta(7),
        "later": weeks.other_month(first, 1) if scale == "month" else first + timedelta(7),
        "weeks": [week_of(monday, tasks, workdays, (first, last), today, lines) for monday in mondays],
        "names": [mondays[0] + timedelta(n) for n in range(7)],
        "unpublished": workdays.unpublished(first, last),
        "filters": filters(request, campaign),
        "is_filtered": any(request.GET.get(name) for name in ("q", *FILTERS)),
    }
    return render(request, "tasks/calendar.html", frame(request, campaign, "calendar", **context))


def tasks_between(request, campaign, first, last):
    """{id: task} of those that touch the days; what only sums up others is left out."""
    rows = filtered(request, campaign).filter(is_summary=False, start_date__lte=last, finish_date__gte=first)
    keys = list(rows.values_list("pk", flat=True)[:1000])
    fields = ("title", "state", "kind", "start_date", "finish_date", "lock_version", "is_critical", "is_fixed")
    return {task.pk: task for task in Task.objects.visible_to(request.actor).filter(pk__in=keys).only(*fields)}


def week_of(monday, tasks, workdays, shown, today, lines):
    """The days of a week and the bars over them."""
    spans = [(key, task.start_date, task.finish_date) for key, task in tasks.items()]
    bars, hidden = weeks.bars(monday, spans, lines=lines)
    days = [monday + timedelta(n) for n in range(7)]
    return {
        "days": [day_cell(day, workdays, shown, today, hidden.get(n)) for n, day in enumerate(days, start=1)],
        "bars": [{"bar": bar, "task": tasks[bar.key]} for bar in bars],
    }


def day_cell(day, workdays, shown, today, hidden):
    """A day: whether it is worked, and whether that differs from its weekday (a holiday, a swapped work day)."""
    is_working, is_weekend = workdays.is_working(day), day.weekday() >= 5
    return {
        "day": day,
        "is_off": not is_working,
        "swapped": "work" if is_working and is_weekend else "off" if not is_working and not is_weekend else "",
        "is_out": not shown[0] <= day <= shown[1],
        "is_today": day == today,
        "hidden": hidden,
    }
