"""The search finds every kind of thing by its words, in one question, and says where each belongs."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Membership
from analytics.models import Import, ImportFile, Source
from campaigns.models import Goal, Programme
from core.files import store
from core.search import segmented
from overview.querysets.found import KINDS, found
from placements.rules.platforms import platform_name
from risks.models import Incident, Risk
from tests import factories
from tests.overview.conftest import kpi

WORD = "Lantern"


def imported(world, *names):
    """An import of files with these names."""
    of = {"workspace": world.workspace}
    row = Import.objects.create(**of, uploader=world.owner, state="committed")
    for position, name in enumerate(names):
        kept = store(ContentFile(name.encode(), name), workspace_id=world.workspace.pk, kind="report")
        ImportFile.objects.create(**of, imported=row, stored=kept, position=position)
    return row


@pytest.fixture
def everything(world):
    """One thing of each kind that is called Lantern: {kind: row}."""
    of, words = {"workspace": world.workspace, "campaign": world.campaign}, {"search_text": segmented(WORD)}
    lit = factories.campaign(world.workspace, world.owner, name=f"{WORD} festival", code="LIT-26", **words)
    goal = Goal.objects.create(**of, title=f"{WORD} goal")
    account = factories.ad_account(world.workspace, name=f"{WORD} account", platform="baidu")
    member = factories.member(world.workspace, name=f"{WORD} Wang")
    day = {"start_date": date(2026, 11, 2), "finish_date": date(2026, 11, 3), "duration_days": 2}
    return {
        "campaign": lit,
        "task": factories.task(world.campaign, f"{WORD} task", **day, **words),
        "asset": factories.asset(world.campaign, f"{WORD} film", **words),
        "placement": factories.placement(world.campaign, name=f"{WORD} search", **words),
        "kpi": kpi(world, goal, f"{WORD} clicks", "clicks", 10),
        "goal": goal,
        "risk": Risk.objects.create(**of, title=f"{WORD} fire", code="R1", **words),
        "incident": Incident.objects.create(**of, title=f"{WORD} burnt", owner=world.owner, started_at=timezone.now()),
        "programme": Programme.objects.create(workspace=world.workspace, name=f"{WORD} year"),
        "source": Source.objects.create(workspace=world.workspace, kind="json", platform="x", name=f"{WORD} feed"),
        "import": imported(world, f"{WORD} a.csv", "b.csv"),
        "ad_account": account,
        "person": Membership.objects.get(user=member),
    }


def test_every_kind_is_found_in_one_question(world, everything, django_assert_num_queries):
    with django_assert_num_queries(2):  # and the names of the files of imports
        results = found(world.actor, WORD, limit=5)
    assert {kind.code: [one.pk for one in rows] for kind, rows in results} == {
        code: [row.pk] for code, row in everything.items()
    }
    assert [kind.code for kind, _rows in results] == [kind.code for kind in KINDS]
    said = {kind.code: (rows[0].label, rows[0].hint) for kind, rows in results}
    for code in ("task", "asset", "placement", "kpi", "goal", "risk", "incident"):
        assert said[code] == (str(everything[code]), world.campaign.name)
    for code in ("programme", "source"):
        assert said[code] == (str(everything[code]), "")
    account = everything["ad_account"]
    assert said["ad_account"] == (account.name, platform_name(account.platform))
    person = everything["person"].user
    assert said["person"] == (str(person), person.email)
    assert (said["campaign"], said["import"][0]) == ((f"{WORD} festival", "LIT-26"), f"{WORD} a.csv, b.csv")


def test_both_doors_tell_of_every_kind(world, owner, everything, assert_budget):
    with assert_budget("overview:/search/ everything"):
        page = owner.get(f"{world.w}/search/", {"q": WORD})
    lines = [row for group in page.context["groups"] for row in group["rows"]]
    assert len(lines) == len(KINDS) and all(line["url"] and line["url"] in page.content.decode() for line in lines)
    assert all(owner.get(line["url"]).status_code == 200 for line in lines)
    palette = owner.get(f"{world.w}/search.json", {"q": WORD}).json()["results"]
    assert [line["label"] for line in palette] == [line["label"] for line in lines]
    with assert_budget("api:search"):
        told = owner.get("/api/v1/search/", {"q": WORD}).json()["results"]
    assert {one["kind"]: one["label"] for one in told} == {
        group["kind"].code: group["rows"][0]["label"] for group in page.context["groups"]
    }
    of_none = {"programme", "source", "import", "ad_account", "person"}
    assert {one["kind"] for one in told if one["campaign"] is None} == of_none


def test_a_kind_shows_its_newest_and_no_more(world):
    rows = [factories.task(world.campaign, f"{WORD} {n}", search_text=segmented(WORD)) for n in range(4)]
    ((kind, shown),) = found(world.actor, WORD, limit=2, kinds=("task",))
    assert (kind.code, [one.pk for one in shown]) == ("task", [row.pk for row in reversed(rows)][:2])
