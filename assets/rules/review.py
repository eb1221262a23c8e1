"""When a level of review is over and how, and who may say what. Pure: on plain values."""

from collections.abc import Collection, Mapping
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.choices import Decision, Quorum
from core.errors import Invalid, RuleBroken

AGAINST = frozenset({Decision.CHANGES_REQUIRED, Decision.REJECT})
FOR = frozenset({Decision.APPROVE, Decision.APPROVE_WITH_EDITS})
LONGEST_REVIEW = 60  # working days


class Outcome(Enum):
    """How a level ended."""

    PASSED = "passed"
    EDITS = "edits"  # agreed to, once the named edits are made
    RETURNED = "returned"
    REJECTED = "rejected"


def needed(quorum, count, asked: int) -> int:
    """How many of the people asked must agree: 会签 all, 或签 one, or a number of them (never more than are asked)."""
    if quorum == Quorum.ALL:
        return asked
    return 1 if quorum == Quorum.ANY else min(max(count or 1, 1), asked)


def outcome(quorum, count, asked: Collection, said: Mapping) -> Outcome | None:
    """How a level ends by what was `said` {person: decision} of the people `asked`; None while it is open.

    会签: one voice against ends it. 或签: the first voice decides. A number: that many must agree, and it ends as soon
    as so many are against that the number can no longer be reached.
    """
    voices = [said[person] for person in asked if person in said]
    against = [voice for voice in voices if voice in AGAINST]
    wanted = needed(quorum, count, len(asked))
    is_lost = bool(against) if quorum == Quorum.ANY else len(asked) - len(against) < wanted
    if voices and is_lost:
        return Outcome.REJECTED if Decision.REJECT in against else Outcome.RETURNED
    if wanted == 0 or len(voices) - len(against) < wanted:
        return None
    return Outcome.EDITS if Decision.APPROVE_WITH_EDITS in voices else Outcome.PASSED


def check_verdict(decision, words, edits):
    """Whoever does not simply agree says why; edits are named exactly. Raises Invalid at the field."""
    if decision == Decision.APPROVE_WITH_EDITS and not edits.strip():
        sentence = _("Name the exact edits.")
        raise Invalid(sentence, code="edits_missing", errors={"edits": sentence})
    if decision in AGAINST and not words.strip():
        sentence = _("Say what must change.") if decision == Decision.CHANGES_REQUIRED else _("Say why.")
        raise Invalid(sentence, code="words_missing", errors={"words": sentence})


def check_bytes(seen, current):
    """A verdict is about the bytes the reviewer saw."""
    if seen != current:
        raise RuleBroken(_("There is a newer version. Look at it before you decide."), code="stale_version")


def check_settled(count):
    """Remarks that must be settled come before agreement."""
    if count:
        sentence = ngettext(
            "%(count)d remark that must be settled is still open.",
            "%(count)d remarks that must be settled are still open.",
            count,
        )
        raise RuleBroken(sentence % {"count": count}, code="open_pins")


def check_back(position, own_position, *, is_same_review):
    """Work goes back to a level of the same review that came before, or to one's own."""
    if not is_same_review or position > own_position:
        sentence = _("Send it back to an earlier level of this review.")
        raise Invalid(sentence, code="send_back", errors={"send_back_to": sentence})


def check_not_own(reviewer, authors: Collection):
    """Author and approver are two people."""
    if reviewer in authors:
        raise RuleBroken(_("Nobody reviews their own work."), code="own_work")


def check_approvers(agreed: Collection, authors: Collection):
    """None of those who agreed has become an author since."""
    if set(agreed) & set(authors):
        raise RuleBroken(_("Somebody who approved this has become one of its authors."), code="author_approved")


def check_level(*, name, quorum, quorum_count, due_days, is_asked):
    """A level has a name, somebody to ask, and a quorum and a time that can be met. Raises Invalid at the field."""
    errors = {}
    if not name.strip():
        errors["name"] = _("Give the level a name.")
    if not is_asked:
        errors["functions"] = _("Say who is asked: functions, people or an organisation.")
    if quorum == Quorum.COUNT and not (quorum_count and quorum_count > 0):
        errors["quorum_count"] = _("Say how many must agree.")
    if not 0 < due_days <= LONGEST_REVIEW:
        errors["due_days"] = _("State between 1 and %(most)d working days.") % {"most": LONGEST_REVIEW}
    if errors:
        raise Invalid(next(iter(errors.values())), code="level", errors=errors)


def check_asked(name, asked, *, quorum, quorum_count):
    """A level that is about to run has enough people who may decide. RuleBroken with its name."""
    if not asked:
        raise RuleBroken(
            _("Nobody can be asked at “%(level)s”: its people are authors of this, or gone.") % {"level": name},
            code="nobody_to_ask",
        )
    if quorum == Quorum.COUNT and len(asked) < (quorum_count or 1):
        raise RuleBroken(
            _("“%(level)s” wants %(count)d people to agree, and only %(asked)d can be asked.")
            % {"level": name, "count": quorum_count, "asked": len(asked)},
            code="too_few_to_ask",
        )
