"""What a partner's home and its media lines are made of: all of it the organisation's own."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Q

from analytics.models import DailyMetric
from assets.models import ReviewStep
from campaigns.models import Question
from core.querysets import ExactSum
from placements.models import Placement, Slot
from tasks.models import Task

ANSWERED_DAYS, SOON_DAYS = 14, 10


def placements_of(actor):
    """The organisation's media lines in campaigns that go on, with their span and what is planned."""
    rows = Placement.objects.visible_to(actor).active().filter(campaign__archived_at=None)
    rows = rows.select_related("campaign", "workspace", "channel").with_span()
    return rows.order_by("first_day", "rank", "pk")


def spent_on(placements):
    """{placement id: {currency: amount}} out of the roll-up, of these lines alone."""
    rows = DailyMetric.objects.filter(metric="cost", placement__in=[one.pk for one in placements]).order_by()
    found = defaultdict(dict)
    for key, currency, amount in rows.values_list("placement", "currency").annotate(sum=ExactSum("value")):
        if amount:
            found[key][currency] = amount
    return found


def spent_by_day(placement):
    """{(day, currency): amount} of one line, days alone."""
    rows = DailyMetric.objects.filter(metric="cost", placement=placement).only_days().order_by()
    rows = rows.values_list("date", "currency").annotate(sum=ExactSum("value"))
    return {(day, currency): amount for day, currency, amount in rows}


def with_money(placements):
    """The lines with `planned` (their days, else their budget) and `spent` {currency: amount}."""
    placements = list(placements)
    spent = spent_on(placements)
    for one in placements:
        one.planned = one.planned_amount if one.planned_amount is not None else one.budget_amount
        one.spent = spent.get(one.pk, {})
    return placements


def totals(placements):
    """[(currency, planned, spent)] of the lines, each currency apart."""
    sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for one in placements:
        sums[one.currency][0] += one.planned or 0
        for currency, amount in one.spent.items():
            sums[currency][1] += amount
    return [(currency, *both) for currency, both in sorted(sums.items())]


def slots_of(placement):
    """The slots of a line, with what was released to run there."""
    rows = Slot.objects.filter(placement=placement).select_related("standard", "version__asset", "version__file")
    return rows.defer("version__text", "version__findings")


def open_tasks(actor):
    """Tasks that are with the organisation, by their day."""
    return Task.objects.visible_to(actor).of_partner().open().filter(is_summary=False).by_day()


def questions_of(actor, *, since):
    """Questions that wait for the seats, and answers they have got lately."""
    rows = Question.objects.visible_to(actor).filter(campaign__archived_at=None).listed()
    theirs = Q(state="open") & ~Q(asked_by__kind="seat")
    answered = Q(state="answered", asked_by__kind="seat", answered_at__gte=since)
    return rows.filter(theirs | answered).order_by("state", "-created_at")


def steps_of(actor):
    """Levels of review that wait for this seat."""
    return ReviewStep.objects.asked_of_seat(actor).waiting_for(actor.user)


def starting(placements, today):
    """Lines whose first flight begins within some days, with the days that are `left`."""
    for one in placements:
        one.left = (one.first_day - today).days if one.first_day else None
    return [one for one in placements if one.left is not None and 0 <= one.left <= SOON_DAYS]
