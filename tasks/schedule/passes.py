"""The passes over a network: earliest, latest, floats. Formulas of the critical path method, for four kinds of links.

Early start = the latest of what the item waits for; late finish = the earliest of what waits for it; total float =
late start - early start; free float = the room before the first successor (Kelley and Walker 1959; precedence
diagrams with lags: Moder, Phillips and Davis, Project Management with CPM, PERT and Precedence Diagramming, 1983).
"""

from tasks.schedule.axis import earliest, earliest_start, latest, latest_finish


def forward(net, lower, holds):
    """Earliest positions of all events as a list.

    `lower[i]`: no start before it. `holds[i]`: (first start, last start, finish or None) of nodes that do not follow
    their links; a summary's first start is the minimum of its tasks.
    """
    events, days = [0] * (2 * net.size), net.days
    into_start, into_finish, firsts, mixed = net.into_start, net.into_finish, net.firsts, net.axis.is_mixed
    for i in net.order:
        start = lower[i]
        for event, _target, distance in into_start[i]:
            bound = events[event] + distance
            if bound > start:
                start = bound
        if into_finish[i]:
            start = max(start, _start_for_finish(net, events, i))
        if mixed or i in holds or i in firsts:
            events[2 * i], events[2 * i + 1] = _placed(net, events, i, start, holds.get(i))
        else:
            events[2 * i] = start
            events[2 * i + 1] = start + days[i]
    return events


def _start_for_finish(net, events, i):
    """The earliest start with which the links into the finish are kept."""
    finish = max(events[event] + distance for event, _target, distance in net.into_finish[i])
    calendar = net.calendars[i]
    return earliest_start(calendar, finish, net.days[i]) if calendar else finish - net.days[i]


def _placed(net, events, i, start, hold):
    """(start, finish) of a node that is held, has a calendar of its own or is a summary's first start."""
    if i in net.firsts:
        start = min(events[2 * task] for task in net.firsts[i])
        return start, start
    if hold:
        first, last, finish = hold
        start = min(max(start, first), last)
        if finish is not None:
            return start, finish
    return span(net, i, start)


def span(net, i, start):
    """(start, finish) of a node that may begin at a moment."""
    calendar = net.calendars[i]
    return earliest(calendar, start, net.days[i]) if calendar else (start, start + net.days[i])


def bound(net, events, i, lower):
    """The earliest start of one node that its links, and `lower`, allow."""
    start = max([lower, *(events[event] + distance for event, _target, distance in net.into_start[i])])
    if net.into_finish[i]:
        start = max(start, _start_for_finish(net, events, i))
    return span(net, i, start)[0]


def backward(net, caps, events, stays):
    """Latest positions of all events, as (what links must respect, what the node itself could do).

    `caps[i]`: no finish after it. Nodes in `stays` are where `events` has them, so that what leads to them must be
    done by then; the second list says how late their successors would let them be.
    """
    late, days, calendars = [0] * (2 * net.size), net.days, net.calendars
    from_start, from_finish, caps, own = net.from_start, net.from_finish, list(caps), {}
    first_of = first_tasks(net, events)
    for i in reversed(net.order):
        finish = caps[i]
        for _source, event, distance in from_finish[i]:
            limit = late[event] - distance
            if limit < finish:
                finish = limit
        if from_start[i]:
            finish = min(finish, _finish_for_start(net, late, i))
        calendar = calendars[i]
        start, finish = latest(calendar, finish, days[i]) if calendar else (finish - days[i], finish)
        if i in first_of:
            task = first_of[i]
            caps[task] = min(caps[task], _finish_from(net, task, start))
        if i in stays:
            own[i] = (start, finish)
            start, finish = events[2 * i], events[2 * i + 1]
        late[2 * i] = start
        late[2 * i + 1] = finish
    return late, own


def first_tasks(net, events):
    """{helper that is a summary's first start: the task that begins first}: it carries the links of that start."""
    return {node: min(tasks, key=lambda task: events[2 * task]) for node, tasks in net.firsts.items()}


def _finish_for_start(net, late, i):
    return _finish_from(net, i, min(late[event] - distance for _source, event, distance in net.from_start[i]))


def _finish_from(net, i, start):
    """The latest finish of a node that starts no later than a moment."""
    calendar = net.calendars[i]
    return latest_finish(calendar, start, net.days[i]) if calendar else start + net.days[i]


def free_floats(net, events, end):
    """Positions each finish may slip without moving a successor (or the end, where there is none)."""
    free, items = [0] * net.size, len(net.keys)
    first_of, rooms = first_tasks(net, events), {}
    from_start, from_finish = net.from_start, net.from_finish
    for i in reversed(net.order):
        start, finish, room = events[2 * i], events[2 * i + 1], rooms.get(i)
        for _source, event, distance in from_finish[i]:
            gap = events[event] - distance - finish + (free[event >> 1] if event >> 1 >= items else 0)
            if room is None or gap < room:
                room = gap
        for _source, event, distance in from_start[i]:
            gap = events[event] - distance - start + (free[event >> 1] if event >> 1 >= items else 0)
            if room is None or gap < room:
                room = gap
        if room is None:
            room = end - finish
        free[i] = room if room > 0 else 0
        if i in first_of:
            rooms[first_of[i]] = min(free[i], rooms.get(first_of[i], free[i]))
    return free
