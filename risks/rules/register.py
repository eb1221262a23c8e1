"""The register: scores and their colours, the states of a risk and the moves between them, what a risk must say."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid, RuleBroken
from risks.choices import RiskState as S

SCALE = (1, 2, 3, 4, 5)
PROBABILITY = {
    1: gettext_lazy("rare"),
    2: gettext_lazy("unlikely"),
    3: gettext_lazy("possible"),
    4: gettext_lazy("likely"),
    5: gettext_lazy("almost certain"),
}
IMPACT = {
    1: gettext_lazy("negligible"),
    2: gettext_lazy("minor"),
    3: gettext_lazy("moderate"),
    4: gettext_lazy("major"),
    5: gettext_lazy("severe"),
}
STEPS = ((15, 5), (10, 4), (5, 3), (3, 2), (0, 1))  # the least score of each of the five steps of colour
RED = 15
OVER = frozenset({S.CLOSED, S.LESSON})
MANDATORY = ("public_opinion", "channel_policy", "technical", "budget")  # classes a campaign needs a playbook for
GUARDS = {
    "owner_set": gettext_lazy("Name the risk's owner first."),
    "response_said": gettext_lazy("Say first how the risk is answered."),
    "lesson_said": gettext_lazy("Write down the lesson first."),
}


def score(probability, impact):
    """Probability × impact; None where one of them is not known."""
    return None if probability is None or impact is None else probability * impact


def heat(value):
    """The step of colour of a score: 1 (grey) … 5 (red); 0 for none."""
    return next((step for least, step in STEPS if value >= least), 0) if value else 0


@dataclass(frozen=True)
class Move:
    """One allowed move: its label, the states it starts from, the state it leads to, what must hold."""

    label: str
    sources: frozenset
    target: str
    guards: tuple = field(default=())


MOVES = (
    Move(gettext_lazy("Monitor"), frozenset({S.IDENTIFIED}), S.MONITORED, ("owner_set",)),
    Move(gettext_lazy("It has come true"), frozenset({S.IDENTIFIED, S.MONITORED}), S.TRIGGERED),
    Move(gettext_lazy("Start handling"), frozenset({S.TRIGGERED}), S.HANDLING, ("owner_set", "response_said")),
    Move(gettext_lazy("Back to monitoring"), frozenset({S.TRIGGERED, S.HANDLING, S.CLOSED}), S.MONITORED),
    Move(gettext_lazy("Close"), frozenset(S) - OVER, S.CLOSED),
    Move(gettext_lazy("Keep as a lesson"), frozenset({S.CLOSED}), S.LESSON, ("lesson_said",)),
)


def open_to(state):
    """The Moves a risk in `state` may take, guards aside, in the order of its life."""
    return [one for one in MOVES if state in one.sources]


def check_move(state, target, *, met):
    """Raise RuleBroken (code = first open guard) unless the move exists and `met` holds all its guards."""
    found = next((one for one in MOVES if state in one.sources and one.target == target), None)
    if found is None:
        raise RuleBroken(
            _("A risk that is “%(state)s” cannot become “%(target)s”.")
            % {"state": S(state).label, "target": S(target).label},
            code="wrong_state",
        )
    still = [code for code in found.guards if code not in met]
    if still:
        raise RuleBroken(" ".join(str(GUARDS[code]) for code in still), code=still[0])


def guards_met(*, has_owner, response, lesson):
    """The codes of the guards that hold."""
    held = {"owner_set": has_owner, "response_said": bool(response.strip()), "lesson_said": bool(lesson.strip())}
    return {code for code, holds in held.items() if holds}


def check_scale(values):
    """Probability and impact lie between 1 and 5; what is left after the response is said for both or for none."""
    for name, value in values.items():
        if value is not None and value not in SCALE:
            raise _invalid(name, _("State a whole number between 1 and 5."))
    left = [values.get("probability_after"), values.get("impact_after")]
    if any(each is None for each in left) and any(each is not None for each in left):
        name = "impact_after" if left[1] is None else "probability_after"
        raise _invalid(name, _("State probability and impact after the response, or neither."))


def check_people(owner, deputy):
    """The deputy is another person than the owner."""
    if deputy is not None and owner == deputy:
        raise _invalid("deputy", _("The deputy is another person than the owner."))


def check_title(text):
    """The title without space around it; a risk has a title to be found by."""
    text = text.strip()
    if not text:
        raise _invalid("title", _("Give the risk a title."))
    return text


def next_code(codes):
    """The code of a new risk: R-001, R-002 … behind the highest one that looks like it."""
    numbers = [int(code[2:]) for code in codes if code.startswith("R-") and code[2:].isascii() and code[2:].isdigit()]
    return f"R-{max(numbers, default=0) + 1:03d}"


def _invalid(field_name, sentence):
    return Invalid(sentence, code=field_name, errors={field_name: sentence})


def grid(cells):
    """The heat map, most probable first: [(probability, label, [(impact, count, step)])] of {(p, i): count}."""
    return [(p, PROBABILITY[p], [(i, cells.get((p, i), 0), heat(score(p, i))) for i in SCALE]) for p in reversed(SCALE)]
