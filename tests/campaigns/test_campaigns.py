"""Programmes, campaigns, members and phases, through both doors."""

import html
from datetime import date

import pytest
from django.dispatch import Signal

from campaigns import actions, signals
from campaigns.actions import readiness
from campaigns.choices import LineState
from campaigns.models import Campaign, CampaignMember, Phase, Programme
from campaigns.rules.readiness import Line
from core.errors import RuleBroken
from core.models import Activity
from tests import factories
from tests.campaigns.conftest import Hands

DAYS = {"start_date": "2026-11-01", "finish_date": "2026-11-30"}
PLACE = {"currency": "CNY", "time_zone": "Asia/Shanghai"}


def new_campaign(hands, **changes):
    typed = {"name": "Double 11", "owner": str(hands.world.owner.pk), **DAYS, **PLACE, **changes}
    body = {key: value for key, value in typed.items() if key != "budget_amount"}
    if typed.get("budget_amount"):
        body["budget"] = {"amount": typed["budget_amount"], "currency": typed["currency"]}
    return hands.act(page="campaigns/new/", typed=typed, api="campaigns/", body=body)


def test_a_campaign_is_made_and_gets_a_code_and_a_brief(hands):
    assert new_campaign(hands, budget_amount="1200.50")
    made = Campaign.objects.get(name="Double 11")
    assert (made.code, made.state, str(made.budget_amount.normalize())) == ("D11-2026", "draft", "1200.5")
    assert made.brief.current_number == 0
    assert Activity.objects.filter(verb="campaigns.campaign_created", subject_id=str(made.pk)).count() == 1


def test_two_campaigns_of_one_name_get_two_codes(hands):
    assert new_campaign(hands)
    assert new_campaign(hands)
    assert set(Campaign.objects.filter(name="Double 11").values_list("code", flat=True)) == {"D11-2026", "D11-2026-2"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": "a b"}, "A code has 2 to 24 letters"),
        ({"finish_date": "2026-10-01"}, "lies before the first one"),
        ({"start_date": "1800-01-01"}, "between 2000 and 2100"),
        ({"currency": "XXX"}, ""),
        ({"time_zone": "Mars/Olympus"}, ""),
        ({"owner": "0190a8a0-0000-7000-8000-000000000000"}, ""),
        ({"programme": "0190a8a0-0000-7000-8000-000000000000"}, ""),
    ],
)
def test_a_wrong_campaign_is_refused_in_words(hands, wrong, sentence):
    assert not new_campaign(hands, **wrong)
    assert 400 <= hands.answer.status_code < 500
    assert sentence in hands.words
    assert not Campaign.objects.filter(name="Double 11").exists()


def test_a_code_that_is_taken_is_refused(hands):
    assert not new_campaign(hands, code=hands.world.campaign.code)
    assert "Another campaign has this code already." in hands.words


def test_foreign_things_are_as_unknown_as_none(hands, other):
    """Another workspace's person and programme answer exactly like ids that do not exist."""
    foreign = Programme._base_manager.create(workspace=other.workspace, name="Theirs")
    nowhere = "0190a8a0-0000-7000-8000-000000000000"
    for field, theirs in (("owner", other.owner.pk), ("programme", foreign.pk)):
        answers = []
        for value in (str(theirs), nowhere):
            assert not new_campaign(hands, **{field: value})
            answers.append((hands.answer.status_code, "There is no such thing here" in hands.words))
        assert answers[0] == answers[1]


def test_a_campaign_is_changed(hands):
    campaign = hands.world.campaign
    typed = {"name": "Renamed", "code": campaign.code, "owner": str(campaign.owner_id), **DAYS, **PLACE}
    assert hands.act(
        page=f"c/{campaign.code}/settings/",
        typed={**typed, "lock_version": campaign.lock_version},
        api=f"campaigns/{campaign.pk}/",
        body={"name": "Renamed"},
        method="patch",
    )
    campaign.refresh_from_db()
    assert (campaign.name, campaign.lock_version) == ("Renamed", 2)


def test_a_change_that_was_overtaken_is_not_lost(world, owner):
    actions.update_campaign(world.actor, campaign=world.campaign, name="Theirs")
    typed = {"name": "Mine", "code": world.campaign.code, "owner": str(world.owner.pk), **DAYS, **PLACE}
    answer = owner.post(f"{world.c}/settings/", {**typed, "lock_version": 1})
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Theirs" in words and 'value="Mine"' in words
    assert Campaign.objects.get(pk=world.campaign.pk).name == "Theirs"
    etag = f'"{world.campaign.pk.hex}-1"'
    stale = owner.patch(
        f"/api/v1/campaigns/{world.campaign.pk}/", {"name": "x"}, "application/json", headers={"If-Match": etag}
    )
    assert stale.status_code == 412


def step(hands, name, **more):
    campaign = Campaign.objects.get(pk=hands.world.campaign.pk)
    return hands.act(
        page=f"c/{campaign.code}/settings/step/",
        typed={"step": name, "lock_version": campaign.lock_version, **more},
        api=f"campaigns/{campaign.pk}/transitions/",
        body={"step": name, **more},
    )


def test_a_campaign_walks_through_its_states(hands, plan):
    campaign = hands.world.campaign
    assert step(hands, "start_planning")
    assert not step(hands, "make_ready")
    assert "Write the brief first." in hands.words
    actions.save_brief(hands.world.actor, campaign=campaign, sections=[{"key": "core_goal", "text": "100,000 buyers"}])
    assert step(hands, "make_ready")
    assert not step(hands, "launch")
    assert "The responsibility matrix has no rows yet." in hands.words
    assert step(hands, "launch", reason="The day is fixed")
    assert not step(hands, "pause")
    assert step(hands, "pause", reason="Stock is out")
    campaign.refresh_from_db()
    assert campaign.state == "paused"
    assert Activity.objects.filter(verb="campaigns.campaign_moved").latest("at").changes["reason"] == [
        "",
        "Stock is out",
    ]


def test_a_step_from_the_wrong_state_is_refused(hands):
    assert not step(hands, "launch")
    assert "cannot make this step" in html.unescape(hands.words)


def ready_to_launch(world):
    Campaign.objects.filter(pk=world.campaign.pk).update(state="ready")
    world.campaign.refresh_from_db()
    actions.save_brief(world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": "x"}])
    return world.campaign


def test_a_higher_floor_may_object_to_a_launch(world, plan, monkeypatch):
    campaign = ready_to_launch(world)
    asked = Signal()
    monkeypatch.setattr(signals, "readiness_asked", asked)
    monkeypatch.setattr(readiness, "access_lines", lambda *asked: [])

    def objects(sender, actor, campaign, today, **kwargs):
        return [Line("budget_locked", "Budget", state, "The budget is not locked.", "/there/")]

    asked.connect(objects)
    state = LineState.BLOCK
    with pytest.raises(RuleBroken, match="The budget is not locked") as refused:
        actions.move_campaign(world.actor, campaign=campaign, step="launch")
    assert refused.value.code == "gate_passed"
    state = LineState.WARN
    assert actions.move_campaign(world.actor, campaign=campaign, step="launch").state == "live"


def test_only_a_manager_overrides_the_gate(world, plan):
    campaign = ready_to_launch(world)
    campaign.owner = factories.member(world.workspace, role="member")
    campaign.save()
    mine = factories.actor_of(campaign.owner, world.workspace)
    with pytest.raises(RuleBroken, match="matrix has no rows"):
        actions.move_campaign(mine, campaign=campaign, step="launch", reason="Because I say so")
    assert (
        actions.move_campaign(world.actor, campaign=campaign, step="launch", reason="The day is fixed").state == "live"
    )


def test_archive_and_restore(hands):
    campaign = hands.world.campaign
    assert hands.act(page=f"c/{campaign.code}/settings/archive/", api=f"campaigns/{campaign.pk}/archive/")
    campaign.refresh_from_db()
    assert campaign.archived_at
    assert hands.act(page=f"c/{campaign.code}/settings/restore/", api=f"campaigns/{campaign.pk}/restore/")
    campaign.refresh_from_db()
    assert campaign.archived_at is None


def test_undo_of_an_archive_answers_the_toast(world, owner):
    answer = owner.post(f"{world.c}/settings/archive/", follow=True)
    assert f'data-undo="{world.c}/settings/restore/"' in answer.content.decode()
    undone = owner.post(f"{world.c}/settings/restore/", headers={"Accept": "application/json"})
    assert undone.json()["url"] == f"{world.c}/settings/"


@pytest.mark.parametrize("role", ["viewer", "finance", "approver"])
@pytest.mark.parametrize("door", ["page", "api"])
def test_who_does_not_plan_changes_nothing(door, role, world):
    hands = Hands(world, door, world.client(factories.member(world.workspace, role=role)))
    assert not new_campaign(hands)
    assert hands.answer.status_code == 403
    assert not step(hands, "start_planning")
    assert hands.answer.status_code == 403


def test_a_member_who_does_not_own_the_campaign_does_not_move_it(world):
    colleague = world.client(factories.member(world.workspace))
    answer = colleague.post(
        f"/api/v1/campaigns/{world.campaign.pk}/transitions/", {"step": "start_planning"}, "application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "denied")


def test_a_programme_lives_through_its_life(hands):
    assert hands.act(page="programmes/new/", typed={"name": "Festivals"}, api="programmes/", body={"name": "Festivals"})
    row = Programme.objects.get()
    assert not hands.act(
        page="programmes/new/", typed={"name": "Festivals"}, api="programmes/", body={"name": "Festivals"}
    )
    assert "There is a programme of this name already." in hands.words
    assert hands.act(
        page=f"programmes/{row.pk}/edit/",
        typed={"name": "Sales", "lock_version": 1},
        api=f"programmes/{row.pk}/",
        body={"name": "Sales"},
        method="patch",
    )
    assert hands.act(page=f"programmes/{row.pk}/archive/", api=f"programmes/{row.pk}/archive/")
    assert hands.act(page=f"programmes/{row.pk}/restore/", api=f"programmes/{row.pk}/restore/")
    row.refresh_from_db()
    assert (row.name, row.archived_at) == ("Sales", None)


def test_a_programme_adds_up_budgets_per_currency(world, owner):
    programme = actions.create_programme(world.actor, name="Year")
    for currency, amount in (("CNY", 100), ("CNY", 200), ("USD", 7)):
        factories.campaign(world.workspace, world.owner, programme=programme, currency=currency, budget_amount=amount)
    words = owner.get(f"{world.w}/programmes/{programme.pk}/").content.decode()
    assert "¥300.00" in words and "$7.00" in words


def test_a_person_gets_and_loses_a_function(hands):
    campaign, person = hands.world.campaign, hands.world.owner
    typed = {"user": str(person.pk), "function": "legal"}
    address = {"page": f"c/{campaign.code}/team/people/", "api": "campaign-members/"}
    assert hands.act(**address, typed=typed, body={"campaign": campaign.code, **typed})
    assert not hands.act(**address, typed=typed, body={"campaign": campaign.code, **typed})
    assert "This person has this function already." in hands.words
    member = CampaignMember.objects.get()
    assert hands.act(
        page=f"c/{campaign.code}/team/people/{member.pk}/remove/",
        api=f"campaign-members/{member.pk}/",
        method="delete",
    )
    assert not CampaignMember.objects.exists()


def test_a_stranger_gets_no_function(hands, other):
    typed = {"user": str(other.owner.pk), "function": "legal"}
    body = {"campaign": hands.world.campaign.code, **typed}
    page = f"c/{hands.world.campaign.code}/team/people/"
    assert not hands.act(page=page, typed=typed, api="campaign-members/", body=body)
    assert not CampaignMember.objects.exists()


def test_a_phase_lives_through_its_life(hands):
    campaign = hands.world.campaign
    values = {"name": "Pre-sale", "start_date": "2026-11-01", "finish_date": "2026-11-05"}
    typed = {f"new-{name}": value for name, value in values.items()} | {"new-is_promotion": "on"}
    body = {"campaign": campaign.code, **values, "is_promotion": True}
    assert hands.act(page=f"c/{campaign.code}/phases/", typed=typed, api="phases/", body=body)
    assert not hands.act(page=f"c/{campaign.code}/phases/", typed=typed, api="phases/", body=body)
    phase = Phase.objects.get()
    assert phase.is_promotion
    changed = {f"{phase.pk}-{name}": value for name, value in {**values, "name": "Wave 1"}.items()}
    assert hands.act(
        page=f"c/{campaign.code}/phases/{phase.pk}/",
        typed={**changed, f"{phase.pk}-lock_version": 1},
        api=f"phases/{phase.pk}/",
        body={"name": "Wave 1"},
        method="patch",
    )
    assert Phase.objects.get().name == "Wave 1"
    gone = {"page": f"c/{campaign.code}/phases/{phase.pk}/delete/", "api": f"phases/{phase.pk}/", "method": "delete"}
    assert hands.act(**gone)
    assert not Phase.objects.exists()


def test_a_phase_with_targets_is_not_deleted(hands, plan):
    phase = actions.create_phase(
        hands.world.actor,
        campaign=plan.campaign,
        name="Peak",
        start_date=date(2026, 11, 10),
        finish_date=date(2026, 11, 12),
    )
    actions.set_phase_targets(hands.world.actor, kpi=plan.kpi, values={phase: 1000})
    gone = {
        "page": f"c/{plan.campaign.code}/phases/{phase.pk}/delete/",
        "api": f"phases/{phase.pk}/",
        "method": "delete",
    }
    assert not hands.act(**gone)
    assert "Search clicks" in hands.words


def test_the_list_filters_sorts_and_exports(world, owner):
    actions.create_campaign(
        world.actor,
        name="Spring wave",
        owner=world.owner,
        start_date=date(2026, 3, 1),
        finish_date=date(2026, 3, 31),
        currency="CNY",
        time_zone="Asia/Shanghai",
    )
    names = [row.name for row in owner.get(f"{world.w}/campaigns/?q=spring").context["page"]]
    assert names == ["Spring wave"]
    by_start = [row.name for row in owner.get(f"{world.w}/campaigns/?o=start").context["page"]]
    assert by_start[0] == "Spring wave"
    assert not owner.get(f"{world.w}/campaigns/?state=live").context["page"].object_list
    csv = owner.get(f"{world.w}/campaigns/?export=csv&q=spring").content.decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("SW-2026,Spring wave,draft")


def test_lists_ask_few_queries(world, owner, assert_budget):
    for _ in range(30):
        factories.campaign(world.workspace, world.owner)
    with assert_budget("campaigns:list"):
        assert len(owner.get(f"{world.w}/campaigns/").context["page"]) == 31
    with assert_budget("api:campaigns-list"):
        assert len(owner.get("/api/v1/campaigns/?limit=100").json()["results"]) == 31


ARCHIVED = "This campaign is archived. Restore it before you change anything in it."
EDITS = {  # what → (page, what is typed, address in REST, body)
    "goal": ("goals/new/", {"title": "Late", "roll_up": "mean", "weight": "1"}, "goals/", {"title": "Late"}),
    "state": ("settings/step/", {"step": "start_planning"}, "campaigns/{pk}/transitions/", {"step": "start_planning"}),
    "comment": ("comments/campaigns.campaign/{pk}/", {"text": "Hm"}, "comments/", {"text": "Hm"}),
    "phase": ("phases/", {"name": "Late", **DAYS}, "phases/", {"name": "Late", **DAYS}),
}


@pytest.mark.parametrize("what", EDITS)
def test_nothing_in_an_archived_campaign_is_edited(hands, what):
    """The act is refused in one sentence (409 in REST) until the campaign is restored."""
    campaign = hands.world.campaign
    actions.archive_campaign(hands.world.actor, campaign=campaign)
    page, typed, api, body = EDITS[what]
    if what == "comment":
        body = {**body, "subject_type": "campaigns.campaign", "subject_id": str(campaign.pk)}
    act = {
        "page": f"c/{campaign.code}/{page.format(pk=campaign.pk)}",
        "typed": typed | ({"lock_version": campaign.lock_version} if what == "state" else {}),
        "api": api.format(pk=campaign.pk),
        "body": body if what == "state" else {**body, "campaign": campaign.code},
    }
    assert not hands.act(**act)
    assert "This campaign is archived." in hands.words
    if hands.door == "api":
        assert hands.answer.json()["detail"] == ARCHIVED
        assert (hands.answer.status_code, hands.answer.json()["code"]) == (409, "archived")
    actions.restore_campaign(hands.world.actor, campaign=campaign)
    if what == "goal":
        assert hands.act(**act)


def test_an_archived_campaign_says_so_and_hides_what_would_edit_it(world, owner):
    pages = ("goals/", "phases/", "placements/", "settings/", "")
    before = {page: owner.get(f"{world.c}/{page}").content.decode() for page in pages}
    assert not any("This campaign is archived." in text for text in before.values())
    assert all(f"{world.c}/placements/new/" in text for text in before.values())
    actions.archive_campaign(world.actor, campaign=world.campaign)
    for page in pages:
        text = owner.get(f"{world.c}/{page}").content.decode()
        assert "This campaign is archived." in text, page
        assert f"{world.c}/goals/new/" not in text and f"{world.c}/placements/new/" not in text, page
        assert f'action="{world.c}/settings/step/"' not in text
    assert f'action="{world.c}/settings/restore/"' in owner.get(f"{world.c}/settings/").content.decode()
