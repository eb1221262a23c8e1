"""What a remark may point at, where it is in words, and how long a guest's link lives. No database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.choices import Shape
from assets.rules import guests, pins
from core.context import hidden
from core.errors import Invalid

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
shares = st.decimals(0, 1, places=6)
anything = st.none() | st.decimals(-2, 2, places=6)
counts = st.none() | st.integers(-5, 40)


def field_of(shape, known=None, **place):
    """The field at which a place is refused; "" where it is taken."""
    try:
        pins.place_of(shape, place, **(known or {}))
    except Invalid as error:
        return next(iter(error.errors))
    return ""


@given(shares, shares)
def test_every_point_of_the_picture_may_be_meant(x, y):
    place = pins.place_of(Shape.POINT, {"x": x, "y": y, "width": Decimal(1), "start": 3})
    assert place == {**dict.fromkeys(pins.PLACE), "x": x, "y": y}


@given(*[anything] * 4)
def test_a_box_that_is_taken_lies_inside_and_is_seen(x, y, width, height):
    given = {"x": x, "y": y, "width": width, "height": height}
    try:
        place = pins.place_of(Shape.BOX, given)
    except Invalid as error:
        assert set(error.errors) <= set(given)
        fits = None not in (x, y, width, height) and min(x, y) >= 0 and min(width, height) > 0
        assert not (fits and x + width <= 1 and y + height <= 1)
    else:
        assert 0 <= place["x"] < place["x"] + place["width"] <= 1
        assert 0 <= place["y"] < place["y"] + place["height"] <= 1


@given(st.text(max_size=30), counts, counts)
def test_a_range_that_is_taken_holds_words_of_the_text(text, start, end):
    try:
        place = pins.place_of(Shape.RANGE, {"start": start, "end": end}, text=text)
    except Invalid:
        assert start is None or end is None or not 0 <= start < end <= len(text)
    else:
        assert text[place["start"] : place["end"]]


@given(shapes=st.sampled_from(Shape.values), place=st.fixed_dictionaries(dict.fromkeys(pins.PLACE, anything)))
def test_nothing_is_kept_of_what_the_shape_does_not_have(shapes, place):
    whole = {name: None if place[name] is None else int(place[name]) for name in ("page", "start", "end")}
    try:
        kept = pins.place_of(shapes, {**place, **whole}, text="")
    except Invalid:
        return
    extra = set(pins.PLACE) - set(pins.NEEDS[shapes]) - {"page", "seconds"}
    assert not any(kept[name] for name in extra)


@pytest.mark.parametrize(
    ("known", "place", "field"),
    [
        ({"pages": 3}, {"page": 3}, ""),
        ({"pages": 3}, {"page": 4}, "page"),
        ({"pages": 3}, {"page": 0}, "page"),
        ({}, {"page": 40_000}, "page"),
        ({"length": 12.5}, {"seconds": Decimal("12.55")}, ""),  # a length is rounded
        ({"length": 12.5}, {"seconds": Decimal(13)}, "seconds"),
        ({}, {"seconds": Decimal(-1)}, "seconds"),
        ({}, {"seconds": Decimal(100_000)}, "seconds"),
        ({"length": 0.0}, {"seconds": Decimal(3)}, "seconds"),
    ],
)
def test_pages_and_seconds_are_those_there_are(known, place, field):
    assert field_of(Shape.WHOLE, known, **place) == field


def test_words_are_meant_by_words():
    assert field_of(Shape.POINT, {"text": "Warm"}, x=Decimal("0.5"), y=Decimal("0.5")) == "shape"
    assert field_of(Shape.POINT, x=Decimal("0.5")) == "y"
    assert field_of(Shape.RANGE, {"text": "Warm"}, start=0) == "end"


def test_a_remark_says_something():
    assert pins.check_remark(" Too dark.\r\nReally ") == "Too dark.\nReally"
    for text in ("", " \n", "x" * 4001):
        with pytest.raises(Invalid):
            pins.check_remark(text)


def test_where_it_is_in_words():
    place = dict.fromkeys(pins.PLACE) | {"page": 2, "seconds": Decimal("63.46"), "x": Decimal("0.274"), "y": Decimal(1)}
    assert pins.said(place) == "page 2 · 1:03.5 · 27% from the left, 100% from the top"
    assert pins.said(dict.fromkeys(pins.PLACE)) == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"name": "  "}, "name"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + timedelta(days=91)}, "expires_at"),
        ({"password": "12345"}, "password"),
        ({"password": "123456"}, None),
    ],
)
def test_a_link_names_somebody_ends_and_is_not_guessed(changes, field):
    values = {"name": "Client", "expires_at": NOW + timedelta(days=90), "password": "", **changes}
    if field is None:
        return guests.check_link(**values, now=NOW)
    with pytest.raises(Invalid) as refused:
        guests.check_link(**values, now=NOW)
    assert list(refused.value.errors) == [field]


def test_the_state_of_a_link():
    assert guests.state(expires_at=NOW + timedelta(1), revoked_at=None, now=NOW) == "open"
    assert guests.state(expires_at=NOW, revoked_at=None, now=NOW) == "expired"
    assert guests.state(expires_at=NOW + timedelta(1), revoked_at=NOW, now=NOW) == "revoked"


def test_tokens_are_long_and_kept_as_hashes():
    tokens = {guests.new_token() for _number in range(100)}
    assert len(tokens) == 100 and min(map(len, tokens)) >= 43
    assert not tokens & {guests.token_hash(token) for token in tokens}


def test_a_secret_address_is_hidden_in_whatever_is_written_down():
    token = guests.new_token()
    assert hidden(f"Not Found: /g/{token}/pictures/1/") == "Not Found: /g/…/pictures/1/"
    assert hidden(f'File "x", GET http://host/g/{token}?a=1') == 'File "x", GET http://host/g/…?a=1'
    assert hidden("/w/lumen/goals/") == "/w/lumen/goals/"
