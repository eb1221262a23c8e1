"""Settings of a plan: its frame through both doors, and the page that shows it."""

import pytest

from tasks.models import WorkPlan
from tests.tasks.conftest import dates, day

WHOLE = {"direction": "forward", "start_date": "2026-11-01", "launch_date": "", "calendar": ""}


def change(hands, world, **values):
    """Change the frame at either door."""
    seen = WorkPlan.objects.get().lock_version
    typed = {**WHOLE, **{name: value or "" for name, value in values.items()}, "lock_version": seen}
    page, api = f"c/{world.campaign.code}/tasks/settings/", f"work-plans/{world.campaign.pk}/"
    return hands.act(page=page, typed=typed, api=api, body=values, method="patch")


def test_a_later_start_moves_the_plan_and_can_be_taken_back(hands, world, owner, chain):
    assert change(hands, world, start_date="2026-11-09"), hands.words
    assert dates(*chain)[0] == (9, 11) and WorkPlan.objects.get().start_date == day(9)
    undo = owner.post(f"/api/v1/work-plans/{world.campaign.pk}/undo/", "{}", "application/json")
    assert undo.status_code == 200 and dates(*chain)[0] == (2, 4)


def test_a_plan_is_made_back_from_its_launch(hands, world, chain):
    assert not change(hands, world, direction="backward")
    assert "Give the day of the launch to plan back from." in hands.words
    assert change(hands, world, direction="backward", launch_date="2026-11-27"), hands.words
    assert dates(*chain)[2] == (27, 27)


@pytest.mark.parametrize("values", [{"start_date": "0001-01-01"}, {"launch_date": "9999-12-31"}, {"direction": "up"}])
def test_frames_that_cannot_be_say_why(hands, world, chain, values):
    before = WorkPlan.objects.get().lock_version
    assert not change(hands, world, **values) and hands.words
    assert WorkPlan.objects.get().lock_version == before


def test_two_people_at_the_frame(world, owner, chain):
    page = f"{world.c}/tasks/settings/"
    seen = WorkPlan.objects.get().lock_version
    theirs = {**WHOLE, "start_date": "2026-11-09", "lock_version": seen}
    assert owner.post(page, theirs).status_code == 302
    mine = owner.post(page, {**WHOLE, "start_date": "2026-11-16", "lock_version": seen})
    assert mine.status_code == 422 and ("Start of the work", day(9)) in mine.context["form"].theirs
    assert WorkPlan.objects.get().start_date == day(9)


def test_a_viewer_changes_no_frame(onlooker, world, chain):
    assert not change(onlooker, world, start_date="2026-11-09")
    assert onlooker.answer.status_code == 403


def test_the_page(world, owner, chain, assert_budget):
    page = f"{world.c}/tasks/settings/"
    owner.get(page)
    with assert_budget("tasks:settings"):
        shown = owner.get(page).content.decode()
    assert "back from the launch" in shown.lower() and page in owner.get(f"{world.c}/tasks/").content.decode()


def test_a_campaign_without_a_task_has_settings_all_the_same(world, owner):
    page = f"{world.c}/tasks/settings/"
    assert owner.get(page).status_code == 200 and not WorkPlan.objects.exists()
    assert owner.post(page, {**WHOLE, "start_date": "2026-11-05", "lock_version": 0}).status_code == 302
    assert WorkPlan.objects.get().start_date == day(5)
