"""Which calendar a task counts in, and plans that are worked out anew in the background."""

from datetime import date

import pytest

from accounts import actions as accounts
from accounts.models import WorkCalendar
from core.models import Activity, Job
from tasks import actions, jobs
from tasks.models import WorkPlan
from tests import factories
from tests.tasks.conftest import dates, day, fresh, make


def jobs_waiting():
    return Job.objects.filter(name="tasks.replan")


def run_all():
    for row in jobs_waiting():
        jobs.replan(**row.args)
    jobs_waiting().delete()


def test_swapped_work_days_of_china_count(world):
    """The National Day week of 2026 is off from the 1st to the 7th; Saturday the 10th is worked instead."""
    october = factories.campaign(world.workspace, world.owner, start_date=date(2026, 9, 30))
    task = actions.create_task(world.actor, campaign=october, title="Film", duration_days=4).task
    assert (task.start_date, task.finish_date) == (date(2026, 9, 30), date(2026, 10, 10))


def test_the_nearest_calendar_wins(world):
    agency = factories.organization(world.workspace)
    person = factories.member(world.workspace)
    task = make(world, duration_days=6)
    assert dates(task) == [(2, 9)]
    accounts.create_work_calendar(world.actor, name="Six days", days_off="6", organization=agency)
    actions.update_task(world.actor, task=fresh(task), organization=agency)
    assert dates(task) == [(2, 7)]
    accounts.create_work_calendar(world.actor, name="Three days", days_off="3456", user=person)
    actions.update_task(world.actor, task=fresh(task), assignees=[person])
    assert dates(task) == [(2, 11)]
    actions.update_task(world.actor, task=fresh(task), assignees=[person, world.owner])
    assert dates(task) == [(2, 7)]  # of two people neither's calendar counts
    own = accounts.create_work_calendar(world.actor, name="Every day", days_off="", user=world.owner)
    actions.update_task(world.actor, task=fresh(task), calendar=own)
    assert dates(task) == [(1, 6)]


def test_an_absence_moves_the_work_in_the_background(world):
    person = factories.member(world.workspace, name="Li Na")
    task = make(world, duration_days=3, assignees=[person])
    other = make(world, "Other")
    accounts.create_absence(world.actor, user=person, start_date=day(3), finish_date=day(4))
    assert dates(task) == [(2, 4)] and jobs_waiting().count() == 1
    run_all()
    assert dates(task, other) == [(2, 6), (2, 2)]
    assert Activity.objects.get(verb="tasks.plan_refreshed").user_id is None
    absent_elsewhere = factories.member(world.workspace)
    accounts.create_absence(world.actor, user=absent_elsewhere, start_date=day(3), finish_date=day(4))
    assert not jobs_waiting().exists()  # nobody's work here


@pytest.mark.parametrize("state", ["live", "closed"])
def test_a_changed_calendar_reaches_running_campaigns(world, state):
    task = make(world, duration_days=6)
    type(world.campaign).objects.filter(pk=world.campaign.pk).update(state=state)
    accounts.update_work_calendar(world.actor, calendar=WorkCalendar.objects.get(), days_off="6")
    assert jobs_waiting().count() == (1 if state == "live" else 0)
    run_all()
    assert dates(task) == [(2, 7)] if state == "live" else [(2, 9)]


def test_a_new_day_is_projected_once_where_the_campaign_is(world, time_machine):
    time_machine.move_to("2026-11-02 03:00+00:00")
    task = make(world, duration_days=3)
    assert fresh(task).projected_finish == day(4)
    jobs.project_daily()
    assert not jobs_waiting().exists()
    time_machine.move_to("2026-11-03 16:30+00:00")  # the 4th has begun in Shanghai
    jobs.project_daily()
    jobs.project_daily()
    assert jobs_waiting().count() == 1
    run_all()
    assert fresh(task).projected_finish == day(6) and dates(task) == [(2, 4)]
    assert WorkPlan.objects.get().projected_on == day(4)


def test_the_job_of_a_campaign_that_is_gone_does_nothing(world, chain):
    type(world.campaign).objects.filter(pk=world.campaign.pk).update(archived_at="2026-11-01 00:00+00:00")
    jobs.replan(campaign_id=world.campaign.pk)
    jobs.replan(campaign_id="01900000-0000-7000-8000-000000000000")


def test_years_not_published_are_said_in_the_readers_language(world, owner):
    far = factories.campaign(world.workspace, world.owner, start_date=date(2090, 1, 5), finish_date=date(2090, 2, 5))
    actions.create_task(world.actor, campaign=far, title="Far away")
    for language, words in (("en", "2090 are not published"), ("zh-hans", "2090")):
        answer = owner.get(f"/api/v1/work-plans/{far.pk}/", headers={"Accept-Language": language}).json()
        assert words in answer["warnings"][0]["text"]
