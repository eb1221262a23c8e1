"""Rules of goals and KPIs: what a KPI still lacks, how far it is, what that says about its state, rolling up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from campaigns.choices import Direction, MetricKind, RollUp

ON_TRACK = "on_track"
AT_RISK = "at_risk"
OFF_TRACK = "off_track"
NO_DATA = "no_data"

ON_TRACK_FROM = Decimal("0.95")  # share of the expected progress that counts as on track
AT_RISK_FROM = Decimal("0.80")  # below this share a KPI is off track
KEEP_TOLERANCE = Decimal("0.10")  # share of the target a kept value may lie beside it

_PLACES = Decimal("0.0001")
_ONE = Decimal(1)
_ZERO = Decimal(0)
_OF_ONE_CHANNEL = (MetricKind.UNIQUE, MetricKind.AVERAGE)


class Finding(NamedTuple):
    """One thing a goal or KPI lacks: a stable code and a sentence for the person."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Leaf:
    """A KPI as the lint sees it; empty values mean "not said". `metric` is a code or a formula, `owner` any value."""

    metric: str = ""
    unit: str = ""
    kind: str = MetricKind.ADDITIVE
    direction: str = ""
    baseline: Decimal | None = None
    baseline_source: str = ""
    baseline_date: date | None = None
    target: Decimal | None = None
    start_date: date | None = None
    finish_date: date | None = None
    owner: object = None
    channel: str = ""
    campaign_start: date | None = None
    campaign_finish: date | None = None


def lint(leaf):
    """What a KPI still lacks to be measurable, as Findings in the order of its form; none when it is complete."""
    return [Finding(*found) for check in _CHECKS for found in check(leaf)]


def lint_goal(*, kpis, children):
    """What a goal lacks: a wish with neither KPI nor goals below it cannot be measured."""
    if kpis or children:
        return []
    return [Finding("wish_without_kpi", _("This is a wish so far: add a KPI that shows whether it came true."))]


def _lacks_words(leaf):
    if not leaf.metric:
        yield "metric_missing", _("Say which metric or formula is measured.")
    if not leaf.unit:
        yield "unit_missing", _("Say in which unit it is measured.")
    if not leaf.direction:
        yield "direction_missing", _("Say whether the figure shall increase, decrease or be kept.")


def _lacks_baseline(leaf):
    if leaf.baseline is None:
        if leaf.direction != Direction.KEEP:
            yield "baseline_missing", _("Give the baseline: where the figure stands today.")
        return
    if not leaf.baseline_source:
        yield "baseline_source_missing", _("Name the source of the baseline.")
    if leaf.baseline_date is None:
        yield "baseline_date_missing", _("Give the date the baseline was read.")
    elif leaf.start_date and leaf.baseline_date > leaf.start_date:
        yield (
            "baseline_too_late",
            _("The baseline was read after the KPI's period began, so it contains part of the effect."),
        )


def _lacks_target(leaf):
    if leaf.target is None:
        yield "target_missing", _("Give the target.")
        return
    if leaf.baseline is None or leaf.direction not in (Direction.INCREASE, Direction.DECREASE):
        return
    if leaf.target == leaf.baseline:
        yield "target_is_baseline", _("The target equals the baseline: nothing would have to happen.")
    elif (leaf.target > leaf.baseline) != (leaf.direction == Direction.INCREASE):
        yield "direction_contradicts", _contradiction(leaf.direction)


def _contradiction(direction):
    if direction == Direction.INCREASE:
        return _("The figure shall increase, but the target lies below the baseline.")
    return _("The figure shall decrease, but the target lies above the baseline.")


def _lacks_period(leaf):
    if leaf.start_date is None or leaf.finish_date is None:
        yield "period_missing", _("Give the first and the last day of the period.")
        return
    if leaf.finish_date < leaf.start_date:
        yield "period_reversed", _("The period ends before it begins.")
    early = leaf.campaign_start and leaf.start_date < leaf.campaign_start
    late = leaf.campaign_finish and leaf.finish_date > leaf.campaign_finish
    if early or late:
        yield "period_outside_campaign", _("The period reaches beyond the campaign's dates.")


def _lacks_owner(leaf):
    if not leaf.owner:
        yield "owner_missing", _("Name the person who answers for it.")


def _lacks_channel(leaf):
    if leaf.kind in _OF_ONE_CHANNEL and not leaf.channel:
        yield (
            "channel_missing",
            _("Unique counts and averages of several channels cannot be added up: name the channel."),
        )


_CHECKS = (_lacks_words, _lacks_baseline, _lacks_target, _lacks_period, _lacks_owner, _lacks_channel)


def progress(baseline, target, actual, direction, *, tolerance=KEEP_TOLERANCE):
    """How much of the way from baseline to target is done: 0 nothing, 1 reached, above 1 beyond, below 0 backwards.

    None without actual or target. To decrease without a baseline is a ceiling: 1 while under it, then target / actual.
    To keep: 1 within `tolerance` of the target, falling to 0 at twice that distance.
    """
    if actual is None or target is None:
        return None
    if direction == Direction.KEEP:
        return _kept(target, actual, tolerance)
    if direction == Direction.DECREASE:
        if baseline is None:
            return _share(target, actual) if actual > target else _ONE
        return _way(baseline - target, baseline - actual)
    start = _ZERO if baseline is None else baseline
    return _way(target - start, actual - start)


def _way(whole, done):
    if whole <= 0:  # the target asks for nothing (the lint says so): it is reached or it is not
        return _ONE if done >= whole else _ZERO
    return _share(done, whole)


def _kept(target, actual, tolerance):
    allowed, distance = abs(target) * tolerance, abs(actual - target)
    if distance <= allowed:
        return _ONE
    return max(_ZERO, _share(2 * allowed - distance, allowed)) if allowed else _ZERO


def _share(part, whole):
    return (part / whole).quantize(_PLACES, ROUND_HALF_EVEN)


def bar_length(done):
    """Whole per cent of a bar's drawing, between 0 and 100. The number beside it is `done` itself, never cut off."""
    return int((min(max(done or _ZERO, _ZERO), _ONE) * 100).quantize(_ONE, ROUND_HALF_UP))


def expected_progress(on, daily_plan: Mapping):
    """The share of the target planned up to and with day `on`; None when nothing is planned.

    `daily_plan`: {date: Decimal}, what each day shall bring.
    """
    total = sum(daily_plan.values(), _ZERO)
    if not total:
        return None
    return _share(sum((value for day, value in daily_plan.items() if day <= on), _ZERO), total)


def state(done, expected=_ONE):
    """on_track, at_risk, off_track or no_data, from the progress made and the progress expected by now."""
    if done is None:
        return NO_DATA
    expected = _ONE if expected is None else expected
    if done >= expected * ON_TRACK_FROM:
        return ON_TRACK
    return AT_RISK if done >= expected * AT_RISK_FROM else OFF_TRACK


class Part(NamedTuple):
    """One child of a roll-up: a KPI's figures and progress; for a goal only `done` is known."""

    done: Decimal | None = None
    weight: Decimal = _ONE
    baseline: Decimal | None = None
    target: Decimal | None = None
    actual: Decimal | None = None


class Total(NamedTuple):
    """What the children of a goal come to: progress (None without data), how many had data, how many had not."""

    done: Decimal | None
    counted: int
    missing: int


def roll_up(parts, how):
    """The Total of a goal's children by sum of their figures, mean, weighted mean; none rolls up nothing.

    A child without data stays out and is counted as missing; in a sum its target still has to be reached.
    """
    parts = list(parts)
    if how == RollUp.NONE:
        return Total(None, 0, 0)
    if how == RollUp.SUM:
        return _summed([part for part in parts if part.target is not None], len(parts))
    known = [part for part in parts if part.done is not None]
    weights = [part.weight if how == RollUp.WEIGHTED else _ONE for part in known]
    weight = sum(weights, _ZERO)
    whole = sum((part.done * share for part, share in zip(known, weights, strict=True)), _ZERO)
    return Total(_share(whole, weight) if weight else None, len(known), len(parts) - len(known))


def _summed(parts, of):
    known = [part for part in parts if part.actual is not None]
    whole = sum((part.target - (part.baseline or _ZERO) for part in parts), _ZERO)
    done = sum((part.actual - (part.baseline or _ZERO) for part in known), _ZERO)
    return Total(_share(done, whole) if known and whole else None, len(known), of - len(known))
