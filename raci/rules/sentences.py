"""Findings in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.text import listed

SENTENCES = {
    "no_r": _("“%(title)s”: nobody is responsible (no R)."),
    "no_a": _("“%(title)s”: nobody answers for it (no A)."),
    "two_a": _("“%(title)s”: more than one answers for it (A): %(names)s."),
    "a_without_right": _("“%(title)s”: %(name)s has the A, but nobody there has the right to approve."),
    "nobody_behind": _("“%(title)s”: %(name)s is responsible, but nobody stands behind it."),
    "absent": _("“%(title)s”: %(name)s is away on %(day)s when it is due, and nobody stands in."),
    "overload": _("%(name)s is responsible for %(count)s rows in the week of %(day)s."),
    "organization_on_money": _("“%(title)s” is about money; let a person or function answer for it, not %(name)s."),
    "different_a": _("“%(title)s” has another A in another row about the same deliverable."),
    "no_letter": _("%(name)s is a member of the campaign and has no letter at all."),
}
LABELS = {
    "no_r": _("No R"),
    "no_a": _("No A"),
    "two_a": _("Two A"),
    "a_without_right": _("A without the right to approve"),
    "nobody_behind": _("Nobody behind R"),
    "absent": _("Away on the due day"),
    "overload": _("Too much at once"),
    "organization_on_money": _("Organisation answers for money"),
    "different_a": _("Different A for one deliverable"),
    "no_letter": _("Member without a letter"),
}


def sentence(finding):
    names = listed(finding.values.get("names", ()), get_language())
    return SENTENCES[finding.code] % {**finding.values, "names": names}
