"""The stages of an asset and the moves between them, as data; an action asks here and swaps the row.

What is `by_review` happens by the acts of a review alone: nobody puts an asset into review or approves it by hand.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.choices import Stage as S
from core.errors import RuleBroken

GUARDS = {
    "maker_set": gettext_lazy("Say who makes it: a person or an organisation."),
    "version_set": gettext_lazy("Hand in a first version."),
    "checked": gettext_lazy("The latest version is still being checked. Try again in a moment."),
    "within_standard": gettext_lazy("The latest version does not meet its output standard."),
    "rights_hold": gettext_lazy("A licence or release has expired, or does not hold yet."),
}
OPEN = (S.TOPIC, S.CREATION, S.EDITING, S.PROOFREADING)  # what is still being made
AGREED = (S.APPROVED, S.IN_USE)
TAKES_VERSIONS = frozenset(S) - {S.REVIEW, S.RETIRED}


@dataclass(frozen=True)
class Move:
    """One allowed move: its label, the stages it starts from, the stage it leads to, what must hold."""

    label: str
    sources: frozenset
    target: str
    guards: tuple = field(default=())
    by_review: bool = False


def _move(label, sources, target, *guards, by_review=False):
    return Move(label, frozenset(sources), target, guards, by_review)


MOVES = (
    _move(gettext_lazy("Start creation"), {S.TOPIC}, S.CREATION, "maker_set"),
    _move(gettext_lazy("To editing"), {S.CREATION}, S.EDITING, "version_set"),
    _move(gettext_lazy("To proofreading"), {S.EDITING}, S.PROOFREADING, "version_set", "checked", "within_standard"),
    _move(
        gettext_lazy("Submit for review"),
        {S.CREATION, S.EDITING, S.PROOFREADING},
        S.REVIEW,
        *("version_set", "checked", "within_standard", "rights_hold"),
        by_review=True,
    ),
    _move(gettext_lazy("Approve"), {S.REVIEW}, S.APPROVED, by_review=True),
    _move(gettext_lazy("Return"), {S.REVIEW}, S.EDITING, by_review=True),
    _move(gettext_lazy("Reject"), {S.REVIEW}, S.CREATION, by_review=True),
    _move(gettext_lazy("Put to use"), {S.APPROVED}, S.IN_USE, "rights_hold"),
    _move(gettext_lazy("Back to editing"), {S.PROOFREADING}, S.EDITING),
    _move(gettext_lazy("Back to creation"), {S.EDITING}, S.CREATION),
    _move(gettext_lazy("Back to the topic pool"), {S.CREATION}, S.TOPIC),
    _move(gettext_lazy("Revise"), {*AGREED, S.RETIRED}, S.EDITING),
    _move(gettext_lazy("Retire"), {*OPEN, *AGREED}, S.RETIRED),
)


def open_to(stage, *, by_review=False):
    """The Moves an asset in `stage` may take by hand (or by the acts of a review), guards aside."""
    return [one for one in MOVES if stage in one.sources and one.by_review == by_review]


def find_move(stage, target, *, by_review=False):
    """The Move from one stage to another. RuleBroken when there is none, or only a review may make it."""
    found = next((one for one in MOVES if stage in one.sources and one.target == target), None)
    if found is None:
        words = {"stage": S(stage).label, "target": S(target).label}
        sentence = _("An asset in the stage “%(stage)s” cannot move to “%(target)s”.") % words
        raise RuleBroken(sentence, code="wrong_stage")
    if found.by_review and not by_review:
        raise RuleBroken(_("Only its review can bring an asset there."), code="review_only")
    return found


def check_move(stage, target, *, met, by_review=False):
    """Raise RuleBroken (code = first open guard) unless the move exists and `met` holds all its guards."""
    still = [code for code in find_move(stage, target, by_review=by_review).guards if code not in met]
    if still:
        raise RuleBroken(" ".join(str(GUARDS[code]) for code in still), code=still[0])


def guards_met(*, has_maker, number, is_checked, blocks, rights):
    """The codes of the guards that hold.

    `number` of the current version (0: none), `blocks` how many blocking findings it has, `rights` the states of the
    asset's licences and releases (`assets.rules.rights`).
    """
    held = {
        "maker_set": has_maker,
        "version_set": number > 0,
        "checked": number == 0 or is_checked,
        "within_standard": blocks == 0,
        "rights_hold": not set(rights) & {"expired", "not_yet"},
    }
    return {code for code, holds in held.items() if holds}


def after_version(stage):
    """The stage of an asset that got a new version: new bytes void an approval, a topic has become work.

    RuleBroken where no version may come.
    """
    if stage == S.REVIEW:
        sentence = _("It is being reviewed. Withdraw the review before you hand in another version.")
        raise RuleBroken(sentence, code="in_review")
    if stage == S.RETIRED:
        raise RuleBroken(_("This asset is retired. Revise it before you hand in another version."), code="retired")
    if stage == S.TOPIC:
        return S.CREATION
    return S.EDITING if stage in AGREED else S(stage)
