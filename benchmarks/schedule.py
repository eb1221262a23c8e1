"""The schedule engine on 10,000 tasks: solving, and the cascade of a move. No database is asked."""

import random
from datetime import date

from benchmarks.measure import cpu_ms, emit
from tasks.schedule import Item, Link, Plan, move, solve
from tasks.schedule.calendars import country_calendar

TASKS, PHASES = 10_000, 20
BAR = "<= 50"


def measure(world, options):
    """Solve with all floats and days, then move an early task with everything behind it."""
    runs = 5 if options.quick else 15
    plan = plan_of(TASKS)
    bare = cpu_ms(lambda: bare_passes(plan), runs)
    emit(f"schedule: solve {TASKS:,} tasks", cpu_ms(lambda: solve(plan).rows, runs), "CPU-ms", BAR, bare)
    schedule = solve(plan)
    behind = move(plan, schedule, 0, start=date(2026, 2, 2), buffer="use").changes
    for buffer in ("keep", "use", "ignore"):

        def once(buffer=buffer):
            move(plan, schedule, 0, start=date(2026, 2, 2), buffer=buffer)

        figure = f"schedule: move in {TASKS:,} tasks, gaps: {buffer} ({len(behind):,} behind it)"
        emit(figure, cpu_ms(once, runs), "CPU-ms", BAR, bare)


def plan_of(count):
    """A plan of phases and tasks, each waiting for two earlier ones; links of all kinds, some with lags and leads."""
    chance = random.Random(1)
    items = [Item(f"phase {n}") for n in range(PHASES)]
    items += [Item(n, chance.randint(1, 10), f"phase {n * PHASES // count}") for n in range(count)]
    kinds = ["FS"] * 7 + ["SS", "FF", "SF"]
    pairs = {(max(0, n - chance.randint(1, 60)), n) for n in range(1, count) for _ in range(2)}
    links = [Link(a, b, chance.choice(kinds), chance.choice([0, 0, 0, 1, 2, -1])) for a, b in sorted(pairs)]
    return Plan(items, links, {None: country_calendar("CN")}, date(2026, 1, 5))


def bare_passes(plan):
    """Nothing but the arithmetic: finish-to-start passes forward and backward over plain lists, in a given order."""
    count = len(plan.items)
    place = {item.key: n for n, item in enumerate(plan.items)}
    days = [item.duration for item in plan.items]
    after = [[] for _item in plan.items]
    for link in plan.links:
        after[place[link.predecessor]].append(place[link.successor])
    early = [0] * count
    for n in range(count):
        finish = early[n] + days[n]
        for successor in after[n]:
            if finish > early[successor]:
                early[successor] = finish
    end = max(map(sum, zip(early, days, strict=True)))
    late = [end] * count
    for n in range(count - 1, -1, -1):
        late[n] = min([late[successor] for successor in after[n]], default=end) - days[n]
    return early, late
