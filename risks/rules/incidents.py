"""Incidents: their states, clocks of steps, who does a step, when a step escalates."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid, RuleBroken
from risks.choices import EntryKind, StepState
from risks.choices import IncidentState as S
from risks.rules.playbooks import applies, rank

LABELS = {
    S.CONTAINED: gettext_lazy("Contained"),
    S.CLOSED: gettext_lazy("Close"),
    S.OPEN: gettext_lazy("Open again"),
}
MOVES = {S.OPEN: (S.CONTAINED,), S.CONTAINED: (S.CLOSED, S.OPEN), S.CLOSED: (S.OPEN,)}
POST_MORTEM = ("what_happened", "cause", "went_well", "went_badly", "lesson")


def open_to(state):
    """[(state, label)] an incident may take next."""
    return [(target, LABELS[target]) for target in MOVES[S(state)]]


def check_move(state, target, *, recovery, cause, lesson):
    """An incident is contained before it is closed; closing says how things recovered, the cause and the lesson."""
    if target not in MOVES[S(state)]:
        words = {"state": S(state).label, "target": S(target).label}
        raise RuleBroken(_("An incident that is “%(state)s” cannot become “%(target)s”.") % words, code="wrong_state")
    if target == S.CLOSED:
        missing = {"recovery": recovery, "cause": cause, "lesson": lesson}
        missing = [name for name, text in missing.items() if not text.strip()]
        if missing:
            sentence = _("Before it is closed: how things recovered, the cause, and the lesson.")
            raise RuleBroken(sentence, code="post_mortem", errors=dict.fromkeys(missing, sentence))


def check_open(state):
    """Nothing runs any more in a closed incident."""
    if state == S.CLOSED:
        raise RuleBroken(_("This incident is closed. Open it again first."), code="closed")


def check_level(levels, level, current):
    """The level is one of the playbook's ladder, and another one than now."""
    if level not in levels:
        raise Invalid(_("This playbook has no such level."), code="level", errors={"level": _("Choose a level.")})
    if level == current:
        raise RuleBroken(_("The incident is at this level already."), code="same_level")


def starting_level(levels, level):
    """The level an incident starts at: the one given, the mildest where none is, "" without a ladder."""
    if not levels:
        if level:
            sentence = _("This playbook has no levels.")
            raise Invalid(sentence, code="level", errors={"level": sentence})
        return ""
    if level and level not in levels:
        raise Invalid(_("This playbook has no such level."), code="level", errors={"level": _("Choose a level.")})
    return level or next(iter(sorted(levels, key=rank)))


def due_of(deadline, levels, level, *, started, level_at):
    """When a step must be done: its minutes after the start; without any, the reaction time of the level."""
    if deadline is not None:
        return started + timedelta(minutes=deadline)
    reaction = levels.get(level)
    return level_at + timedelta(minutes=reaction) if reaction else None


def state_at(state, min_level, level):
    """The state of a step when the incident comes to a level: what begins higher waits, what begins here is open."""
    if state not in (StepState.WAITING, StepState.OPEN):
        return state
    return StepState.OPEN if applies(min_level, level) else StepState.WAITING


def check_step(state, target):
    """A step is done, left out or taken back once: of two who do it at the same time the second is told so."""
    if state == target:
        sentences = {
            StepState.DONE: _("This step is done already."),
            StepState.SKIPPED: _("This step is left out already."),
            StepState.OPEN: _("This step is open."),
        }
        raise RuleBroken(sentences[StepState(target)], code="same_state")
    if state == StepState.WAITING:
        raise RuleBroken(_("This step begins at a higher level."), code="wrong_state")
    if StepState.OPEN not in (state, target):
        raise RuleBroken(_("Take the step back first."), code="wrong_state")


def is_late(state, due_at, now):
    """Whether a step is open past its deadline."""
    return state == StepState.OPEN and due_at is not None and due_at < now


@dataclass(frozen=True)
class Team:
    """Who may do what: `members` {function: [user ids]} in order, `letters` {user id: Counter of R, A and I},
    `stand_ins` {user id: delegate's id} of today, `away` user ids absent today, `owner` the campaign's."""

    members: dict
    letters: dict
    stand_ins: dict
    away: frozenset
    owner: object

    def doer(self, function):
        """(who does a step of a function, who stands behind them): whoever holds most R and A first, delegates for
        who is away."""
        people = self._ranked(function)
        here = [self.stand_ins.get(one, one) for one in people if one in self.stand_ins or one not in self.away]
        here = list(dict.fromkeys(here)) or people or [self.owner]
        return here[0], next((one for one in [*here[1:], *people, self.owner] if one != here[0]), None)

    def _ranked(self, function):
        if function:
            people, letters = self.members.get(function, ()), "RA"
        else:
            people, letters = self.accountable() or [self.owner], "A"
        return sorted(people, key=lambda one: -sum(self.letters.get(one, Counter())[letter] for letter in letters))

    def accountable(self):
        """Everybody who holds an A, by themselves or by their function."""
        return self._holding("A")

    def informed(self):
        """Everybody who holds an I."""
        return self._holding("I")

    def _holding(self, letter):
        return [one for one, letters in self.letters.items() if letters[letter]]


def entry_said(kind, *, text, figure_name, value):
    """What a person writes into the timeline: a note or message has words, a figure a name and a value."""
    text, figure_name = text.strip(), figure_name.strip()
    if kind != EntryKind.FIGURE:
        if kind not in (EntryKind.NOTE, EntryKind.MESSAGE):
            raise _invalid("kind", _("Write a note, a message or a figure."))
        if not text:
            raise _invalid("text", _("Write down what happened."))
        return {"text": text}
    if not figure_name:
        raise _invalid("figure_name", _("Name the figure."))
    if value is None:
        raise _invalid("value", _("State the value."))
    return {"text": text, "figure_name": figure_name, "value": value}


def _invalid(field, sentence):
    return Invalid(sentence, code=field, errors={field: sentence})
