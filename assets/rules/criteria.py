"""What a level of review looks at. The expected effect is a number that is compared after the campaign."""

import math
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid

CRITERIA = {
    "accuracy": gettext_lazy("accuracy"),
    "professionalism": gettext_lazy("professionalism"),
    "compliance": gettext_lazy("compliance"),
    "brand": gettext_lazy("brand consistency"),
    "effect": gettext_lazy("expected effect"),
}
MEASURED = frozenset({"effect"})


def check_criteria(codes):
    """Only known criteria are asked for."""
    if unknown := [code for code in codes if code not in CRITERIA]:
        sentence = _("“%(code)s” is no criterion of a review.") % {"code": unknown[0]}
        raise Invalid(sentence, code="criteria", errors={"criteria": sentence})


def check_answers(criteria, asked, *, is_agreed):
    """{criterion: true, false, or the expected effect as a number} of a verdict, fit to be kept: of the criteria asked
    at the level alone. Nobody agrees to what they say is not met."""
    for code, said in criteria.items():
        if code not in asked:
            raise _refused(_("“%(code)s” is not asked at this level.") % {"code": CRITERIA.get(code, code)})
        fits = _is_number(said) if code in MEASURED else isinstance(said, bool)
        if not fits:
            sentence = _("State the expected effect as a number.") if code in MEASURED else _("Say met or not met.")
            raise _refused(sentence)
        if said is False and is_agreed:
            raise _refused(
                _("“%(criterion)s” is marked as not met: require changes instead.") % {"criterion": CRITERIA[code]}
            )
    return {code: float(said) if code in MEASURED else said for code, said in criteria.items()}


def _refused(sentence):
    return Invalid(sentence, code="criteria", errors={"criteria": sentence})


def _is_number(said):
    return (
        isinstance(said, int | float | Decimal)
        and not isinstance(said, bool)
        and math.isfinite(said)
        and abs(said) < 1e15
    )
