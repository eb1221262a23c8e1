"""A partner's home and media lines; what an agency must not see is nowhere: neither money nor rivals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from analytics.models import DailyMetric
from assets import actions as assets
from assets.models import AssetVersion
from campaigns import actions as plan
from campaigns.models import BudgetLine, Comment
from core.jobs import HANDLERS
from core.models import Activity, Job
from overview.api import partner as rest
from placements.models import Slot
from tests import factories
from tests.assets.conftest import picture
from tests.inventory import inventory
from tests.partner_world import BOTH, words_of

MONEY = ("7391846", "7,391,846", "8402957", "8,402,957", "9513068", "9,513,068")
RIVAL = "Kitewind"


def spend(placement, amount, currency="CNY", day=0):
    """What the roll-up says was spent on a line; the day it was spent, as REST writes it."""
    date = timezone.localdate() - timedelta(days=day)
    DailyMetric.objects.create(
        workspace_id=placement.workspace_id,
        ad_account=factories.ad_account(placement.workspace),
        campaign=placement.campaign,
        placement=placement,
        channel=placement.channel,
        date=date,
        date_to=date,
        metric="cost",
        currency=currency,
        value=Decimal(amount),
    )
    return str(date)


def test_home_says_what_waits(agency, rival, assert_budget):
    day = timezone.localdate()
    agency.asset("Late poster", submit_by=day - timedelta(days=1))
    agency.asset("Film", kind="video")
    agency.task("Shoot it")
    line = agency.placement("Feed ads")
    plan.ask_question(agency.world.actor, campaign=line.campaign, organization=agency.organization, text="Ready?")
    rival.task("Rival task")
    client = agency.client()
    with assert_budget("overview:partner-home"):
        page = words_of(client.get(f"{agency.p}/"))
    for words in ("Late poster", "Film", "Shoot it", "Feed ads", "Ready?", "1 overdue", "Mei (Northlight)"):
        assert words in page, words
    assert agency.world.workspace.name in page and "Rival task" not in page


def test_an_empty_home_teaches(agency):
    page = words_of(agency.client().get(f"{agency.p}/"))
    assert "Nothing waits for you" in page and "stands here first" in page


def test_only_granted_sections_stand_in_the_bar(agency):
    agency.organization.grants.update(areas={"tasks": "read"})
    page = words_of(agency.client().get(f"{agency.p}/"))
    assert "/partner/tasks/" in page and "/partner/assets/" not in page and "/partner/placements/" not in page
    assert agency.client().get(f"{agency.p}/assets/").status_code == 404


@BOTH
def test_own_lines_with_their_money(door, agency, rival, assert_budget):
    mine, theirs = agency.placement(), rival.placement("Rival line")
    spent = spend(mine, "350.25")
    spend(mine, "20", "USD", day=1)
    spend(theirs, "8402957")
    client = agency.client()
    if door == "page":
        with assert_budget("overview:partner-placements"):
            page = words_of(client.get(f"{agency.p}/placements/"))
        with assert_budget("overview:partner-placement"):
            one = words_of(client.get(f"{agency.p}/placements/{mine.pk}/"))
        for words in ("1,200.00", "350.25", "20.00"):
            assert words in page and words in one, words
        assert "Rival line" not in page and client.get(f"{agency.p}/placements/{theirs.pk}/").status_code == 404
    else:
        with assert_budget("api:partner-placements-list"):
            [told] = client.get("/api/v1/partner/placements/").json()["results"]
        assert told["planned"]["amount"].startswith("1200") and told["planned"]["currency"] == "CNY"
        assert [(one["currency"], Decimal(one["amount"])) for one in told["spent"]] == [
            ("CNY", Decimal("350.25")),
            ("USD", Decimal(20)),
        ]
        days = client.get(f"/api/v1/partner/placements/{mine.pk}/days/").json()
        assert {day["date"] for day in days} == {spent, str(mine.days.get().date)}


@BOTH
def test_the_material_of_an_own_slot_is_taken_along(door, agency, rival):
    """A studio's approved picture runs in the agency's line: it gets the file, and not the studio's name."""
    asset = rival.asset("Poster", "image", code="POSTER")
    version = assets.add_version(rival.actor(), asset=asset, upload=picture(24, 24))
    line = agency.placement()
    client, slot = agency.client(), line.slots.get()
    page = f"{agency.p}/slots/{slot.pk}/download/"
    assert client.post(page).status_code == 404, "nothing is released yet"
    Slot.objects.update(asset=asset, version=version, released_at=timezone.now(), released_by=agency.world.owner)
    if door == "page":
        assert RIVAL not in words_of(client.get(f"{agency.p}/placements/{line.pk}/"))
        url = client.post(page)["Location"]
    else:
        answer = agency.api().post(f"partner/slots/{slot.pk}/download/")
        url = "/api" + answer.json()["address"].partition("/api")[2]
    assert b"".join(client.get(url)).startswith(b"\x89PNG")
    assert Activity.objects.filter(verb="assets.file_downloaded", subject_id=str(version.pk)).count() == 1
    assert rival.client().post(page).status_code == 404


# --- canaries -------------------------------------------------------------------------------------------------------


@pytest.fixture
def full(agency, rival):
    """Amounts and a rival's name in every field an agency must not see, beside things of its own."""
    world, campaign = agency.world, agency.world.campaign
    type(campaign).objects.filter(pk=campaign.pk).update(budget_amount=Decimal("7391846.13"))
    own = {"workspace": world.workspace, "campaign": campaign}
    BudgetLine.objects.create(
        name="Media 7391846", category="media", currency="CNY", planned_date=campaign.start_date, **own
    )
    route = factories.review_route(campaign, levels=("Price at 9513068",))
    route.levels.update(is_private=True)
    asset = agency.asset("Own poster", "image", route=route, stage="creation")
    version = assets.add_version(agency.actor(), asset=asset, upload=picture(30, 30))
    assets.check_version(AssetVersion.objects.select_related("asset__standard", "file", "workspace").get(pk=version.pk))
    task = agency.task("Own task", cost_amount=Decimal("8402957"), effort_hours=Decimal(9))
    agency.item(task)
    hidden = {"note": "at 9513068", "list_price": Decimal("8402957"), "net_price": Decimal("8402957")}
    line = agency.placement("Own line", rebate=Decimal("12.5"), bonus="9,513,068 for free", **hidden)
    spend(line, "350")
    secret = "We pay Kitewind Rivals 7,391,846"
    for subject in (task, asset, line):
        what = {"subject_type": subject._meta.label_lower, "subject_id": subject.pk, "text": secret}
        Comment.objects.create(workspace=world.workspace, campaign=campaign, author=world.owner, **what)
    plan.ask_question(world.actor, campaign=campaign, text=secret)
    plan.ask_question(world.actor, campaign=campaign, organization=rival.organization, text=secret)
    asked = plan.ask_question(agency.actor(), campaign=campaign, text="Which logo?")
    plan.answer_question(world.actor, question=asked, answer="The blue one")
    agency.share("core_message", "Own quiet.", secret)
    _rivals(rival)
    pin = {"shape": "whole", "text": "Warmer, please"}
    assets.add_pin(world.actor, version=version, **pin)
    return agency


def _rivals(rival):
    """Everything of the rival, its name in it."""
    asset = rival.asset("Kitewind poster", "image")
    assets.add_version(rival.actor(), asset=asset, upload=picture(31, 31), note="by Kitewind")
    rival.task("Kitewind task")
    spend(rival.placement("Kitewind line"), "8402957")


ROWS = {  # a row of the agency's own, by the model a route names
    "tasks.task": lambda agency: agency.organization.tasks.get(),
    "assets.asset": lambda agency: agency.organization.assets.get(),
    "placements.placement": lambda agency: agency.organization.placements.get(),
    "campaigns.question": lambda agency: agency.world.campaign.questions.get(text="Which logo?"),
    "assets.assetversion": lambda agency: agency.organization.assets.get().versions.get(),
    "assets.pin": lambda agency: agency.organization.assets.get().versions.get().pins.get(),
    "placements.slot": lambda agency: agency.organization.placements.get().slots.get(),
    "campaigns.campaign": lambda agency: agency.world.campaign,
    "campaigns.briefshare": lambda agency: agency.world.campaign.brief.shares.get(),
    "tasks.checklistitem": lambda agency: agency.organization.tasks.get().checklist.get(),
}


def addresses(agency, only=""):
    """Every partner's address that is read (of routes that begin so), with the agency's own rows."""
    for route in inventory():
        if not route.is_partners or route.policy.reads is None or {"token", "page"} & set(route.arguments):
            continue
        if not route.name.startswith(only):
            continue
        if route.names_a_row and route.model not in ROWS:
            continue
        names = {"slug": agency.world.workspace.slug, "code": agency.world.campaign.code}
        if route.names_a_row:
            names["pk"] = ROWS[route.model](agency).pk
        yield route.name, route.path_of({name: names[name] for name in route.arguments})


def leaks(agency, only=""):
    """(route, word) of everything an agency reads that it must not see; how many answers were looked at."""
    found, read = [], 0
    for seat in (agency.seat, agency.lead, agency.reader):
        client = agency.client(seat)
        for name, url in addresses(agency, only):
            answer = client.get(url)
            read += answer.status_code == 200
            said = words_of(answer)
            found += [(name, word) for word in (*MONEY, RIVAL) if word in said]
    return found, read


@pytest.mark.once
def test_no_money_and_no_rival_is_seen_by_any_seat(full):
    found, read = leaks(full)
    assert found == [] and read > 80, (read, found)


def test_no_money_and_no_rival_stands_in_a_mail_to_a_seat(full):
    for job in Job.objects.filter(state="queued", name__startswith="campaigns.tell"):
        HANDLERS[job.name](**job.args)
    theirs = [each for each in mail.outbox if each.to[0] in (full.seat.email, full.lead.email)]
    assert theirs, "the answer was mailed"
    said = " ".join(each.subject + each.body for each in theirs)
    assert not [word for word in (*MONEY, RIVAL) if word in said]


def test_one_field_too_many_is_found(full, monkeypatch):
    """The control: a price in an answer, and the crawl says so."""
    declared = dict(rest.PartnerPlacementOut._declared_fields)
    field = rest.serializers.CharField()
    monkeypatch.setattr(rest.PartnerPlacementOut, "_declared_fields", declared | {"list_price": field})
    found, _read = leaks(full, "api:partner-placements")
    assert ("api:partner-placements-list", "8402957") in found
