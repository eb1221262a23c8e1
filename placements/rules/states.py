"""The states of a placement and the moves between them, as data; an action asks here and swaps the row."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleBroken
from placements.choices import PlacementState as S

FINAL = frozenset({S.ENDED, S.CANCELLED})
GUARDS = {
    "flights_set": gettext_lazy("Give the placement at least one flight."),
    "money_set": gettext_lazy("State a budget or a net price."),
    "plan_sound": gettext_lazy("The plan still has conflicts."),
    "not_rejected": gettext_lazy("The platform rejected the account or the creative."),
    "released": gettext_lazy("Release an approved version, with rights that hold over the flights, into every slot."),
    "reason_given": gettext_lazy("Say why."),
}


@dataclass(frozen=True)
class Move:
    """One allowed move: its label, the states it starts from, the state it leads to, what must hold."""

    label: str
    sources: frozenset
    target: str
    guards: tuple = field(default=())


MOVES = (
    Move(gettext_lazy("Book"), frozenset({S.PLANNED}), S.BOOKED, ("flights_set", "money_set")),
    Move(gettext_lazy("Mark as ready"), frozenset({S.BOOKED}), S.READY, ("plan_sound",)),
    Move(gettext_lazy("Go live"), frozenset({S.READY}), S.LIVE, ("plan_sound", "not_rejected", "released")),
    Move(gettext_lazy("Resume"), frozenset({S.PAUSED}), S.LIVE, ("not_rejected", "released")),
    Move(gettext_lazy("Pause"), frozenset({S.LIVE}), S.PAUSED, ("reason_given",)),
    Move(gettext_lazy("End"), frozenset({S.LIVE, S.PAUSED}), S.ENDED),
    Move(gettext_lazy("Back to planned"), frozenset({S.BOOKED, S.READY}), S.PLANNED),
    Move(gettext_lazy("Cancel the placement"), frozenset(S) - FINAL, S.CANCELLED, ("reason_given",)),
)


def open_to(state):
    """The Moves a placement in `state` may take, guards aside, in the order of its life."""
    return [one for one in MOVES if state in one.sources]


def find_move(state, target):
    """The Move from one state to another. RuleBroken when there is none."""
    for one in MOVES:
        if state in one.sources and one.target == target:
            return one
    raise RuleBroken(
        _("A placement that is “%(state)s” cannot become “%(target)s”.")
        % {"state": S(state).label, "target": S(target).label},
        code="wrong_state",
    )


def check_move(state, target, *, met):
    """Raise RuleBroken (code = first open guard) unless the move exists and `met` holds all its guards."""
    still = [code for code in find_move(state, target).guards if code not in met]
    if still:
        raise RuleBroken(" ".join(str(GUARDS[code]) for code in still), code=still[0])


def guards_met(*, flights, money, blocks, statuses, reason, unreleased=()):
    """The codes of the guards that hold.

    `flights` number of flights, `money` whether budget or net price is known, `blocks` number of blocking findings,
    `statuses` the platform's words on account and creative, `unreleased` slots in which nothing runs that may.
    """
    held = {
        "flights_set": flights > 0,
        "money_set": money,
        "plan_sound": blocks == 0,
        "not_rejected": "rejected" not in statuses,
        "released": not unreleased,
        "reason_given": bool(reason.strip()),
    }
    return {code for code, holds in held.items() if holds}
