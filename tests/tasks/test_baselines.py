"""Baselines on their pages: taken, compared, exported, renamed, deleted."""

from decimal import Decimal

import pytest

from core.errors import RuleBroken
from tasks import actions
from tasks.models import Baseline, BaselineTask
from tasks.rules import variance
from tasks.rules.workdays import Calendar
from tests.tasks.conftest import day, fresh, make


@pytest.fixture
def baseline(world, chain):
    actions.update_task(world.actor, task=chain[0], cost_amount=Decimal(100), effort_hours=Decimal(8))
    return actions.take_baseline(world.actor, campaign=world.campaign, name="Kick-off")


def base(world):
    return f"{world.c}/baselines/"


def test_a_baseline_is_taken_on_its_page(world, owner, chain):
    assert "No baseline yet" in owner.get(base(world)).content.decode()
    response = owner.post(f"{base(world)}take/", {"name": "Kick-off"})
    made = Baseline.objects.get()
    assert response["Location"] == f"{base(world)}{made.pk}/"
    assert (made.made_by, BaselineTask.objects.filter(baseline=made).count()) == (world.owner, 3)
    again = owner.post(f"{base(world)}take/", {"name": "Kick-off"})
    assert again.status_code == 422 and "of this name already" in again.content.decode()
    assert owner.post(f"{base(world)}take/", {"name": " "}).status_code == 422


def test_nothing_is_kept_of_an_empty_plan(world):
    with pytest.raises(RuleBroken) as refused:
        actions.take_baseline(world.actor, campaign=world.campaign, name="Early")
    assert refused.value.code == "no_tasks"


def test_the_page_says_what_moved(world, owner, baseline, chain):
    actions.update_task(world.actor, task=fresh(chain[0]), duration_days=5, cost_amount=Decimal(250))
    make(world, "Late idea")
    actions.archive_task(world.actor, task=fresh(chain[2]))
    page = owner.get(f"{base(world)}{baseline.pk}/").content.decode()
    assert "2026-11-04 → 2026-11-06" in page and "+2" in page
    assert all(word in page for word in ("Late idea", "added", "removed", "250"))
    filtered = owner.get(f"{base(world)}{baseline.pk}/?kind=added").content.decode()
    assert "Late idea" in filtered and "Design" not in filtered
    assert "Nothing fits" in owner.get(f"{base(world)}{baseline.pk}/?q=nowhere").content.decode()


def test_the_comparison_is_exported(world, owner, baseline):
    answer = owner.get(f"{base(world)}{baseline.pk}/?export=csv").content.decode("utf-8-sig")
    header, *lines = answer.splitlines()
    assert (
        header.startswith("Task,Difference") and len(lines) == 3 and lines[0].startswith("Brief,as it was,2026-11-02")
    )
    assert owner.get(f"{base(world)}{baseline.pk}/?export=xlsx").content[:2] == b"PK"


def test_rename_and_delete(world, owner, baseline):
    url = f"{base(world)}{baseline.pk}/"
    assert owner.post(f"{url}rename/", {"name": "As promised", "lock_version": 1}).status_code == 302
    assert owner.post(f"{url}rename/", {"name": "Late", "lock_version": 1}).status_code == 422
    assert Baseline.objects.get().name == "As promised"
    owner.post(f"{url}delete/")
    assert not Baseline.objects.exists() and not BaselineTask.objects.exists()


def test_who_only_reads(world, viewer, baseline):
    page = viewer.get(f"{base(world)}{baseline.pk}/").content.decode()
    assert "/rename/" not in page and "/delete/" not in page
    assert viewer.post(f"{base(world)}take/", {"name": "Mine"}).status_code == 403


def test_a_deleted_task_stays_in_the_baseline(world, baseline, chain):
    chain[1].delete()
    lines, total = actions.variance_of(baseline)
    assert total.removed == 1 and [line.title for line in lines if line.kind == "removed"] == ["Design"]


def test_variance_counts_working_days_and_sums():
    def side(title, start, finish, days, effort=None, cost=None):
        return variance.Side(title, start, finish, days, effort, cost)

    then = {1: side("A", day(2), day(6), 5, Decimal(8), Decimal(10)), 2: side("B", day(2), day(3), 2)}
    now = {1: side("A", day(6), day(12), 5, Decimal(6), Decimal(25)), 3: side("C", day(2), day(2), 1, Decimal(4))}
    lines = variance.lines(then, now, Calendar())
    assert [(line.key, line.kind) for line in lines] == [(1, "changed"), (3, "added"), (2, "removed")]
    assert (lines[0].start_days, lines[0].finish_days, lines[0].duration_days) == (4, 4, 0)  # over a weekend
    assert (lines[0].effort_hours, lines[0].cost_amount) == (-2, 15)
    total = variance.total(lines, then, now, Calendar())
    assert (total.finish_days, total.later, total.earlier, total.added, total.removed) == (4, 1, 0, 1, 1)
    assert (total.effort_hours, total.cost_amount) == (2, 15)


def test_budgets(world, owner, baseline, assert_budget):
    for number in range(12):
        make(world, f"Task {number}")
    with assert_budget("tasks:baselines"):
        owner.get(base(world))
    with assert_budget("tasks:baseline"):
        owner.get(f"{base(world)}{baseline.pk}/")
    with assert_budget("api:baselines-list"):
        owner.get("/api/v1/baselines/")
    with assert_budget("api:baselines-variance"):
        owner.get(f"/api/v1/baselines/{baseline.pk}/variance/")
