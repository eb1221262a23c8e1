"""Goal progress: how far each goal has come, against where it should be by now."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from analytics.charts import figure as base
from analytics.charts.theme import role
from core import text

FULL = Decimal(1)
FURTHEST = Decimal("1.5")  # beyond half as much again the bar no longer grows; the figure beside it does
STATES = {
    "on_track": ("ok", "●", gettext_lazy("On track")),
    "at_risk": ("warn", "◆", gettext_lazy("At risk")),
    "off_track": ("bad", "■", gettext_lazy("Off track")),
    "no_data": ("muted", "○", gettext_lazy("No data")),
}


class GoalBar(NamedTuple):
    """A goal or KPI: `progress` and `expected` are shares of the way (1: reached), None where unknown; `actual` and
    `target` are in the metric's unit, written by `scale`."""

    name: str
    progress: Decimal | None
    expected: Decimal | None
    state: str
    actual: Decimal | None = None
    target: Decimal | None = None
    scale: base.Scale = base.Scale()
    url: str = ""


def goal_progress(goals):
    """A bullet for each goal: the way to its target, how far it has come, and a mark where it should be today."""
    goals = list(goals)
    furthest = [FURTHEST, *[_drawn(goal.progress) for goal in goals]]
    layout = base.row_layout([goal.name for goal in goals], furthest, Decimal("1.4")) | {"barmode": "overlay"}
    data = [_way(goals), _come(goals), *_expected_marks(goals), _words(goals)] if goals else []
    return base.finish("goals", data, layout, _table(goals), _summary(goals))


def _drawn(progress):
    """The length of a bar, a share between -0.5 and 1.5."""
    return Decimal(0) if progress is None else max(min(progress, FURTHEST), FULL - FURTHEST)


def _way(goals):
    return _bar(goals, [FULL] * len(goals), 0.62, role("band")) | {"hoverinfo": "skip"}


def _come(goals):
    """The thinner bar of what is reached, in the colour of its state."""
    colours = [role(_state(goal)[0]) for goal in goals]
    bar = _bar(goals, [_drawn(goal.progress) for goal in goals], 0.34, colours)
    return bar | {"hoverinfo": "skip"} | base.links([goal.url for goal in goals])


def _words(goals):
    """Share and state in words, beside the longest bar there may be."""
    said = _said_states()
    return {
        "type": "scatter",
        "mode": "text",
        "x": [FURTHEST + Decimal("0.02")] * len(goals),
        "y": list(range(len(goals))),
        "text": [f"{text.percent(goal.progress, 0)} {_state(goal)[1]} {said[goal.state]}" for goal in goals],
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _bar(goals, lengths, width, colour):
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(goals))),
        "x": lengths,
        "width": width,
        "marker": {"color": colour, "line": {"width": 0}},
    }


def _expected_marks(goals):
    places = [None if goal.expected is None else _drawn(goal.expected) for goal in goals]
    if all(place is None for place in places):
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": _("Expected by now"),
            "x": places,
            "y": list(range(len(goals))),
            "customdata": [text.percent(goal.expected, 0) for goal in goals],
            "hovertemplate": base.hover(),
            "marker": {"symbol": "line-ns-open", "size": 18, "color": role("ink"), "line": {"width": 2}},
        }
    ]


def _state(goal):
    return STATES.get(goal.state, STATES["no_data"])


def _said_states():
    """Each state in words: looked up once, not for each bar."""
    said = {state: str(words) for state, (_role, _shape, words) in STATES.items()}
    return defaultdict(lambda: said["no_data"], said)


def _table(goals):
    said = _said_states()
    head = [_("Goal"), _("Actual"), _("Target"), _("Progress"), _("Expected by now"), _("State")]
    rows = [
        [
            goal.name,
            goal.scale.full(goal.actual),
            goal.scale.full(goal.target),
            text.percent(goal.progress),
            text.percent(goal.expected),
            said[goal.state],
        ]
        for goal in goals
    ]
    return base.table_twin(head, rows)


def _summary(goals):
    counts = [(str(words), sum(_state(goal)[2] is words for goal in goals)) for _role, _shape, words in STATES.values()]
    return text.listed((f"{words} {count}" for words, count in counts if count), get_language())
