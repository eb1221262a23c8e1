"""Rules of assets on plain values: stages, standards, rights, codes, days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.choices import AssetKind, Stage
from assets.rules import codes, rights, schedule, stages, standards, texts, types
from core.errors import Invalid, RuleBroken
from tasks.schedule.calendars import country_calendar

ALL = set(stages.GUARDS)
AT_ANY_PACE = settings(deadline=None)


# --- stages ---------------------------------------------------------------------------------------------------------


def test_the_way_of_an_asset_from_topic_to_retired():
    way = [Stage.TOPIC, Stage.CREATION, Stage.EDITING, Stage.PROOFREADING, Stage.REVIEW, Stage.APPROVED, Stage.IN_USE]
    way.append(Stage.RETIRED)
    for before, after in pairwise(way):
        stages.check_move(before, after, met=ALL, by_review=True)


@pytest.mark.parametrize("target", [Stage.REVIEW, Stage.APPROVED])
def test_review_and_approval_are_reached_by_a_review_alone(target):
    for source in Stage:
        with pytest.raises(RuleBroken) as refused:
            stages.check_move(source, target, met=ALL)
        assert refused.value.code in ("review_only", "wrong_stage")


def test_nothing_leaves_a_review_by_hand():
    assert not stages.open_to(Stage.REVIEW)


@pytest.mark.parametrize(
    ("source", "target", "guard"),
    [
        ("topic", "creation", "maker_set"),
        ("creation", "editing", "version_set"),
        ("editing", "proofreading", "within_standard"),
        ("editing", "proofreading", "checked"),
        ("proofreading", "review", "rights_hold"),
        ("approved", "in_use", "rights_hold"),
    ],
)
def test_each_guard_refuses_alone(source, target, guard):
    stages.check_move(source, target, met=ALL, by_review=True)
    with pytest.raises(RuleBroken) as refused:
        stages.check_move(source, target, met=ALL - {guard}, by_review=True)
    assert refused.value.code == guard


STATES = st.lists(st.sampled_from(list(rights.TONES)))


@AT_ANY_PACE
@given(st.booleans(), st.integers(0, 3), st.booleans(), st.integers(0, 2), STATES)
def test_guards_hold_exactly_when_their_facts_do(has_maker, number, is_checked, blocks, states):
    met = stages.guards_met(has_maker=has_maker, number=number, is_checked=is_checked, blocks=blocks, rights=states)
    assert ("maker_set" in met) == has_maker
    assert ("version_set" in met) == (number > 0)
    assert ("within_standard" in met) == (blocks == 0)
    assert ("rights_hold" in met) == (not {"expired", "not_yet"} & set(states))


def test_new_bytes_void_an_approval():
    assert stages.after_version("approved") == stages.after_version("in_use") == "editing"
    assert stages.after_version("topic") == "creation"
    assert stages.after_version("proofreading") == "proofreading"
    for closed in ("review", "retired"):
        with pytest.raises(RuleBroken):
            stages.after_version(closed)


# --- standards ------------------------------------------------------------------------------------------------------

sizes = st.integers(1, 10_000)


def sentences(kind, demands, measures):
    return [standards.sentence(one) for one in standards.findings(kind, standards.clean(kind, demands), measures)]


def test_the_finding_of_a_wrong_size_says_both():
    found = sentences("image", {"width": 1080, "height": 1080}, {"width": 1200, "height": 627})
    assert found == ["1200×627, needs 1080×1080"]


@AT_ANY_PACE
@given(sizes, sizes, sizes, sizes)
def test_pixels_are_found_exactly_when_they_differ(width, height, wide, high):
    found = standards.findings("image", {"width": wide, "height": high}, {"width": width, "height": height})
    assert bool(found) == ((width, height) != (wide, high))


@AT_ANY_PACE
@given(st.integers(0, 10_000_000), st.integers(1, 10_000_000))
def test_weight_is_found_exactly_above_the_limit(weight, limit):
    assert bool(standards.findings("image", {"max_kb": limit}, {"kb": weight})) == (weight > limit)


@AT_ANY_PACE
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 200))
def test_a_ratio_holds_at_every_scale(across, down, scale):
    demands = standards.clean("video", {"ratio": f"{across}:{down}"})
    assert not standards.findings("video", demands, {"width": across * scale, "height": down * scale})


@AT_ANY_PACE
@given(st.text(max_size=300))
def test_characters_are_counted_without_line_ends(text):
    measures = texts.measured(texts.kept(text))
    assert measures["characters"] == len(texts.kept(text).replace("\n", ""))
    found = standards.findings("copy", {"max_characters": 30}, measures)
    assert bool(found) == (measures["characters"] > 30)


@pytest.mark.parametrize(
    ("kind", "demands", "measures", "sentence"),
    [
        ("image", {"max_kb": 500}, {"kb": 612}, "612 KB, at most 500 KB"),
        ("image", {"formats": ["png", "jpeg"]}, {"type": "gif"}, "GIF, needs PNG, JPEG"),
        ("video", {"max_seconds": 15}, {"seconds": 20.4}, "20.4 s, at most 15 s"),
        ("video", {"codecs": ["h264"]}, {"codec": "h265"}, "H.265, needs H.264"),
        ("video", {"ratio": "9:16"}, {"width": 1920, "height": 1080}, "1920×1080, needs 9:16"),
        ("copy", {"max_characters": 30}, {"characters": 31}, "31 characters, at most 30 characters"),
        ("edm", {"min_width": 600, "max_width": 640}, {"width": 700}, "700 px wide, needs 600 to 640 px"),
        ("edm", {"opt_out": True}, {"opt_out": False}, "It has no opt-out link."),
        ("h5", {"tracking": True}, {"tracking": []}, "No tracking code was found."),
        ("h5", {"max_load_kb": 2000}, {"load_kb": 3000}, "3,000 KB load, at most 2,000 KB load"),
        ("image", {}, {"problem": "too_many_pixels"}, "The picture has more than 50 million pixels and is not opened."),
    ],
)
def test_findings_in_words(kind, demands, measures, sentence):
    assert sentences(kind, demands, measures) == [sentence]


def test_a_second_of_rounding_is_no_finding():
    assert not standards.findings("video", {"max_seconds": 15}, {"seconds": 15.1})


def test_every_code_has_words():
    codes_of = {"pixels", "ratio", "layout_width"} | set(standards._SENTENCES) | set(standards.PROBLEMS)
    assert {f"no_{code}" for code in standards.FLAGS} <= codes_of


@pytest.mark.parametrize(
    ("kind", "demands", "field"),
    [
        ("image", {"width": 0}, "width"),
        ("image", {"width": True}, "width"),
        ("image", {"width": "wide"}, "width"),
        ("image", {"max_seconds": 5}, "max_seconds"),
        ("video", {"ratio": "wide"}, "ratio"),
        ("video", {"codecs": ["divx"]}, "codecs"),
        ("video", {"min_seconds": 20, "max_seconds": 10}, "max_seconds"),
        ("h5", {"form": "yes"}, "form"),
    ],
)
def test_demands_that_mean_nothing_are_refused(kind, demands, field):
    with pytest.raises(Invalid) as refused:
        standards.clean(kind, demands)
    assert field in refused.value.errors


def test_demands_in_one_line():
    demands = {"width": 1080, "height": 1080, "max_kb": 500, "formats": ["png", "jpeg"]}
    assert standards.said(demands) == "1080 × 1080 px · ≤ 500 KB · PNG, JPEG"
    assert standards.said({"min_seconds": 5, "max_seconds": 15, "codecs": ["h264"]}) == "5–15 s · H.264"
    assert standards.said({}) == ""


@pytest.mark.parametrize("kind", AssetKind.values)
def test_every_kind_knows_its_demands(kind):
    assert standards.DEMANDS[kind]


# --- rights, codes, days, types -------------------------------------------------------------------------------------

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("start", "finish", "state"),
    [
        (None, None, "valid"),
        (None, TODAY, "expiring"),
        (None, TODAY - timedelta(1), "expired"),
        (TODAY + timedelta(1), None, "not_yet"),
        (TODAY, TODAY + timedelta(15), "valid"),
        (TODAY, TODAY + timedelta(14), "expiring"),
    ],
)
def test_the_state_of_a_right(start, finish, state):
    assert rights.state_of(start, finish, today=TODAY) == state


@AT_ANY_PACE
@given(st.text(max_size=80), st.sampled_from(AssetKind.values), st.lists(st.text(max_size=20), max_size=5))
def test_a_suggested_code_is_clean_and_free(title, kind, taken):
    code = codes.suggest(title, kind, taken=taken)
    assert codes.clean(code) == code
    assert code not in {each.upper() for each in taken}


CHINA = country_calendar("CN")


@AT_ANY_PACE
@given(st.dates(date(2025, 1, 1), date(2026, 10, 1)), st.integers(1, 30))
def test_the_day_lies_as_many_working_days_ahead(flight, lead):
    day = schedule.submit_by(None, lead, flight, CHINA)
    assert day < flight and CHINA.is_working(day)
    worked = [n for n in range((flight - day).days) if CHINA.is_working(day + timedelta(n))]
    assert len(worked) == lead


def test_a_stated_day_holds_where_no_flight_is_known():
    assert schedule.submit_by(TODAY, None, date(2026, 11, 30), CHINA) == TODAY
    assert schedule.submit_by(TODAY, 5, None, CHINA) == TODAY
    assert schedule.submit_by(TODAY, 0, date(2026, 11, 30), CHINA) == date(2026, 11, 30)
    assert schedule.submit_by(None, 5, None, CHINA) is None


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PNG\r\n\x1a\n0000", "png"),
        (b"GIF89a/*", "gif"),
        (b"\x00\x00\x00\x18ftypmp42", "mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "mov"),
        (b"%PDF-1.7", "pdf"),
        (b"PK\x03\x04..word/document.xml", "docx"),
        (b"<?xml version='1.0'?><svg xmlns='x'>", "svg"),
        (b"  <!DOCTYPE html><p>", "html"),
        (b"plain words", "text"),
        (b"\x00\x01\x02", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head, name):
    assert types.sniff(head) == name
