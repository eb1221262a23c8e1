"""How far the goals of a tree are: KPIs first, then every goal from its children, by its own way of rolling up."""

from dataclasses import dataclass
from decimal import Decimal

from campaigns.rules import goals
from campaigns.rules.plan import in_tree_order


@dataclass(frozen=True)
class Standing:
    """How a KPI stands: its figure so far, the share of the way done and expected (0 … 1), its state."""

    actual: Decimal | None
    done: Decimal | None
    expected: Decimal | None
    state: str


def standing(kpi, actual, expected):
    """The Standing of a KPI (baseline_value, target_value, direction) with this figure at this expectation."""
    done = goals.progress(kpi.baseline_value, kpi.target_value, actual, kpi.direction)
    return Standing(actual, done, expected, goals.state(done, _expected(kpi, expected)))


def _expected(kpi, expected):
    """What is to be kept, or to stay low from the first day on, is judged by the whole target at any time."""
    return expected if kpi.direction == "increase" else None


def expected_by_time(start, finish, today):
    """The share of a period that is over on a day: what is expected of a KPI without a plan per day."""
    whole = (finish - start).days + 1
    gone = min(max((today - start).days + 1, 0), whole)
    return (Decimal(gone) / whole).quantize(Decimal("0.0001"))


def rolled_up(rows, kpis, standings):
    """`{goal id: Standing}`: each goal of `rows` from its KPIs and the goals below it, in its own way.

    `kpis` are the KPIs of these goals, `standings` is {kpi id: Standing}. A goal's state is the worst of what it
    holds, as its mean may hide a KPI that is off track.
    """
    found = {}
    ordered = in_tree_order(rows)
    for _depth, goal in reversed(ordered):
        below = [row for _d, row in ordered if row.parent_id == goal.pk]
        leaves = [kpi for kpi in kpis if kpi.goal_id == goal.pk]
        parts = [_part_of_kpi(kpi, standings[kpi.pk]) for kpi in leaves]
        parts += [goals.Part(done=found[row.pk].done, weight=row.weight) for row in below]
        states = [standings[kpi.pk].state for kpi in leaves] + [found[row.pk].state for row in below]
        total = goals.roll_up(parts, goal.roll_up)
        found[goal.pk] = Standing(None, total.done, None, worst(states))
    return found


def worst(states):
    """off_track before at_risk before on_track; no_data only when nothing else is known."""
    for state in (goals.OFF_TRACK, goals.AT_RISK, goals.ON_TRACK):
        if state in states:
            return state
    return goals.NO_DATA


def _part_of_kpi(kpi, at):
    return goals.Part(at.done, kpi.weight, kpi.baseline_value, kpi.target_value, at.actual)
