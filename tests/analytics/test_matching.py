"""Figures find their plan line by rule or by people; what nobody matched is unassigned and is shown with its money."""

import json
from datetime import date
from decimal import Decimal

import pytest

from analytics.actions import matching as acts
from analytics.models import DailyMetric, ExternalObject, MatchMemory, ObjectLink
from core.errors import Denied, Invalid
from core.swap import swap
from placements.actions import update_ad_account, update_placement
from tests import factories
from tests.analytics import figures
from tests.analytics.figures import DAY_1, DAY_2, DAY_3, deliver_rows, record

API = "/api/v1"


@pytest.fixture
def account(world):
    return factories.ad_account(world.workspace)


@pytest.fixture
def link(world, account):
    return figures.link(world, account)


@pytest.fixture
def placement(world):
    return factories.placement(world.campaign, code="D11-SEM-01", name="Search brand words")


def post(client, path, body=None):
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


def found(name="Spring"):
    return ExternalObject.objects.select_related("account_link__ad_account").get(external_id=name.upper())


def money(campaign=True):
    """Matched (or unassigned) cost in the roll-up."""
    rows = DailyMetric.objects.filter(metric="cost", campaign__isnull=not campaign)
    return sum(rows.values_list("value", flat=True))


@pytest.mark.parametrize(
    ("values", "name", "how"),
    [
        ({"platform_id": "SPRING"}, "Spring", "external_id"),
        ({"code": "D11-SEM-09"}, "2026 D11-SEM-09 launch", "name"),
        ({"name": "Spring 2026-11-01"}, "spring_20261101", "name"),
    ],
)
def test_rules_match_at_delivery(world, link, values, name, how):
    placement = factories.placement(world.campaign, **values)
    done = deliver_rows(world, link, [record(name, cost=5)])
    assert done.matched == 1
    made = ObjectLink.objects.get()
    assert (made.placement_id, made.campaign_id, made.how) == (placement.pk, world.campaign.pk, how)
    assert figures.rolled(link.ad_account) == {(placement.pk, DAY_1, DAY_1, "cost", "CNY"): 5}


def test_utm_matches(world, link):
    class Told(figures.Record):
        utm = {"campaign": "double11"}

    placement = factories.placement(world.campaign, utm_campaign="double11")
    deliver_rows(world, link, [Told(*record("Whatever", cost=5))])
    assert ObjectLink.objects.get().placement == placement


def test_two_that_fit_are_suggested_not_decided(world, link):
    for number in range(2):
        factories.placement(world.campaign, platform_id="SPRING", name=f"Line {number}")
    deliver_rows(world, link, [record(cost=5)])
    assert not ObjectLink.objects.exists()
    (match,) = acts.suggestions(world.actor, [found()]).values()
    assert len(match.suggestions) == 2 and match.suggestions[0].reason


@pytest.fixture(params=["page", "api"])
def door(request, owner, world):
    """Matching through either door: `door(object names, placement)`."""

    def page(names, placement):
        label = f"{placement.campaign.code} / {placement.code} · {placement.name}"
        given = {"object": [found(name).pk for name in names], "all_to": label}
        return owner.post(f"{world.w}/data/unassigned/link/", given)

    def api(names, placement):
        links = [{"object": found(name).pk, "placement": str(placement.pk)} for name in names]
        return post(owner, "/object-links/", {"links": links})

    return {"page": page, "api": api}[request.param]


def test_objects_are_matched_in_bulk_and_remembered(world, link, placement, door):
    deliver_rows(world, link, [record(cost="10.01"), record("Autumn", cost="20.02"), record("Winter", cost="0.03")])
    assert (money(), money(campaign=False)) == (0, Decimal("30.06"))
    assert door(["Spring", "Autumn"], placement).status_code in (201, 302)
    assert (money(), money(campaign=False)) == (Decimal("30.03"), Decimal("0.03"))
    pull = figures.link(world, link.ad_account, kind="json", rank=10)
    deliver_rows(world, pull, [record(cost=11), record("Winter", cost=1)])
    assert ObjectLink.objects.get(object__account_link=pull).how == "remembered"
    assert (money(), money(campaign=False)) == (11, 1)


def test_matching_moves_the_whole_history(world, link, placement, door):
    for day in (DAY_1, DAY_2, DAY_3):
        deliver_rows(world, link, [record(day=day, cost=1)])
    door(["Spring"], placement)
    assert money() == 3
    other = factories.placement(world.campaign, code="D11-SEM-77")
    door(["Spring"], other)
    assert {key[0] for key in figures.rolled(link.ad_account)} == {other.pk}
    assert ObjectLink.objects.count() == 1


@pytest.mark.parametrize("by", ["page", "api"])
def test_a_link_taken_away_stays_away(world, link, placement, owner, by):
    placement.platform_id = "SPRING"
    placement.save()
    deliver_rows(world, link, [record(cost=5)])
    made = ObjectLink.objects.get()
    if by == "page":
        assert owner.post(f"{world.w}/data/unassigned/matched/{made.pk}/unlink/").status_code == 302
    else:
        place = f"{API}/object-links/{made.pk}/"
        assert owner.delete(place).status_code == 428
        assert owner.delete(place, headers={"If-Match": owner.get(place)["ETag"]}).status_code == 204
    assert (money(), money(campaign=False)) == (0, 5)
    deliver_rows(world, link, [record(cost=6)])
    assert (money(), MatchMemory.objects.count()) == (0, 0)


@pytest.mark.parametrize("by", ["page", "api"])
def test_a_link_that_moved_since_it_was_seen_is_not_taken_away(world, link, placement, owner, by):
    deliver_rows(world, link, [record(cost=5)])
    (made,) = acts.link_objects(world.actor, choices=[(found(), world.campaign, placement, None, None)])
    page, place = f"{world.w}/data/unassigned/matched/", f"{API}/object-links/{made.pk}/"
    assert f'name="lock_version" value="{made.lock_version}"' in owner.get(page).content.decode()
    tag = owner.get(place)["ETag"]
    swap(made, valid_to=DAY_3)
    if by == "page":
        assert owner.post(f"{page}{made.pk}/unlink/", {"lock_version": made.lock_version - 1}).status_code == 412
    else:
        assert owner.delete(place, headers={"If-Match": tag}).status_code == 412
    assert ObjectLink.objects.get() == made
    assert owner.post(f"{page}{made.pk}/unlink/", {"lock_version": made.lock_version}).status_code == 302
    assert not ObjectLink.objects.exists()


def test_from_a_day_on_an_object_belongs_elsewhere(world, link, placement, owner):
    for day in (DAY_1, DAY_2, DAY_3):
        deliver_rows(world, link, [record(day=day, cost=day.day)])
    other = factories.placement(world.campaign, code="D11-SEM-77")
    acts.link_objects(world.actor, choices=[(found(), world.campaign, placement, None, None)])
    links = [{"object": found().pk, "placement": str(other.pk), "valid_from": "2026-11-02"}]
    assert post(owner, "/object-links/", {"links": links}).status_code == 201
    rolled = figures.rolled(link.ad_account)
    assert {key[:2]: value for key, value in rolled.items()} == {
        (placement.pk, DAY_1): 1,
        (other.pk, DAY_2): 2,
        (other.pk, DAY_3): 3,
    }


@pytest.mark.parametrize("by", ["page", "api"])
def test_a_placement_made_later_is_matched_again(world, link, owner, by):
    deliver_rows(world, link, [record(cost=5)])
    factories.placement(world.campaign, platform_id="SPRING")
    path = f"{world.w}/data/unassigned/again/" if by == "page" else f"{API}/external-objects/match-again/"
    assert owner.post(path).status_code in (200, 302)
    assert money() == 5


def test_a_campaign_without_placement_is_enough(world, link, owner):
    deliver_rows(world, link, [record(cost=5)])
    links = [{"object": found().pk, "campaign": world.campaign.code}]
    assert post(owner, "/object-links/", {"links": links}).status_code == 201
    assert figures.rolled(link.ad_account) == {(world.campaign.pk, DAY_1, DAY_1, "cost", "CNY"): 5}
    pull = figures.link(world, link.ad_account, kind="json", rank=10)
    deliver_rows(world, pull, [record(cost=7)])
    assert money() == 7


def test_a_link_between_two_campaigns_is_refused(world, link, placement):
    deliver_rows(world, link, [record(cost=5)])
    elsewhere = factories.campaign(world.workspace, world.owner)
    with pytest.raises(Invalid):
        acts.link_objects(world.actor, choices=[(found(), elsewhere, placement, None, None)])


def test_another_counting_level_or_channel_moves_the_roll_up(world, link, placement):
    deliver_rows(world, link, [record(cost=5)])
    deliver_rows(world, link, [record("All", level="account", cost=6)], level="account")
    assert money(campaign=False) == 5
    account = update_ad_account(world.actor, ad_account=link.ad_account, counting_level="account")
    assert money(campaign=False) == 6
    acts.link_objects(world.actor, choices=[(found("All"), world.campaign, placement, None, None)])
    social = factories.channel(world.workspace, "social")
    update_placement(world.actor, placement=placement, channel=social)
    assert set(DailyMetric.objects.filter(ad_account=account).values_list("channel__code", flat=True)) == {"social"}


def test_lists_of_open_objects_and_suggestions(world, link, owner, assert_budget):
    factories.placement(world.campaign, name="Spring sale")
    rows = [record("Spring sales", cost=5), record("Autumn", cost=6), record("Old", day=date(2026, 10, 1), cost=1)]
    deliver_rows(world, link, rows)
    acts.link_objects(world.actor, choices=[(found("Old"), world.campaign, None, None, None)])
    with assert_budget("api:external-objects-list"):
        listed = owner.get(f"{API}/external-objects/?linked=false").json()["results"]
    assert {row["name"] for row in listed} == {"Spring sales", "Autumn"}
    (linked,) = owner.get(f"{API}/external-objects/?campaign={world.campaign.code}").json()["results"]
    assert (linked["name"], linked["links"][0]["how"]) == ("Old", "manual")
    with assert_budget("api:match-suggestions-list"):
        suggested = owner.get(f"{API}/match-suggestions/").json()["results"]
    best = {row["object"]["name"]: row["suggestions"] for row in suggested}
    assert best["Spring sales"][0]["score"] > 60 and best["Spring sales"][0]["reason"]
    with assert_budget("analytics:unassigned"):
        page = owner.get(f"{world.w}/data/unassigned/").content.decode()
    assert "Spring sales" in page and "Spring sale" in page and "11.00" in page
    with assert_budget("analytics:matched"):
        assert "Old" in owner.get(f"{world.w}/data/unassigned/matched/").content.decode()


def test_strangers_and_viewers(world, link, placement, stranger, viewer, other, owner):
    deliver_rows(world, link, [record(cost=5)])
    key = found().pk
    assert stranger.get(f"{API}/external-objects/{key}/").status_code == 404
    assert stranger.get(f"{world.w}/data/unassigned/").status_code == 404
    assert owner.get(f"{API}/external-objects/{key}/").status_code == 200
    assert (
        post(viewer, "/object-links/", {"links": [{"object": key, "placement": str(placement.pk)}]}).status_code == 403
    )
    theirs = {"object": key, "campaign": other.campaign.code}
    assert post(owner, "/object-links/", {"links": [theirs]}).status_code == 400
    assert post(stranger, "/object-links/", {"links": [theirs]}).status_code == 400
    with pytest.raises(Denied):
        person = factories.actor_of(factories.member(world.workspace, role="viewer"), world.workspace)
        acts.link_objects(person, choices=[(found(), world.campaign, None, None, None)])


@pytest.mark.parametrize("words", ["D11-SEM-01", "search BRAND words", "d11-2026 / D11-SEM-01 · Search brand words"])
def test_a_code_or_a_name_is_enough_where_only_one_has_it(world, link, placement, owner, words):
    words = words.replace("d11-2026", world.campaign.code)
    deliver_rows(world, link, [record(cost=5)])
    sent = owner.post(f"{world.w}/data/unassigned/link/?q=spr", {"object": [found().pk], "all_to": words})
    assert (sent.status_code, sent["Location"]) == (302, f"{world.w}/data/unassigned/?q=spr")
    assert ObjectLink.objects.get().placement == placement


def test_an_object_beyond_the_thousandth_is_named_as_it_is_sent(world, link, placement, owner):
    base = {"workspace": world.workspace, "account_link": link, "level": "campaign"}
    ExternalObject.objects.create(**base, id=1_234_567, external_id="SPRING", name="Spring")
    deliver_rows(world, link, [record(cost=5)])
    page = owner.get(f"{world.w}/data/unassigned/").content.decode()
    assert 'name="object" value="1234567"' in page and 'name="to_1234567"' in page


@pytest.mark.parametrize("words", ["Search brand", "Search brand words", ""])
def test_what_is_not_clear_is_refused_and_nothing_typed_is_lost(world, link, placement, owner, words):
    factories.placement(world.campaign, code="D11-SEM-02", name="Search brand words")
    deliver_rows(world, link, [record(cost=5), record("Autumn", cost=1), record("Winter", cost=1)])
    spring, autumn, winter = (found(name).pk for name in ("Spring", "Autumn", "Winter"))
    given = {"object": [spring, autumn], f"to_{spring}": words, f"to_{autumn}": "D11-SEM-01", f"to_{winter}": "later"}
    sent = owner.post(f"{world.w}/data/unassigned/link/", given)
    page = sent.content.decode()
    assert sent.status_code == 422 and not ObjectLink.objects.exists()
    assert "Choose a placement or campaign for: Spring." in page
    for key, value, is_chosen in ((spring, words, True), (autumn, "D11-SEM-01", True), (winter, "later", False)):
        assert f'name="to_{key}" value="{value}"' in page
        assert (f'name="object" value="{key}" checked' in page) is is_chosen
