"""What a level of review looks at. The expected effect is a number that is compared after the campaign."""

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
