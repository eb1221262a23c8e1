"""Places on the strip of time, weeks, and a sentence for every act."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from overview.rules.timeline import Span, lanes, span_of, week_of, words_width
from overview.rules.verbs import APPS, SENTENCES, spoken

ROOT = Path(__file__).parents[2]
START, FINISH = date(2026, 11, 1), date(2026, 11, 30)


def test_days_lie_in_percent_of_the_strip():
    span = Span(START, FINISH)
    assert (span.at(START), span.at(date(2026, 11, 16)), span.at(date(2027, 1, 1))) == ("0.00", "50.00", "100.00")
    assert span.width(START, FINISH) == "100.00"
    assert span.width(date(2026, 10, 1), date(2026, 11, 3)) == "10.00"
    assert Span(START, date(2036, 1, 1)).width(START, START) == "0.80"  # one day can still be seen


def test_the_strip_holds_what_lies_outside_the_campaign():
    assert span_of(START, FINISH, [(date(2026, 10, 20), START)]) == Span(date(2026, 10, 20), FINISH)


def test_the_axis_has_few_days():
    assert len(Span(START, FINISH).ticks()) == 6
    assert len(Span(START, START).ticks()) == 1
    assert len(Span(START, date(2030, 1, 1)).ticks()) <= 6


@pytest.mark.parametrize(
    ("today", "week"),
    [(date(2026, 10, 31), 0), (START, 1), (date(2026, 11, 8), 2), (FINISH, 5), (date(2027, 3, 1), 5)],
)
def test_weeks(today, week):
    assert week_of(START, FINISH, today) == (week, 5)


def test_a_sentence_has_a_place_for_the_thing():
    for verb, words in SENTENCES.items():
        assert str(words).count("%(thing)s") == 1, verb
        assert verb.partition(".")[0] in APPS
    assert spoken("campaigns.goal_created", "Grow") == "set the goal Grow"
    assert spoken("gone.verb", "Grow") == "changed Grow"


def test_every_recorded_verb_has_a_sentence():
    verbs = set(recorded_verbs(ROOT))
    assert len(verbs) > 60
    assert not sorted(verbs - set(SENTENCES))
    assert not sorted(set(SENTENCES) - verbs), "sentences of acts that nobody does"


def recorded_verbs(root):
    """Every verb written to the logbook: literals, and for `f"app.{verb}"` the values given in that app's actions."""
    for app in APPS:
        paths = [*(root / app).glob("actions.py"), *(root / app).glob("actions/**/*.py"), *(root / app).glob("jobs.py")]
        for path in paths:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            jobs = {id(arg) for node in ast.walk(tree) if is_about_jobs(node) for arg in node.args}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in jobs:
                    yield from whole(app, node.value)


def is_about_jobs(node):
    """Names of background jobs look like verbs."""
    names = ("enqueue", "job", "periodic", "claim", "fail_point", "failpoint", "reached")
    return isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names


def whole(app, text):
    """The verb a string literal is: written out, or the part after the app's name."""
    if re.fullmatch(rf"{app}\.[a-z_]+_[a-z]+", text):
        yield text
    elif re.fullmatch(r"[a-z_]+_(archived|restored)", text):
        yield f"{app}.{text}"


def test_marks_close_together_stand_on_lines_of_their_own():
    assert lanes([(10, 20), (15, 20), (40, 10), (95, 20)]) == [(0, False), (1, False), (0, False), (0, True)]
    assert words_width("双11预售") > words_width("Double")
