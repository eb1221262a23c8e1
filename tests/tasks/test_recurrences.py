"""Recurring tasks: made ahead, once a date however often it runs, through both doors."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core.models import Job
from tasks import jobs
from tasks.actions import recurrences
from tasks.models import Recurrence, Task
from tests.tasks.conftest import run_jobs


def today():
    """Today in the campaign's zone."""
    return timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))


def pattern(world, **values):
    values = {
        "title": "Daily report",
        "rule": "FREQ=DAILY;INTERVAL=1",
        "start_date": today(),
        "ahead_days": 3,
        **values,
    }
    values.setdefault("shift", "stay")
    return recurrences.create_recurrence(world.actor, campaign=world.campaign, **values)


def typed(**values):
    typed = {"title": "Weekly report", "pattern": "weekly", "every": "1", "weekdays": ["0", "3"], "shift": "next"}
    typed |= {"start_date": str(today()), "duration_days": "1", "ahead_days": "14", **values}
    return typed


def test_a_pattern_makes_its_tasks_at_once(hands, world):
    rule = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH"
    body = {"campaign": world.campaign.code, "title": "Weekly report", "rule": rule, "start_date": str(today())}
    body |= {"assignees": [str(world.owner.pk)]}
    page = f"c/{world.campaign.code}/tasks/recurring/new/"
    form = typed(assignees=[str(world.owner.pk)])
    assert hands.act(page=page, typed=form, api="recurrences/", body=body), hands.words
    row = Recurrence.objects.get()
    assert row.rule == rule
    made = list(Task.objects.order_by("occurrence_date"))
    assert len(made) >= 4 and all(task.recurrence == row and task.occurrence_date.weekday() in (0, 3) for task in made)
    assert [person.pk for person in made[0].assignees.all()] == [world.owner.pk]
    assert all(task.start_date >= task.occurrence_date for task in made)


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ({"weekdays": []}, {"rule": "FREQ=WEEKLY"}),
        ({"title": " "}, {"title": " "}),
        ({"finish_date": "2020-01-01"}, {"finish_date": "2020-01-01"}),
        ({"every": "0"}, {"rule": "FREQ=HOURLY"}),
    ],
)
def test_bad_patterns_say_why(hands, world, form, body):
    whole = {"campaign": world.campaign.code, "title": "R", "rule": "FREQ=DAILY;INTERVAL=1", "start_date": str(today())}
    page = f"c/{world.campaign.code}/tasks/recurring/new/"
    assert not hands.act(page=page, typed=typed() | form, api="recurrences/", body=whole | body)
    assert hands.words and not Recurrence.objects.exists() and not Task.objects.exists()


def test_however_often_it_runs_one_task_a_date(world):
    row = pattern(world)
    assert Task.objects.count() == 4
    for _ in range(3):
        assert recurrences.make_recurring(world.actor, recurrence=row) == []
    jobs.find_recurring()
    jobs.find_recurring()
    assert Job.objects.filter(name="tasks.make_recurring").count() == 1
    run_jobs("tasks.make_recurring")
    assert Task.objects.count() == 4


def test_an_archived_task_is_not_made_again(world):
    row = pattern(world)
    Task.objects.update(archived_at=timezone.now())
    assert recurrences.make_recurring(world.actor, recurrence=row) == []


def test_a_later_day_makes_what_is_new(world, monkeypatch):
    row = pattern(world)
    monkeypatch.setattr(recurrences, "today_of", lambda _campaign: today() + timedelta(2))
    assert len(recurrences.make_recurring(world.actor, recurrence=row)) == 2


def test_a_changed_pattern_leaves_what_is_made(hands, world):
    row = pattern(world)
    page, api = f"c/{world.campaign.code}/tasks/recurring/{row.pk}/", f"recurrences/{row.pk}/"
    form = typed(title="Report", pattern="daily", ahead_days="5", shift="stay", lock_version=row.lock_version)
    assert hands.act(page=page, typed=form, api=api, body={"title": "Report", "ahead_days": 5}, method="patch")
    assert sorted(Task.objects.values_list("title", flat=True)) == ["Daily report"] * 4 + ["Report"] * 2


def test_a_stopped_pattern_makes_nothing_more(hands, world):
    row = pattern(world, ahead_days=0)
    page, api = f"c/{world.campaign.code}/tasks/recurring/{row.pk}/", f"recurrences/{row.pk}/"
    assert hands.act(page=page + "archive/", api=api, method="delete")
    row.refresh_from_db()
    assert row.archived_at and recurrences.make_recurring(world.actor, recurrence=row) == []
    assert hands.act(page=page + "restore/", api=api + "restore/")
    row.refresh_from_db()
    assert row.archived_at is None and Task.objects.count() == 1


def test_a_viewer_makes_none(onlooker, world):
    body = {"campaign": world.campaign.code, "title": "R", "rule": "FREQ=DAILY;INTERVAL=1", "start_date": str(today())}
    page = f"c/{world.campaign.code}/tasks/recurring/new/"
    assert not onlooker.act(page=page, typed=typed(), api="recurrences/", body=body)
    assert onlooker.answer.status_code == 403


def test_lists_of_patterns(world, owner, assert_budget):
    for n in range(5):
        pattern(world, title=f"Report {n}", ahead_days=0)
    with assert_budget("tasks:recurrences"):
        page = owner.get(f"{world.c}/tasks/recurring/").content.decode()
    assert "Report 4" in page and "every day" in page
    with assert_budget("api:recurrences-list"):
        assert len(owner.get("/api/v1/recurrences/").json()["results"]) == 5
