"""Matching of platform objects to placements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import matching, names
from analytics.rules.matching import Found, Place

BRAND = Place(
    "p1",
    "P-001",
    "D11 Baidu Brand 20261101",
    frozenset({"881"}),
    "d11_brand",
    "v1",
    ("D11", "baidu", "brand"),
    "bd",
    "sem",
)
GENERIC = Place(
    "p2",
    "P-002",
    "D11 Baidu Generic 20261101",
    frozenset({"882"}),
    "d11_generic",
    "",
    ("D11", "baidu", "generic"),
    "bd",
    "sem",
)
FEED = Place(
    "p3", "P-003", "双十一 抖音 信息流", frozenset({"990", "991"}), "d11_feed", "a", ("双十一", "抖音"), "oe", "social"
)
FEED_B = Place("p4", "P-004", "双十一 抖音 搜索", frozenset(), "d11_feed", "b", ("双十一", "巨量"), "oe", "social")
ALL = [BRAND, GENERIC, FEED, FEED_B]


def found(name="Something else", **more):
    return Found(**({"key": "o", "level": "campaign", "external_id": "1", "name": name} | more))


def one(obj, places=ALL, remembered=None):
    return matching.match([obj], places, remembered)[0]


@pytest.mark.parametrize(
    ("obj", "how", "placement"),
    [
        (found(external_id="881"), "external_id", "p1"),
        (found(external_id="991"), "external_id", "p3"),
        (found(utm={"campaign": "D11_Brand "}), "utm", "p1"),
        (found(utm={"utm_campaign": "d11_feed", "utm_content": "B"}), "utm", "p4"),
        (found(utm={"campaign": "d11_generic", "content": "anything"}), "utm", "p2"),
        (found("2026_p-002_cpc"), "name", "p2"),
        (found("Ad 7", parents=("Group", "P 003 抖音")), "name", "p3"),
        (found("d11＿BAIDU-brand｜2026-11-01"), "name", "p1"),
        (found("D11|Baidu|generic|mobile"), "name", "p2"),
        (found("双十一抖音达人通投"), "name", "p3"),
    ],
)
def test_who_belongs_where(obj, how, placement):
    decided = one(obj)
    assert (decided.how, decided.placement) == (how, placement)
    assert decided.reason and decided.is_decided and not decided.suggestions


def test_the_order_of_rules_is_id_utm_name_remembered():
    obj = found("P-003", external_id="881", utm={"campaign": "d11_generic"})
    assert one(obj).placement == "p1"
    assert one(found("P-003", utm={"campaign": "d11_generic"})).placement == "p2"
    remembered = {matching.memory_key(found("P-003")): "p4"}
    assert one(found("P-003"), remembered=remembered).placement == "p3"
    assert one(found("P-001", parents=("P-002",))).placement == "p1"


def test_a_choice_is_remembered():
    obj = found("odd name", account="bd")
    decided = one(obj, remembered={matching.memory_key(obj): "p2"})
    assert (decided.how, decided.placement) == ("remembered", "p2")
    nameless = found("Odd  NAME", external_id="", account="bd")
    assert matching.memory_key(nameless) == ("bd", "campaign", "odd name")


def test_a_choice_for_a_placement_that_is_gone_is_not_used():
    obj = found("odd name")
    assert not one(obj, remembered={matching.memory_key(obj): "gone"}).is_decided


@pytest.mark.parametrize(
    "obj",
    [
        found(utm={"campaign": "d11_feed"}),
        found("P-001 and P-002"),
        found("D11 baidu brand generic"),
    ],
)
def test_two_that_fit_are_only_suggested(obj):
    open_ = one(obj)
    assert not open_.is_decided and open_.placement is None
    assert len(open_.suggestions) == 2
    assert all("2 placements" in suggestion.reason for suggestion in open_.suggestions)


def test_a_remembered_choice_settles_two_that_fit():
    obj = found(utm={"campaign": "d11_feed"})
    assert one(obj, remembered={matching.memory_key(obj): "p4"}).placement == "p4"
    assert not one(obj, remembered={matching.memory_key(obj): "p1"}).is_decided


def test_two_placements_with_one_platform_id_are_not_decided_between():
    twin = Place("p9", "P-009", "Twin", frozenset({"881"}))
    assert {s.placement for s in one(found(external_id="881"), [*ALL, twin]).suggestions} == {"p1", "p9"}


def test_an_other_ad_account_never_fits():
    assert not one(found(external_id="881", account="oe")).is_decided
    assert one(found(external_id="881", account="bd")).placement == "p1"


def test_similar_names_are_suggested_with_reason_best_first():
    open_ = one(found("d11-baidu-brnd-20261109", account="bd", channel="sem"))
    best = open_.suggestions[0]
    assert best.placement == "p1"
    assert 80 <= best.score <= 99
    assert "alike" in best.reason and "same channel" in best.reason and "same ad account" in best.reason
    assert [s.score for s in open_.suggestions] == sorted((s.score for s in open_.suggestions), reverse=True)


def test_the_same_name_with_another_date_is_a_suggestion_not_a_match():
    places = [Place("p1", "", "Brand Baidu 2026-11-01")]
    open_ = one(found("brand_baidu_20261111"), places)
    assert not open_.is_decided
    assert open_.suggestions[0].reason.startswith("Same name but for the date")


def test_nothing_alike_is_not_suggested():
    assert one(found("完全无关")).suggestions == ()
    assert one(found("")).suggestions == ()
    assert one(found("x"), []).suggestions == ()


def test_a_code_is_found_whole_only():
    assert not one(found("P-0012"), [Place("p1", "P-001", "zzz")]).is_decided
    assert not one(found("A1 campaign"), [Place("p1", "A1", "zzz")]).is_decided  # too short a code
    assert not one(found("nothing"), [Place("p1", "", "")]).is_decided


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ｄ１１＿Brand", ("d11", "brand")),
        ("D11-2026/11/1-x", ("d11", "20261101", "x")),
        ("2026年11月11日大促", ("20261111", "大促")),
        ("id 12026110112", ("id", "12026110112")),
        ("202611", ("202611",)),
        ("ÉTÉ.promo", ("été", "promo")),
        (None, ()),
    ],
)
def test_names_are_made_comparable(name, words):
    assert names.tokens(name) == words


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_between_none_and_all(one_name, other_name):
    score = names.likeness(names.tokens(one_name), names.tokens(other_name))
    assert 0 <= score <= 100
    words = names.tokens(one_name)
    if names.without_dates(words):
        assert names.likeness(words, words) == 100


OBJECTS = st.builds(
    found,
    st.lists(
        st.sampled_from(["D11", "baidu", "P-001", "P-002", "brand", "generic", "20261101", "双十一", "抖音"]),
        max_size=5,
    ).map("_".join),
    external_id=st.sampled_from(["", "1", "881", "990"]),
    utm=st.sampled_from([{}, {"campaign": "d11_feed"}, {"campaign": "d11_brand"}]),
    account=st.sampled_from([None, "bd", "oe"]),
)


@given(OBJECTS, st.permutations(ALL))
def test_the_order_of_placements_does_not_matter(obj, places):
    one_way, other_way = one(obj), one(obj, places)
    assert (one_way.how, one_way.placement) == (other_way.how, other_way.placement)
    assert {s.placement for s in one_way.suggestions} == {s.placement for s in other_way.suggestions}
    for suggestion in one_way.suggestions:
        assert 0 < suggestion.score <= 99 and suggestion.reason


def test_only_the_closest_placements_are_compared_letter_by_letter(monkeypatch):
    places = [Place(n, f"P-{n:04}", f"D11 channel{n % 9} group{n} unit") for n in range(400)]
    compared = []
    monkeypatch.setattr(names, "likeness", lambda one, other: compared.append(other) or 50)
    assert not one(found("d11 chanel3 unit"), places).is_decided
    assert 0 < len(compared) <= 2 * matching.CLOSEST
