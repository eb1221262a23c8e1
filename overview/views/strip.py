"""The strip of time on the cockpit: phases, flights, promotion waves, notes, today."""

from campaigns.models import Annotation, Phase
from overview.querysets.plan import flights_of
from overview.rules.timeline import lanes, span_of, words_width
from overview.views.links import link_to

FLIGHTS, MILESTONES = 8, 10


def strip(actor, campaign, today):
    """Rows of bars and marks for the template; None for a campaign without phases, flights and notes."""
    phases = list(Phase.objects.visible_to(actor).filter(campaign=campaign))
    placements = flights_of(actor, campaign, FLIGHTS + 1)
    flights = [(one, flight) for one in placements[:FLIGHTS] for flight in one.flights.all()]
    notes = Annotation.objects.visible_to(actor).filter(campaign=campaign)
    marks = list(notes.between(campaign.start_date, campaign.finish_date)[:MILESTONES])
    if not (phases or flights or marks):
        return None
    others = [(row.start_date, row.finish_date) for row in (*phases, *(flight for _one, flight in flights))]
    span = span_of(campaign.start_date, campaign.finish_date, others)
    return {
        "ticks": span.ticks(),
        "phases": [_bar(span, phase, str(phase)) | {"is_promotion": phase.is_promotion} for phase in phases],
        "flights": _rows_of_flights(span, actor.workspace.slug, campaign, placements[:FLIGHTS]),
        "has_more": len(placements) > FLIGHTS,
        "marks": _marks(span, phases, marks),
        "now": span.at(today) if span.holds(today) else None,
    }


def _bar(span, row, label):
    return {
        "label": label,
        "x": span.at(row.start_date),
        "w": span.width(row.start_date, row.finish_date),
        "start": row.start_date,
        "finish": row.finish_date,
    }


def _rows_of_flights(span, slug, campaign, placements):
    found = []
    for placement in placements:
        placement.campaign = campaign
        bars = [_bar(span, flight, placement.code) for flight in placement.flights.all()]
        if bars:
            found.append({"placement": placement, "url": link_to(slug, placement), "bars": bars})
    return found


def _marks(span, phases, notes):
    """Starts of promotion waves and notes, in time, on as many lines as keep their words apart."""
    waves = [(phase.start_date, str(phase)) for phase in phases if phase.is_promotion]
    points = sorted([*waves, *((max(note.start_date, span.first), note.text) for note in notes)])
    places = lanes([(float(span.at(day)), words_width(label)) for day, label in points])
    marks = [
        {"x": span.at(day), "label": label, "day": day, "lane": lane, "flip": flip}
        for (day, label), (lane, flip) in zip(points, places, strict=True)
    ]
    return sorted(marks, key=lambda mark: mark["lane"])
