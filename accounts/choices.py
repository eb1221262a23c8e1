"""Kinds of principals and organisations, and the workspace roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UserKind(models.TextChoices):
    PERSON = "person", _("person")
    SEAT = "seat", _("seat")
    SERVICE = "service", _("service")


class OrganizationKind(models.TextChoices):
    IN_HOUSE = "in_house", _("in-house")
    AGENCY = "agency", _("agency")
    KOL = "kol", _("KOL")
    VENDOR = "vendor", _("vendor")


class Role(models.TextChoices):
    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    MEMBER = "member", _("member")
    APPROVER = "approver", _("approver")
    FINANCE = "finance", _("finance")
    VIEWER = "viewer", _("viewer")


ROLE_PRESETS = {
    Role.MANAGER: (pgettext_lazy("role", "Leads"), _("Settings, people and keys, and all planning.")),
    Role.MEMBER: (pgettext_lazy("role", "Plans"), _("Plans and changes campaigns, work, placements and figures.")),
    Role.APPROVER: (
        pgettext_lazy("role", "Approves"),
        _("Reads everything, comments, and decides where a step asks for it."),
    ),
    Role.VIEWER: (pgettext_lazy("role", "Looks on"), _("Reads everything and changes nothing.")),
}
"""The four ways of taking part that people are asked for first, over the roles: {role: (title, what it may do)}."""

SPECIAL_ROLES = {
    Role.FINANCE: (
        pgettext_lazy("role", "Looks after money"),
        _("Budgets, commitments, payments and rates; reads the rest."),
    ),
    Role.OWNER: (pgettext_lazy("role", "Owns the workspace"), _("Everything, also making other owners.")),
}


class SeatRole(models.TextChoices):
    """Of a partner's person. No word of it is a workspace role: a seat has none."""

    LEAD = "lead", _("lead")
    CONTRIBUTOR = "contributor", _("contributor")
    READER = "reader", _("reader")


class SignInMethod(models.TextChoices):
    PASSWORD = "password", _("password")
    PASSKEY = "passkey", _("passkey")
    PHONE = "phone", _("phone code")
    ACCOUNT = "account", _("connected account")


class SeatProof(models.TextChoices):
    """By what a seat showed who it is when it sat down."""

    PIN = "pin", _("PIN")
    PASSKEY = "passkey", _("passkey")


class CodePurpose(models.TextChoices):
    SIGN_IN = "sign_in", _("sign-in")
    OWN = "own", _("own number")
    INVITED = "invited", _("invitation")


class MailState(models.TextChoices):
    """What became of the mail of an invitation; one by phone has none."""

    WAITING = "waiting", _("waiting")
    TRYING = "trying", _("trying again")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused")


MAIL_WORDS = {
    MailState.WAITING: _("The mail is about to be sent."),
    MailState.TRYING: _("The mail server did not take the mail yet. Pharos tries again by itself for half an hour."),
    MailState.SENT: _("The mail has been sent."),
    MailState.FAILED: _(
        "The mail was not sent: the mail server did not take it. Send it again, or pass on a new link."
    ),
    MailState.REFUSED: _("The mail was not sent: the mail server knows no such address. Check it and invite anew."),
}

INVITED_ROLES = [*Role.choices, *SeatRole.choices]
"""What an invitation may be for: a member's role, or a seat's."""


class Theme(models.TextChoices):
    SYSTEM = "", _("like the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class Density(models.TextChoices):
    COMPACT = "", _("compact")
    COMFORTABLE = "comfortable", _("comfortable")


class AbsenceKind(models.TextChoices):
    LEAVE = "leave", _("leave")
    SICK = "sick", _("sick leave")
    TRIP = "trip", _("business trip")
    OTHER = "other", _("other")


LANGUAGES = ("en", "zh-hans")

PARTNER_AREAS = ("brief", "tasks", "assets", "placements", "questions", "reviews", "downloads")
"""The sections of a campaign that may be granted to an organisation; whatever is not named here never can be."""

USUAL_PARTNER_AREAS = ("brief", "tasks", "assets", "placements", "questions")
"""What a partner is offered first: deciding and taking files along are granted on purpose."""

READ_ONLY_AREAS = ("brief", "downloads")
"""Sections that partners only ever read."""

SCOPE_AREAS = ("campaigns", "budget", "tasks", "raci", "assets", "placements", "analytics", "risks", "accounts")
"""What an API key may be given, each as `<area>:read` and `<area>:write`; `*` is everything its owner's role allows."""

MEMBER_AREAS = tuple(area for area in SCOPE_AREAS if area != "accounts")
"""The sections of a campaign that may be granted to a member who does not see every campaign."""

# Countries whose public holidays are known, those of our usual workspaces; others go by their code.
COUNTRIES = {"CN": _("China"), "HK": _("Hong Kong"), "TW": _("Taiwan"), "SG": _("Singapore"), "JP": _("Japan")}
COUNTRIES |= {"KR": _("South Korea"), "US": _("United States"), "GB": _("United Kingdom"), "DE": _("Germany")}
COUNTRIES |= {"FR": _("France")}


def country_name(code):
    """A country in the reader's language; its code where no name is known."""
    return COUNTRIES.get(code, code)
