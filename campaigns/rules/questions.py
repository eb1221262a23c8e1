"""What may be said in a question and its answer, and how its state moves."""

from django.utils.translation import gettext as _

from campaigns.choices import QuestionState as S
from core.errors import Invalid, RuleBroken

LONGEST = 5000
MOVES = {"answer": (S.OPEN, S.ANSWERED), "close": (S.OPEN, S.ANSWERED), "reopen": (S.ANSWERED, S.CLOSED)}


def said(field, text, sentence):
    """The trimmed words; Invalid with the sentence at the field where there are none."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(sentence, code=f"{field}_missing", errors={field: sentence})
    if len(text) > LONGEST:
        sentence = _("A question and an answer have up to 5,000 characters.")
        raise Invalid(sentence, code="too_long", errors={field: sentence})
    return text


def check_move(act, state):
    """RuleBroken where an act does not fit the state. An answer may be given anew until the question is closed."""
    if state not in MOVES[act]:
        sentences = {
            "answer": _("This question is closed. Open it again before you answer."),
            "close": _("This question is closed already."),
            "reopen": _("This question is open already."),
        }
        raise RuleBroken(sentences[act], code="wrong_state")


def answers(*, is_seat, is_partners, asked_at_seat):
    """Which side answers: what was asked at a seat the client, what a partner was asked its seats; the client may also
    write down what it was told."""
    return is_partners and not asked_at_seat if is_seat else True
