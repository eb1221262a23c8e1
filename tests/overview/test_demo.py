"""The demo is told by the product's own acts and leaves a workspace worth looking at."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django_scopes import scope

from accounts.models import Workspace
from analytics.models import DailyMetric, Fact, Source
from campaigns.actions.writing import today_of, zone_of
from campaigns.choices import AccessState, CommitmentState
from campaigns.models import AccessItem, BriefVersion, BudgetMovement, BudgetRequest, Campaign, Commitment, Kpi
from core.actor import Actor
from core.models import Activity
from placements.models import DayAllocation, Placement
from raci.models import gaps_of
from risks.models import Incident, Risk
from tasks.models import Baseline, Dependency, Task


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demo, told once for all tests here: each works in a savepoint of its own above it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", sandbox_port=8999, once=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def petrel(told, db):
    workspace = Workspace.objects.get(slug="petrel")
    with scope(workspace=workspace.pk):
        yield workspace


def test_the_demo_has_plan_money_and_figures(petrel):
    winter = Campaign.objects.get(code__startswith="WINTER")
    assert winter.state == "live"
    assert BriefVersion.objects.filter(campaign=winter).count() == 3
    assert all(not kpi.findings() for kpi in Kpi.objects.filter(campaign=winter).with_words())
    assert DayAllocation.objects.filter(campaign=winter).exists()
    assert Fact.objects.filter(metric="cost").values("date_from").distinct().count() >= 60
    unassigned = DailyMetric.objects.unassigned().filter(metric="cost")
    assert {row.currency for row in unassigned} == {"CNY", "USD"}


def test_its_placements_are_matched_by_the_platform_id(petrel):
    live = Placement.objects.filter(state="live")
    assert live.count() == 10
    assert all(row.object_links.filter(how="external_id").count() == 1 for row in live)


def test_its_sandbox_pulls_every_minute_and_says_so(petrel):
    source = Source.objects.get(is_sandbox=True)
    assert (source.every_minutes, source.state) == (1, "connected")
    assert "sandbox" in source.name.lower()
    assert source.runs.get().state == "queued"


def test_its_budget_is_approved_committed_and_settled(petrel):
    winter = Campaign.objects.get(code__startswith="WINTER")
    states = set(Commitment.objects.filter(campaign=winter).values_list("state", flat=True))
    assert states == set(CommitmentState.values)
    waiting = BudgetRequest.objects.open().get()
    assert waiting.line.name.startswith("Reserve") and waiting.approvals.get().role == "finance"
    spent = DailyMetric.objects.spent_by_line(winter)
    assert {line for line, _currency, _amount in spent if line}
    assert all(row.approved_by for row in BudgetMovement.objects.all())


def test_every_act_of_it_is_in_the_logbook(petrel):
    verbs = set(Activity.objects.values_list("verb", flat=True))
    assert {"campaigns.campaign_created", "placements.placement_created", "analytics.source_created"} <= verbs


def test_told_twice_it_changes_nothing_but_the_sandbox_address(petrel):
    before = (Fact.objects.count(), Campaign.objects.count())
    out = StringIO()
    call_command("load_demo", sandbox_port=9001, stdout=out)
    assert (Fact.objects.count(), Campaign.objects.count()) == before
    assert "nothing was loaded" in out.getvalue()
    assert "9001" in Source.objects.get(is_sandbox=True).config["url"]


def test_its_plan_has_a_baseline_a_path_that_slipped_and_a_fixed_day_that_does_not_move(petrel):
    winter = Campaign.objects.get(code__startswith="WINTER")
    rows = Task.objects.of(winter).active()
    assert rows.count() >= 60
    assert rows.filter(is_critical=True).exists() and rows.filter(state="in_progress").exists()
    signed = {row.task_id: row for row in Baseline.objects.get(campaign=winter).tasks.all()}
    assert any(row.finish_date > signed[row.pk].finish_date for row in rows if row.pk in signed)
    late = Dependency.objects.filter(campaign=winter, is_late=True).select_related("successor")
    assert {link.successor.is_fixed for link in late} == {True}


def test_its_matrix_has_one_vacuum_and_one_overlap(petrel):
    winter = Campaign.objects.get(code__startswith="WINTER")
    rows, vacuum, overlap = gaps_of(Actor.system(petrel), winter)
    assert (rows > 20, vacuum, overlap) == (True, 1, 1)


def test_its_register_has_one_on_orange_a_lesson_and_a_drill_at_work(petrel):
    heats = [one.heat for one in Risk.objects.open()]
    assert len(heats) == 8 and heats.count(4) >= 1 and heats.count(5) >= 1
    assert Risk.objects.get(state="lesson").lesson
    assert {(one.state, one.is_drill) for one in Incident.objects.all()} == {("closed", False), ("open", True)}


def test_its_accesses_stand_in_every_state_and_its_board_is_red_in_places(petrel):
    winter = Campaign.objects.get(code__startswith="WINTER")
    states = {row.standing(today_of(winter), zone_of(winter)).state for row in AccessItem.objects.of(winter)}
    assert states == set(AccessState)
    launch = winter.readiness_snapshots.get(is_launch=True)
    assert launch.is_intact and launch.override_reason and launch.blocks >= 3
    red = {line["code"] for line in launch.content["lines"] if line["state"] == "block"}
    assert {"raci_clean", "accounts_proven"} <= red and "tracking_tested" not in red
    signed = winter.readiness_lines.exclude(signed_at=None)
    assert all(line.signed_by == line.owner for line in signed) and len(signed) == 3
