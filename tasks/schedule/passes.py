"""The passes over a network: earliest, latest, floats. Formulas of the critical path method, for four kinds of links.

Early start = the latest of what the item waits for; late finish = the earliest of what waits for it; total float =
late start - early start; free float = the room before the first successor (Kelley and Walker 1959; precedence
diagrams with lags: Moder, Phillips and Davis, Project Management with CPM, PERT and Precedence Diagramming, 1983).
"""

from tasks.schedule.axis import earliest, earliest_start, latest, latest_finish

FAR = 1 << 40  # beyond every position


def forward(net, lower, holds):
    """Earliest positions of all events as a list.

    `lower[i]`: no start before it. `holds[i]`: (first start, last start, finish or None) of nodes that do not follow
    their links; a summary's first start is the minimum of its tasks.
    """
    days, out, special = net.days, net.out, specials(net, holds)
    events = [-FAR] * (2 * net.size)  # until its turn comes, what a node has been told to wait for
    events[0::2] = lower
    for i in net.order:
        at = 2 * i
        start, finish, lasts = events[at], events[at + 1], days[i]
        if finish - lasts > start:
            start = finish - lasts
        finish = start + lasts
        if i in special:
            start, finish = placed(net, events, i, holds.get(i))
        events[at] = start
        events[at + 1] = finish
        for source, target, distance in out[i]:
            bound = events[source] + distance
            if bound > events[target]:
                events[target] = bound
    return events


def specials(net, holds):
    """Nodes for which adding the duration is not enough."""
    return range(net.size) if net.axis.is_mixed else {*holds, *net.firsts}


def placed(net, events, i, hold=None):
    """(start, finish) of a node whose events hold what it waits for: held, in its own calendar, or a first start."""
    if i in net.firsts:
        start = min(events[2 * task] for task in net.firsts[i])
        return start, start
    start = allowed(net, events, i)
    if hold:
        first, last, finish = hold
        start = min(max(start, first), last)
        if finish is not None:
            return start, finish
    return span(net, i, start)


def allowed(net, events, i):
    """The earliest start that what a node waits for allows, before days off are looked at."""
    start, finish, calendar = events[2 * i], events[2 * i + 1], net.calendars[i]
    if finish == -FAR:
        return start
    return max(start, earliest_start(calendar, finish, net.days[i]) if calendar else finish - net.days[i])


def span(net, i, start):
    """(start, finish) of a node that may begin at a moment."""
    calendar = net.calendars[i]
    return earliest(calendar, start, net.days[i]) if calendar else (start, start + net.days[i])


def backward(net, caps, events, stays):
    """Latest positions of all events, as (what links must respect, what the node itself could do).

    `caps[i]`: no finish after it. Nodes in `stays` are where `events` has them, so that what leads to them must be
    done by then; the second value {i: (start, finish)} says how late their successors would let them be.
    """
    days, out, own, first_of = net.days, net.out, {}, first_tasks(net, events)
    late = [FAR] * (2 * net.size)
    late[1::2] = caps
    special = {*stays, *first_of} if not net.axis.is_mixed else range(net.size)
    for i in reversed(net.order):
        for source, target, distance in out[i]:
            limit = late[target] - distance
            if limit < late[source]:
                late[source] = limit
        at = 2 * i
        start, finish, lasts = late[at], late[at + 1], days[i]
        if finish - lasts < start:
            start = finish - lasts
        finish = start + lasts
        if i in special:
            start, finish = _placed_late(net, late, i, first_of)
            if i in stays:
                own[i] = (start, finish)
                start, finish = events[at], events[at + 1]
        late[at] = start
        late[at + 1] = finish
    return late, own


def _placed_late(net, late, i, first_of):
    """(start, finish) as late as what waits for a node allows; a first start hands its own down to a task."""
    start, finish, calendar = late[2 * i], late[2 * i + 1], net.calendars[i]
    if calendar:
        limit = finish if start == FAR else min(finish, latest_finish(calendar, start, net.days[i]))
        start, finish = latest(calendar, limit, net.days[i])
    else:
        start = min(start, finish - net.days[i])
        finish = start + net.days[i]
    if i in first_of:
        task = first_of[i]
        late[2 * task] = min(late[2 * task], start)
    return start, finish


def first_tasks(net, events):
    """{joint that is a summary's first start: the task that begins first}: it carries the links of that start."""
    return {node: min(tasks, key=lambda task: events[2 * task]) for node, tasks in net.firsts.items()}


def free_floats(net, events, end):
    """Positions each finish may slip without moving a successor (or the end, where there is none)."""
    out, joints = net.out, 2 * len(net.keys)
    first_of, rooms = first_tasks(net, events), {}
    free = [FAR] * net.size
    for i in reversed(net.order):
        room = rooms.get(i, FAR) if rooms else FAR
        for source, target, distance in out[i]:
            gap = events[target] - distance - events[source]
            if target >= joints:  # a joint may slip as well
                gap += free[target >> 1]
            if gap < room:
                room = gap
                if gap <= 0:
                    break
        if room == FAR:
            room = end - events[2 * i + 1]
        free[i] = room if room > 0 else 0
        if i in first_of:
            rooms[first_of[i]] = min(free[i], rooms.get(first_of[i], FAR))
    return free
