"""Rules of the workspace's own words: codes, labels, formulas."""

import re

from django.utils.translation import gettext as _

from campaigns.choices import MetricKind
from campaigns.rules import formulas
from core.errors import Invalid

LANGUAGES = ("en", "zh-hans")
LONGEST_LABEL = 80
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)


def check_code(code):
    """A code is what formulas, files and REST clients call the word."""
    if not _CODE.fullmatch(code):
        raise _invalid("code", _("A code begins with a letter and has up to 40 letters A-Z, digits and underscores."))


def clean_labels(labels):
    """{language: label} with known languages only; one of them has to be there."""
    found = {language: str(labels.get(language) or "").strip() for language in LANGUAGES}
    if not any(found.values()):
        raise _invalid("labels", _("Give a label in at least one language."))
    if any(len(label) > LONGEST_LABEL for label in found.values()):
        raise _invalid("labels", _("A label has at most %(count)d characters.") % {"count": LONGEST_LABEL})
    return {language: label for language, label in found.items() if label}


def check_formula(code, kind, formula, known):
    """A derived metric has a formula over known metrics that does not lead back to itself; no other kind has one.

    `known`: {code: formula or ""} of the workspace.
    """
    if kind != MetricKind.DERIVED:
        if formula:
            raise _invalid("formula", _("Only a derived metric has a formula."))
        return
    try:
        formulas.parse(formula)
        named = formulas.metrics_of(formula)
    except Invalid as error:
        raise _invalid("formula", str(error)) from error
    if not named:
        raise _invalid("formula", _("The formula names no metric."))
    _check_names(code, named, known)


def _check_names(code, named, known):
    waiting, seen = list(named), set()
    while waiting:
        name = waiting.pop()
        if name == code:
            raise _invalid("formula", _("The formula of “%(code)s” leads back to itself.") % {"code": code})
        if name not in known:
            raise _invalid("formula", _("There is no metric called “%(code)s”.") % {"code": name})
        if name not in seen and known[name]:
            waiting += formulas.metrics_of(known[name])
        seen.add(name)


def names_in(formula):
    """The metric codes a formula names; none when it cannot be read."""
    try:
        return formulas.metrics_of(formula)
    except Invalid:
        return []


def _invalid(field, sentence):
    return Invalid(sentence, code=f"{field}_invalid", errors={field: sentence})
