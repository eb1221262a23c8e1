"""project(): how the plan will end as things stand today."""

from tasks.schedule.bounds import hold_of
from tasks.schedule.passes import forward
from tasks.schedule.results import Projected
from tasks.schedule.rows import evenings


def project(plan, schedule, today):
    """{key: Projected}: the days items will have, given what has begun and ended, their progress, and today.

    What is finished keeps its actual days. What has begun keeps its actual start (its planned one, or today if that is
    earlier, when it has progress but no start); of its duration the share not done is still ahead, rounded up to whole
    working days and never before today. What has not begun starts no earlier than today, and otherwise as its links,
    constraints and pins say, counted from the days above; fixed items keep their day. Links do not hold up what has
    begun. In a plan made backwards nothing starts before its planned day. `schedule` is solve(plan).
    """
    net, items, state = schedule.state.net, plan.items, schedule.state
    now = net.axis.position(today)
    lower, holds, actual = list(state.bounds.lower), {}, {}
    for i, item in enumerate(items):
        if i in net.children:
            continue
        if item.actual_start or item.actual_finish or item.progress:
            actual[i] = _actual_days(net, i, item, schedule[item.key], today)
            start, finish = actual[i]
            holds[i] = (net.axis.position(start),) * 2 + (net.axis.after(finish),)
        elif item.is_fixed:
            holds[i] = state.bounds.holds[i]
        elif i in state.bounds.holds:
            holds[i] = hold_of(net, i, max(item.pinned_start, today))
        else:
            planned = state.is_backward or item.constraint == "alap"
            lower[i] = max(lower[i], now, state.positions[2 * i] if planned else now)
    for node in range(len(net.keys), net.size):
        lower[node] = min(lower[node], now)
    events = forward(net, lower, holds)
    return _rows(plan, schedule, events, lower, actual)


def _actual_days(net, i, item, row, today):
    """(start, finish) of what has begun or ended."""
    calendar = net.axis.calendar_of(item)
    start = item.actual_start or min(row.start, item.actual_finish or today)
    if item.actual_finish:
        return start, item.actual_finish
    if not item.duration:
        return start, start
    whole = calendar.add(start, item.duration - 1)
    if item.progress >= 100:
        return start, max(start, min(whole, today))
    left = -(-item.duration * (100 - item.progress) // 100)
    return start, max(whole, calendar.add(max(today, start), left - 1))


def _rows(plan, schedule, events, lower, actual):
    net, count = schedule.state.net, 2 * len(plan.items)
    if not count:
        return {}
    late = evenings(net, events, lower, schedule.state.bounds.evenings)
    low = min(events[:count]) - 1
    table = net.axis.days(low, max(events[:count]))  # the day that begins at each position
    days = [(table[events[at] - low], table[events[at + 1] - low - 1]) for at in range(0, count, 2)]
    for i in schedule.state.milestones:
        days[i] = (_moment(plan.items[i], table, events[2 * i] - low, i in late),) * 2
    for i, span in actual.items():
        days[i] = span
    for summary in net.summaries:  # the deepest first
        below = [days[child] for child in net.children[summary]]
        days[summary] = min(start for start, _finish in below), max(finish for _start, finish in below)
    planned = zip(plan.items, schedule.rows.values(), days, strict=True)
    return {item.key: Projected(item.key, *span, _delay(net, item, row, span[1])) for item, row, span in planned}


def _moment(item, table, place, is_evening):
    """The day of a milestone that has not been reached, read off its position."""
    if item.is_fixed:
        return item.pinned_start
    return table[place - 1 if is_evening else place]


def _delay(net, item, row, finish):
    """Working days between the planned finish and another one."""
    if finish == row.finish:
        return 0
    number = net.axis.calendar_of(item).number
    return number(finish) - number(row.finish)
