"""Traceability as a person and as a program see it."""

import csv
import io

import pytest
from django_scopes import scope

from campaigns.models import Goal
from placements.models import Slot
from tasks.models import Task
from tests import factories


@pytest.fixture
def traced(rich):
    """Goal → clicks → placement and task with a sub-task; leads and cost per click hang on nothing below."""
    own = {"workspace": rich.workspace, "campaign": rich.campaign}
    rich.placement.kpis.add(rich.clicks)
    rich.task = Task.objects.create(title="Landing page", **own)
    rich.task.kpis.add(rich.clicks)
    rich.part = Task.objects.create(title="Copy", parent=rich.task, **own)
    rich.loose = Task.objects.create(title="Office move", **own)
    rich.poster = factories.asset(rich.campaign, "Poster", task=rich.part)
    factories.asset(rich.campaign, "Lost poster")
    Slot.objects.create(placement=rich.placement, name="Main", asset=rich.poster, **own)
    Task.objects.create(title="Go", kind="milestone", **own)
    Task.objects.create(title="Old", state="cancelled", **own)
    return rich


@pytest.fixture
def asked(traced, owner):
    """(path, query) -> the context of the page and the body of the API."""

    def ask(**query):
        named = {"campaign": traced.campaign.code, **query}
        return owner.get(f"{traced.c}/trace/", query), lambda noun: owner.get(f"/api/v1/{noun}/", named)

    return ask


def test_coverage_is_the_same_through_both_doors(traced, asked):
    page, rest = asked()
    expected = {"kpi_without_placement": (2, 3), "placement_without_kpi": (0, 1), "task_without_kpi": (1, 3)}
    expected["asset_without_placement"] = (1, 2)
    assert {one["code"]: (one["count"], one["total"]) for one in page.context["gaps"]} == expected
    gaps = rest("coverage").json()["gaps"]
    assert {one["code"]: (one["missing"], one["total"]) for one in gaps} == expected
    assert [node["label"] for node in gaps[2]["nodes"]] == ["Office move"]


def test_a_chain_is_the_same_through_both_doors(traced, asked):
    page, rest = asked(node=f"task:{traced.part.pk}")
    shown = {(each["side"], each["node"].label) for column in page.context["chain"] for each in column["nodes"]}
    above = {"Landing page", "Clicks", "Win November", "Poster", traced.placement.name}
    assert shown == {("chosen", "Copy"), *(("above", label) for label in above)}
    body = rest("trace").json()
    assert {node["label"] for node in body["ancestors"]} == above
    assert body["descendants"] == []
    assert {"upper": f"task:{traced.task.pk}", "lower": f"task:{traced.part.pk}"} in body["links"]


def test_an_unknown_thing_is_not_found_by_either_door(traced, asked):
    page, rest = asked(node="task:00000000-0000-7000-8000-000000000000")
    assert (page.status_code, rest("trace").status_code) == (404, 404)


def test_archived_things_are_no_part_of_the_chain(traced, asked):
    with scope(workspace=traced.workspace.pk):
        Goal.objects.filter(pk=traced.goal.pk).update(archived_at="2026-11-01T00:00Z")
    page, rest = asked(node=f"kpi:{traced.clicks.pk}")
    assert page.context["above"] == 0
    assert rest("trace").json()["ancestors"] == []


def test_the_list_of_a_gap_and_the_search(traced, owner):
    page = owner.get(f"{traced.c}/trace/?gap=task_without_kpi")
    assert [node.label for node in page.context["page"]] == ["Office move"]
    page = owner.get(f"{traced.c}/trace/?q=landing")
    assert [node.label for pick in page.context["picks"] for node in pick["nodes"]] == ["Landing page"]
    assert owner.get(f"{traced.c}/trace/?gap=nothing").status_code == 404


def test_the_export_names_each_gap(traced, owner):
    body = owner.get(f"{traced.c}/trace/?export=csv").content.decode("utf-8-sig")
    rows = {row[1]: row for row in csv.reader(io.StringIO(body))}
    assert rows["Office move"][4] == "Tasks that serve no KPI"
    assert rows["Clicks"][2] == "Win November"
    assert set(rows["Clicks"][3].split("; ")) == {"Landing page", traced.placement.name}


def test_the_page_asks_as_much_for_many_as_for_few(traced, owner, assert_budget):
    with assert_budget("overview:trace"):
        owner.get(f"{traced.c}/trace/")
