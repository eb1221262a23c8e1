"""Whether a version may run in a slot: approved with its own bytes, and every right holds on the days of the flights.

Pure: on plain values.
"""

from django.utils.translation import gettext as _

from core.errors import RuleBroken


def lapsing(rights, spans, *, today):
    """The names of rights [(name, first day, last day)] that do not hold on every day of the spans [(first, last)] from
    today on; without a span they must hold today."""
    ahead = [(max(first, today), last) for first, last in spans if last >= today]
    ahead = ahead or ([] if spans else [(today, today)])
    return [
        name
        for name, start, finish in rights
        if any((start and start > first) or (finish and finish < last) for first, last in ahead)
    ]


def check_release(*, is_of_slot, is_approved, lapses):
    """Raise RuleBroken unless this version may run there."""
    if not is_of_slot:
        raise RuleBroken(_("This is no version of the asset the slot is planned for."), code="other_asset")
    if not is_approved:
        raise RuleBroken(
            _("Only a version whose review passed with exactly these bytes is released."), code="not_approved"
        )
    if lapses:
        raise RuleBroken(
            _("A right does not hold on all days of the flights: %(rights)s.") % {"rights": ", ".join(lapses)},
            code="right_lapses",
        )


def check_take_out(*, is_running):
    """What runs is not taken out from under it."""
    if is_running:
        raise RuleBroken(_("The placement is live. Pause it before you take out what runs."), code="running")
