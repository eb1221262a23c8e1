"""The states of a campaign and the moves between them, as data; an action asks here and swaps the row."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.choices import CampaignState as S
from core.errors import RuleBroken

GUARDS = {
    "dates_set": gettext_lazy("Give the campaign its first and last day."),
    "owner_set": gettext_lazy("Name the campaign's owner."),
    "brief_written": gettext_lazy("Write the brief first."),
    "kpi_measurable": gettext_lazy("At least one KPI must be complete."),
    "gate_passed": gettext_lazy("The readiness gate is not passed yet."),
    "reason_given": gettext_lazy("Say why."),
}


@dataclass(frozen=True)
class Transition:
    """One allowed move: its name, label, the states it starts from, the state it leads to, what must hold."""

    name: str
    label: str
    sources: frozenset
    target: str
    guards: tuple = field(default=())


TRANSITIONS = {
    one.name: one
    for one in (
        Transition(
            "start_planning",
            gettext_lazy("Start planning"),
            frozenset({S.DRAFT}),
            S.PLANNING,
            ("dates_set", "owner_set"),
        ),
        Transition(
            "make_ready",
            gettext_lazy("Plan is ready"),
            frozenset({S.PLANNING}),
            S.READY,
            ("brief_written", "kpi_measurable"),
        ),
        Transition("launch", gettext_lazy("Launch"), frozenset({S.READY}), S.LIVE, ("gate_passed",)),
        Transition("pause", gettext_lazy("Pause"), frozenset({S.LIVE}), S.PAUSED, ("reason_given",)),
        Transition("resume", gettext_lazy("Resume"), frozenset({S.PAUSED}), S.LIVE),
        Transition("start_closing", gettext_lazy("Start closing"), frozenset({S.LIVE}), S.CLOSING),
        Transition("close", gettext_lazy("Close"), frozenset({S.CLOSING}), S.CLOSED),
        Transition(
            "cancel",
            gettext_lazy("Cancel the campaign"),
            frozenset(S) - {S.CLOSED, S.CANCELLED},
            S.CANCELLED,
            ("reason_given",),
        ),
    )
}


def open_to(state):
    """The Transitions a campaign in `state` may take, guards aside, in the order of its life."""
    return [one for one in TRANSITIONS.values() if state in one.sources]


def obstacles(name, met):
    """{guard code: sentence} of what still stands against a transition; `met` holds the codes that are fulfilled."""
    return {code: str(GUARDS[code]) for code in TRANSITIONS[name].guards if code not in met}


def move(state, name, *, met=frozenset()):
    """The state after a transition. RuleBroken when it does not start here or a guard is not met (its code)."""
    transition = TRANSITIONS.get(name)
    if transition is None or state not in transition.sources:
        raise RuleBroken(
            _("A campaign that is “%(state)s” cannot make this step.") % {"state": S(state).label}, code="wrong_state"
        )
    if open_guards := obstacles(name, met):
        raise RuleBroken(" ".join(open_guards.values()), code=next(iter(open_guards)))
    return transition.target
