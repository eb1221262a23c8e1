"""My work across campaigns, and what of a campaign's plan wants to be seen."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.rules.periods import today_in
from campaigns.views import find_campaign
from overview.querysets import readying, work
from tasks.rules import states

BRIEF, LISTED, MILESTONES = 5, 100, 4


def my_work(request, slug):
    """One inbox: tasks overdue, due and to come, problems to solve, mentions. A part of it for home."""
    actor, today = request.actor, timezone.localdate()
    tasks = list(work.tasks_of(actor)[:LISTED])
    groups = work.by_time(tasks, today=today)
    problems = list(work.problems_for(actor)[:LISTED])
    for problem in problems:
        problem.is_late = problem.due_date < today
    pressed = {"incident_steps": list(work.incident_steps_of(actor)[:LISTED]), "now": timezone.now()}
    pressed["reviews"] = list(work.risks_to_review(actor, today=today)[:LISTED])
    for step in pressed["incident_steps"]:
        step.is_late = step.due_at is not None and step.due_at < pressed["now"]
    pressed["assets"] = list(work.assets_of(actor)[: BRIEF if request.htmx else LISTED])
    for asset in pressed["assets"]:
        asset.is_late = asset.submit_by is not None and asset.submit_by < today
    asks = list(work.budget_requests_for(actor)[:LISTED])
    context = {**pressed, "asks": asks, "today": today, "problems": problems, "slug": slug, "is_brief": request.htmx}
    context |= {"to_sign": list(readying.lines_to_sign(actor, today=today)[:LISTED])}
    context |= {"accesses": readying.accesses_of(actor)}
    context |= {"verdicts": list(work.verdicts_for(actor)[: BRIEF if request.htmx else LISTED])}
    if request.htmx:
        pressing = [task for name in ("overdue", "today", "week") for task in groups.get(name, ())]
        context |= {"tasks": [_line(task, today) for task in pressing[:BRIEF]], "more": max(0, len(pressing) - BRIEF)}
        context |= {name: context[name][:BRIEF] for name in ("to_sign", "accesses")}
        return render(request, "overview/_my_work.html", context | {"problems": problems[:BRIEF], "asks": asks[:BRIEF]})
    titles = {"overdue": _("Overdue"), "today": _("Today"), "week": _("This week"), "later": _("Later")}
    context["groups"] = [
        {"name": name, "title": titles[name], "lines": [_line(task, today) for task in rows]}
        for name, rows in groups.items()
    ]
    context["mentions"] = list(work.mentions_of(actor)[:20])
    context["count"] = len(tasks)
    return render(request, "overview/my_work.html", context)


def _line(task, today):
    task.is_late = task.finish_date is not None and task.finish_date < today
    task.may_finish = task.state != "blocked" and "done" in states.moves(task.state)
    return task


def campaign_work(request, slug, code):
    """A part of the cockpit: next milestones, what is overdue, open problems."""
    campaign = find_campaign(request, code)
    today = today_in(campaign.time_zone, timezone.now())
    found = work.plan_of(request.actor, campaign, today=today, limit=MILESTONES)
    return render(request, "overview/_work.html", {"campaign": campaign, "slug": slug, "today": today, **found})
