"""The workload: hours per person and week against what they have."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.shortcuts import render
from django.template.defaultfilters import floatformat
from django.utils.translation import ngettext

from core.columns import Made
from tasks.actions import today_of
from tasks.forms import people_of
from tasks.models import Task
from tasks.rules import weeks, workload
from tasks.views import campaign_of, day_of, frame, url_of
from tasks.views.workdays import Workdays

SHOWN = 8


@dataclass(frozen=True)
class Cell:
    """A week of a person as the table shows it: its words are ready, for there are hundreds of them."""

    state: str
    url: str  # the tasks behind it
    hours: tuple  # what there is to do, what there is room for
    percent: str
    unknown: str  # how many tasks say no hours, in words


def overview(request, slug, code):
    campaign = campaign_of(request, code)
    day = day_of(request.GET.get("from")) or max(campaign.start_date, today_of(campaign))
    first = weeks.monday_of(day)
    last = first + timedelta(7 * SHOWN - 1)
    everywhere = request.GET.get("scope") == "all"
    mondays = weeks.mondays(first, last)
    works = works_of(request, campaign, first, last, everywhere)
    keys = {key for work in works for key in work.people}
    people = [person for person in people_of(request.actor) if person.pk in keys]
    is_working = Workdays(request.actor, campaign).of_people(list(keys), first - timedelta(400), last + timedelta(400))
    found = workload.loads(works, [person.pk for person in people], mondays, is_working)
    context = {
        "mondays": mondays,
        "lines": lines_of(found, people, mondays, url_of("list", slug, code)),
        "totals": [hours_of(total(found, people, monday)) for monday in mondays],
        "everywhere": everywhere,
        "first": first,
        "earlier": first - timedelta(7 * SHOWN),
        "last": last,
        "later": last + timedelta(1),
        "unassigned": unassigned(request, campaign, first, last),
    }
    return render(request, "tasks/workload.html", frame(request, campaign, "workload", **context))


def lines_of(found, people, mondays, tasks_url):
    """The lines of the table: a person and their weeks."""
    shown, without = Made(shown_hours), Made(without_hours)
    weeks_shown = [f"&first={monday.isoformat()}&last={(monday + timedelta(6)).isoformat()}" for monday in mondays]

    def cell(person, monday, week):
        load = found[person.pk, monday]
        url = f"{tasks_url}?assignee={person.pk}&state=open{week}"
        return Cell(load.state, url, hours_of(load, shown), str(load.percent), without[load.unknown])

    pairs = list(zip(mondays, weeks_shown, strict=True))
    return [{"person": person, "cells": [cell(person, *pair) for pair in pairs]} for person in people]


def shown_hours(hours):
    return floatformat(hours, "-1")


def hours_of(load, shown=None):
    """The hours of a week in words: (what there is to do, what there is room for)."""
    shown = shown or Made(shown_hours)
    return shown[load.hours], shown[load.capacity]


def without_hours(count):
    return ngettext("%(n)s without hours", "%(n)s without hours", count) % {"n": count} if count else ""


def works_of(request, campaign, first, last, everywhere):
    """Open tasks that touch the days, of the campaign (or of all) with its people."""
    rows = Task.objects.visible_to(request.actor).open().filter(is_summary=False, kind="task")
    rows = rows.filter(campaign__archived_at=None) if everywhere else rows.of(campaign)
    rows = rows.filter(start_date__lte=last, finish_date__gte=first)
    people = defaultdict(list)
    through = Task.assignees.through._base_manager.filter(task__in=rows)
    for task, user in through.values_list("task_id", "user_id"):
        people[task].append(user)
    inside = {user for users in people.values() for user in users}
    if everywhere:
        mine = Task.assignees.through._base_manager.filter(Q(task__campaign=campaign))
        inside &= set(mine.values_list("user_id", flat=True))
    values = rows.values_list("pk", "start_date", "finish_date", "effort_hours")
    works = [workload.Work(*row, people=tuple(people[row[0]])) for row in values if people[row[0]]]
    return [work for work in works if inside & set(work.people)]


def total(found, people, monday):
    """Hours and capacity of all in a week."""
    loads = [found[person.pk, monday] for person in people]
    return workload.Load(sum(load.hours for load in loads), sum(load.capacity for load in loads))


def unassigned(request, campaign, first, last):
    """How many open tasks of these days nobody does yet."""
    rows = Task.objects.visible_to(request.actor).of(campaign).open().filter(is_summary=False, kind="task")
    return rows.filter(start_date__lte=last, finish_date__gte=first, assignees=None).count()
