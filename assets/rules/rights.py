"""Licences and releases: whether they hold on a day."""

from django.utils.translation import gettext as _

from core.errors import Invalid

SOON_DAYS = 14


def state_of(start_date, finish_date, *, today):
    """not_yet, expired, expiring (within two weeks) or valid."""
    if start_date and start_date > today:
        return "not_yet"
    if finish_date and finish_date < today:
        return "expired"
    return "expiring" if finish_date and (finish_date - today).days <= SOON_DAYS else "valid"


def said(state):
    """The state in words."""
    return {
        "not_yet": _("does not hold yet"),
        "expired": _("expired"),
        "expiring": _("expires soon"),
        "valid": _("valid"),
    }[state]


TONES = {"not_yet": "bad", "expired": "bad", "expiring": "warn", "valid": "ok"}


def check_days(start_date, finish_date):
    """A right ends after it starts."""
    if start_date and finish_date and finish_date < start_date:
        sentence = _("The last day lies before the first day.")
        raise Invalid(sentence, code="reversed", errors={"finish_date": sentence})
