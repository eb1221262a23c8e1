"""Rules of the schedule on plain values: spreading and prices are exact, findings and figures are read as meant."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules import figures
from core.errors import Invalid, RuleBroken
from core.money import Money, minor_digits
from placements.choices import PlacementState
from placements.rules import names, plan, prices, spread, states

D = Decimal
NOV = date(2026, 11, 1)


def day(n):
    return date(2026, 11, n)


# --- spreading ------------------------------------------------------------------------------------------------------


@given(
    units=st.integers(0, 10**13),
    length=st.integers(1, 400),
    places=st.sampled_from([0, 2, 3]),
    mode=st.sampled_from(["even", "front"]),
)
def test_a_spread_adds_up_to_the_minor_unit(units, length, places, mode):
    total = D(units).scaleb(-places)
    days = [NOV + timedelta(days=n) for n in range(length)]
    parts = spread.spread(total, days, spread.weights_of(days, mode), places)
    assert sum(parts.values()) == total
    assert list(parts) == days
    assert all(part >= 0 and part == part.quantize(D(1).scaleb(-places)) for part in parts.values())


@given(
    units=st.integers(0, 10**9),
    length=st.integers(7, 60),
    weights=st.lists(st.decimals(0, 100, places=3), min_size=7, max_size=7),
)
def test_a_spread_by_weekdays_keeps_the_total_and_skips_days_without_weight(units, length, weights):
    days = [NOV + timedelta(days=n) for n in range(length)]
    if not any(weights):
        with pytest.raises(Invalid):
            spread.spread(D(units), days, spread.weights_of(days, "weekdays", weights), 0)
        return
    parts = spread.spread(D(units), days, spread.weights_of(days, "weekdays", weights), 0)
    assert sum(parts.values()) == units
    assert all(part == 0 for each, part in parts.items() if weights[each.weekday()] == 0)


def test_even_means_even_and_the_rest_goes_to_the_first_days():
    parts = spread.spread(D("100.00"), [day(1), day(2), day(3)], [D(1)] * 3, 2)
    assert parts == {day(1): D("33.34"), day(2): D("33.33"), day(3): D("33.33")}


def test_front_loaded_falls_from_day_to_day():
    parts = spread.spread(D(60), [day(1), day(2), day(3)], spread.weights_of([1, 2, 3], "front"), 0)
    assert list(parts.values()) == [30, 20, 10]


@pytest.mark.parametrize(
    ("total", "days", "code"), [(D("1.005"), [NOV], "total"), (D(-1), [NOV], "total"), (D(1), [], "no_days")]
)
def test_what_cannot_be_spread_is_refused(total, days, code):
    with pytest.raises(Invalid) as refused:
        spread.spread(total, days, [D(1)] * len(days), 2)
    assert refused.value.code == code


@pytest.mark.parametrize(("mode", "weekdays"), [("weekdays", [1, 2]), ("weekdays", [-1] * 7), ("sideways", [])])
def test_unknown_weights_are_refused(mode, weekdays):
    with pytest.raises(Invalid):
        spread.weights_of([NOV], mode, weekdays)


def test_days_of_overlapping_flights_count_once():
    assert spread.flight_days([(day(1), day(3)), (day(3), day(4))]) == [day(1), day(2), day(3), day(4)]


# --- prices ---------------------------------------------------------------------------------------------------------

AMOUNT = st.decimals(0, 10**9, places=2)
PERCENT = st.decimals(0, 100, places=3)


@given(AMOUNT, PERCENT, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_net_is_list_less_discount_rounded_once(list_price, discount, currency):
    net = prices.net_of(list_price, discount, currency)
    exact = list_price * (100 - discount) / 100
    assert abs(net - exact) <= D("0.5").scaleb(-minor_digits(currency))
    assert prices.settle(list_price, discount, None, currency) == (discount, net)
    assert prices.settle(list_price, discount, net, currency) == (discount, net)


@given(st.decimals("0.01", 10**9, places=2), st.data())
def test_a_discount_worked_out_leads_back_to_the_net_price(list_price, data):
    net = data.draw(st.decimals(0, list_price, places=2))
    discount, kept = prices.settle(list_price, None, net, "CNY")
    assert kept == net
    assert prices.settle(list_price, discount, net, "CNY") == (discount, net)


@given(AMOUNT, PERCENT, PERCENT)
def test_rebate_and_tax_are_shares_of_net(net, rebate, tax):
    price = prices.price_of(net, rebate, tax, "CNY")
    assert price.after_rebate + price.rebate == price.net == Money(net, "CNY")
    assert price.gross - price.tax == price.net
    assert abs(price.tax.amount - net * tax / 100) <= D("0.005")


def test_half_a_cent_goes_to_the_even_side():
    assert prices.net_of(D("0.50"), D(95), "CNY") == D("0.02")
    assert prices.net_of(D("0.50"), D(97), "CNY") == D("0.02")


def test_three_prices_that_disagree_are_refused():
    with pytest.raises(Invalid) as refused:
        prices.settle(D(1000), D(30), D(900), "CNY")
    assert "net_price" in refused.value.errors


def test_without_a_list_price_nothing_is_guessed():
    assert prices.settle(None, D(10), None, "CNY") == (D(10), None)
    assert prices.price_of(None, D(1), D(6), "CNY") is None


@pytest.mark.parametrize(
    ("amount", "currency", "fine"),
    [
        ("1.50", "CNY", True),
        ("1.505", "CNY", False),
        ("1.5", "JPY", False),
        ("-1", "CNY", False),
        ("1e14", "CNY", False),
    ],
)
def test_amounts_fit_their_currency(amount, currency, fine):
    assert (prices.amount_fault(D(amount), minor_digits(currency)) == "") is fine


def test_percentages_have_bounds():
    prices.check_percents({"discount": D(0), "rebate": D(100), "tax_rate": None})
    with pytest.raises(Invalid) as refused:
        prices.check_percents({"discount": D("100.001"), "rebate": D(-1)})
    assert set(refused.value.errors) == {"discount", "rebate"}


# --- plan per day ---------------------------------------------------------------------------------------------------


def codes(**values):
    values = {"flights": ((day(1), day(10)),), "period": (day(1), day(30)), "currency": "CNY", **values}
    amounts = values.get("amounts") or {}
    values.setdefault("days", tuple(amounts))
    return {one.code: one.is_block for one in plan.findings(plan.Plan(**values))}


def test_a_sound_plan_has_no_findings():
    assert codes(budget=D(30), daily_cap=D(20), amounts={day(1): D(10), day(10): D(20)}) == {}


@pytest.mark.parametrize(
    ("values", "code", "is_block"),
    [
        ({"flights": ()}, "no_flights", False),
        ({"flights": ((day(1), day(5)), (day(5), day(9)))}, "flights_overlap", True),
        ({"flights": ((day(1), date(2026, 12, 1)),)}, "flight_outside_campaign", False),
        ({"amounts": {day(11): D(5)}, "budget": D(5)}, "days_outside_flights", True),
        ({"amounts": {day(1): D(5)}, "budget": D(5), "daily_cap": D("4.99")}, "cap_exceeded", True),
        ({"amounts": {day(1): D(5), day(2): D("0.01")}, "budget": D(5)}, "over_budget", True),
        ({"amounts": {day(1): D(5)}, "budget": D("5.01")}, "under_budget", False),
        ({"amounts": {day(1): D(5)}}, "no_budget", False),
        ({"budget": D(5)}, "no_days", False),
    ],
)
def test_each_fault_is_found(values, code, is_block):
    assert codes(**values) == {code: is_block}


def test_quantities_outside_the_flights_are_found_too():
    assert codes(days=(day(20),)) == {"days_outside_flights": True}


# --- figures as people type them ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1,234.50", "1234.50"),
        ("¥1,234", "1234"),
        ("￥１，２３４", "1234"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("1.234,50", "1234.50"),
        ("12,5", "12.5"),
        (" 1 234 ", "1234"),
        ("US$99", "99"),
        ("-5", "-5"),
        (".5", "0.5"),
        ("0", "0"),
    ],
)
def test_figures_are_read(text, figure):
    assert figures.parse_figure(text) == D(figure)


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "--", None])
def test_an_empty_cell_clears(text):
    assert figures.parse_figure(text) is None


@pytest.mark.parametrize("text", ["abc", "1,23,4", "1.2.3", "12k", "=1+1", "1e5", "NaN", "Infinity", "٣", "9" * 41])
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(Invalid):
        figures.parse_figure(text)


# --- codes and links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "channel", "taken", "code"),
    [
        ("Brand keywords", "sem", [], "SEM-BRAND-KEYWORDS"),
        ("Brand keywords", "sem", ["sem-brand-keywords"], "SEM-BRAND-KEYWORDS-02"),
        ("开屏广告", "social", [], "SOCIAL-01"),
        ("开屏广告", "social", ["SOCIAL-01"], "SOCIAL-02"),
        ("", "owned_site", [], "OWNED-SITE-01"),
    ],
)
def test_codes_are_suggested(name, channel, taken, code):
    assert names.suggest_code(name, channel, taken=taken) == code
    assert names.clean_code(code) == code


@given(st.text(max_size=60), st.text(max_size=20))
def test_every_suggestion_is_a_code(name, channel):
    suggested = names.suggest_code(name, channel)
    assert names.clean_code(suggested) == suggested


@pytest.mark.parametrize("code", ["", "a b", "-A", "A--B", "中文", "A" * 41])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(Invalid):
        names.clean_code(code)


def test_links_carry_their_tags_once():
    tags = {"source": "baidu", "medium": "sem", "campaign": "D11-2026", "content": "SEM-01"}
    once = names.tagged_url("https://shop.example/p?id=3&utm_source=old&a=%E5%8F%8C", **tags)
    assert once == (
        "https://shop.example/p?id=3&a=%E5%8F%8C"
        "&utm_source=baidu&utm_medium=sem&utm_campaign=d11-2026&utm_content=sem-01"
    )
    assert names.tagged_url(once, **tags) == once
    assert names.tagged_url("", **tags) == ""


# --- states ---------------------------------------------------------------------------------------------------------

ALL = set(states.GUARDS)
ALLOWED = {
    "planned": {"booked", "cancelled"},
    "booked": {"ready", "planned", "cancelled"},
    "ready": {"live", "planned", "cancelled"},
    "live": {"paused", "ended", "cancelled"},
    "paused": {"live", "ended", "cancelled"},
    "ended": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", PlacementState.values)
@pytest.mark.parametrize("target", PlacementState.values)
def test_only_the_moves_of_the_model_exist(state, target):
    if target in ALLOWED[state]:
        states.check_move(state, target, met=ALL)
        assert target in {move.target for move in states.open_to(state)}
    else:
        with pytest.raises(RuleBroken) as refused:
            states.check_move(state, target, met=ALL)
        assert refused.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("state", "target", "guard"),
    [
        ("planned", "booked", "flights_set"),
        ("planned", "booked", "money_set"),
        ("booked", "ready", "plan_sound"),
        ("ready", "live", "not_rejected"),
        ("ready", "live", "plan_sound"),
        ("paused", "live", "not_rejected"),
        ("live", "paused", "reason_given"),
        ("planned", "cancelled", "reason_given"),
    ],
)
def test_each_guard_stands_in_the_way(state, target, guard):
    with pytest.raises(RuleBroken) as refused:
        states.check_move(state, target, met=ALL - {guard})
    assert refused.value.code == guard


def test_what_guards_look_at():
    held = states.guards_met(flights=1, money=True, blocks=0, statuses={"", "approved"}, reason="budget cut")
    assert held == ALL
    nothing = {"flights": 0, "money": False, "blocks": 1, "statuses": {"rejected"}, "reason": " "}
    assert states.guards_met(**nothing, unreleased=["Feed"]) == set()
