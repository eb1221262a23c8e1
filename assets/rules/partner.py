"""How an asset stands for the partner who makes it: what waits for them, what is with the client, what is done."""

from django.utils.translation import gettext_lazy as _

from assets.choices import ReviewState, Stage
from assets.rules.stages import OPEN

TO_MAKE, RETURNED, TO_SUBMIT = "to_make", "returned", "to_submit"
WAITS = (RETURNED, TO_MAKE, TO_SUBMIT)
LABELS = {
    TO_MAKE: _("to hand in"),
    RETURNED: _("to change"),
    TO_SUBMIT: _("to submit"),
    Stage.REVIEW: _("in review"),
    Stage.APPROVED: _("approved"),
    Stage.IN_USE: _("in use"),
    Stage.RETIRED: _("retired"),
}
TONES = {RETURNED: "warn", TO_MAKE: "", TO_SUBMIT: "info", Stage.REVIEW: "info", Stage.RETIRED: ""}
SENT_BACK = frozenset({ReviewState.RETURNED, ReviewState.REJECTED})


def standing(stage, number, review):
    """`number` of the newest version (0: none), `review` the state of the newest review of exactly that version."""
    if stage not in OPEN:
        return str(stage)
    if number and review in SENT_BACK:
        return RETURNED
    return TO_SUBMIT if number else TO_MAKE


def days_left(day, today):
    """Days until it has to be handed in, negative when it is late; None without a day."""
    return None if day is None else (day - today).days
