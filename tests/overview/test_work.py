"""My work across campaigns, its part on home, and the plan's part of the cockpit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.actions import (
    add_access_item,
    add_comment,
    add_readiness_line,
    prove_access,
    sign_readiness_line,
)
from overview.querysets import work
from tasks.actions.problems import raise_problem
from tests import factories
from tests.tasks.conftest import fresh, task_in

HTMX = {"HX-Request": "true"}


def planned(world, title, days, **values):
    """A task of the owner that ends so many days from today."""
    day = timezone.localdate() + timedelta(days)
    values = {"assignees": [world.owner], "start_date": day, "finish_date": day, "duration_days": 1, **values}
    values["is_pinned"] = values["start_date"] is not None  # acts on the plan leave it where it is
    return task_in(values.pop("campaign", world.campaign), title, **values)


@pytest.fixture
def busy(world):
    """Overdue, today, this week, later; over, another's, of an archived campaign; a problem and a mention."""
    old = factories.campaign(world.workspace, world.owner, archived_at=timezone.now())
    second = factories.campaign(world.workspace, world.owner)
    other = factories.member(world.workspace, name="Oz Other")
    tasks = {
        "late": planned(world, "Late", -3),
        "now": planned(world, "Now", 0, campaign=second),
        "soon": planned(world, "Soon", 4),
        "far": planned(world, "Far", 40),
        "free": planned(world, "Free", 0, start_date=None, finish_date=None),
        "done": planned(world, "Done", -3, state="done"),
        "theirs": planned(world, "Theirs", -3, assignees=[other]),
        "old": planned(world, "Old", -3, campaign=old),
    }
    actor = factories.actor_of(other, world.workspace)
    due = timezone.localdate() - timedelta(1)
    raise_problem(
        actor, campaign=world.campaign, subject=tasks["theirs"], text="No images", solver=world.owner, due_date=due
    )
    type(tasks["free"]).objects.filter(pk=tasks["free"].pk).update(start_date=None, finish_date=None)
    add_comment(actor, campaign=world.campaign, subject=tasks["theirs"], text="@Ana Owner please look")
    return tasks


def test_tasks_are_sorted_by_when_they_are_due(world, busy):
    groups = work.by_time(work.tasks_of(world.actor), today=timezone.localdate())
    names = {name: [task.title for task in rows] for name, rows in groups.items()}
    assert names == {"overdue": ["Late"], "today": ["Now"], "week": ["Soon"], "later": ["Far", "Free"]}


def test_my_work_is_one_inbox(world, owner, stranger, busy, assert_budget):
    with assert_budget("overview:my-work"):
        page = owner.get(f"{world.w}/my-work/").content.decode()
    for word in ("Late", "Now", "Soon", "Far", "Free", "No images", "@Ana Owner please look"):
        assert word in page
    assert "Theirs</a>" not in page and ">Old<" not in page and ">Done<" not in page
    assert stranger.get(f"{world.w}/my-work/").status_code == 404


def test_home_asks_for_what_presses(world, owner, busy, assert_budget):
    assert f'hx-get="{world.w}/my-work/"' in owner.get(f"{world.w}/").content.decode()
    with assert_budget("overview:my-work (part)"):
        part = owner.get(f"{world.w}/my-work/", headers=HTMX).content.decode()
    assert "<html" not in part and "Late" in part and "No images" in part and "Far" not in part


def test_a_task_is_ticked_off_where_it_stands(world, owner, busy):
    url = f"{world.c}/tasks/{busy['late'].pk}/move/"
    answer = owner.post(url, {"state": "done", "next": f"{world.w}/my-work/"})
    assert answer["Location"] == f"{world.w}/my-work/" and fresh(busy["late"]).state == "done"
    elsewhere = owner.post(f"{world.c}/tasks/{busy['soon'].pk}/move/", {"state": "done", "next": "//evil.example/"})
    assert elsewhere["Location"] == busy["soon"].get_absolute_url()


def test_nothing_to_do_is_said(world, viewer):
    assert "Nothing waits for you" in viewer.get(f"{world.w}/my-work/").content.decode()
    assert "hidden" in viewer.get(f"{world.w}/my-work/", headers=HTMX).content.decode()


def test_the_cockpit_shows_what_of_the_plan_wants_to_be_seen(world, owner, busy, assert_budget):
    planned(world, "Launch day", 9, kind="milestone")
    assert f'hx-get="{world.c}/work/"' in owner.get(f"{world.c}/").content.decode()
    with assert_budget("overview:work"):
        part = owner.get(f"{world.c}/work/").content.decode()
    assert "Launch day" in part and "No images" in part and "Late" in part and "1 open problem" in part


def test_tasks_are_found(world, owner, busy):
    from tasks.actions import create_task

    create_task(world.actor, campaign=world.campaign, title="双十一主视觉 key visual")
    found = owner.get(f"{world.w}/search.json?q=主视觉").json()["results"]
    assert [one["label"] for one in found] == ["双十一主视觉 key visual"]


def test_the_menu_leads_to_the_plan(world, owner):
    page = owner.get(f"{world.c}/").content.decode()
    for way in (
        f'href="{world.c}/tasks/"',
        f'href="{world.c}/tasks/gantt/"',
        f'href="{world.w}/my-work/"',
        "tasks/new/",
    ):
        assert way in page


def test_what_to_sign_and_to_prove_waits_for_its_owner(world, owner):
    other = factories.member(world.workspace, name="Oz Other")
    for title, person in (("Shifts", world.owner), ("Signed", world.owner), ("Foreign", other)):
        line = add_readiness_line(world.actor, campaign=world.campaign, title=title, owner=person)
    signed = line.__class__.objects.get(title="Signed")
    sign_readiness_line(world.actor, line=signed, evidence="Seen")
    soon = timezone.localdate() + timedelta(5)
    for name, person, days in (("Open", world.owner, {}), ("Ending", world.owner, {"expires_date": soon})):
        item = add_access_item(world.actor, campaign=world.campaign, name=name, kind="tool", owner=person, **days)
    prove_access(world.actor, item=item, note="Seen")
    fine = add_access_item(world.actor, campaign=world.campaign, name="Fine", kind="tool", owner=world.owner)
    prove_access(world.actor, item=fine, note="Seen")
    for headers in ({}, HTMX):
        page = owner.get(f"{world.w}/my-work/", headers=headers)
        assert [row.title for row in page.context["to_sign"]] == ["Shifts"]
        assert sorted(row.name for row in page.context["accesses"]) == ["Ending", "Open"]
        words = page.content.decode()
        assert "Shifts" in words and "Open" in words and "Foreign" not in words and "Fine" not in words
    type(world.campaign).objects.filter(pk=world.campaign.pk).update(state="closed")
    assert "Shifts" not in owner.get(f"{world.w}/my-work/").content.decode()
