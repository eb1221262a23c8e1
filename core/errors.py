"""The errors an act may raise. One place (core.middleware, core.api.errors) turns them into answers."""

from django.utils.translation import gettext_lazy as _

CHANGED = _("Somebody changed this in the meantime. Look at the new state and try again.")
FORBIDDEN = _("You may not do this.")
BUSY = _("Pharos cannot get through to its data just now. Nothing was saved; please try again in a moment.")
BUSY_AFTERWARDS = _(
    "Pharos could not get through to its data at the end. This may have been saved: look at it before you do it again."
)


class PharosError(Exception):
    """A refusal with a stable `code`, a sentence for the person and, where known, field errors `{field: sentence}`."""

    status = 400
    code = "error"

    def __init__(self, message="", *, code=None, errors=None, **extra):
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.errors = errors or {}
        self.extra = extra

    def __str__(self):
        return str(self.message)


class RuleBroken(PharosError):
    """A business rule says no (409)."""

    status = 409
    code = "rule_broken"


class Invalid(PharosError):
    """The input cannot be read as what it should be (422 in pages, 400 in REST)."""

    status = 400
    code = "invalid"


class Denied(PharosError):
    """The actor sees the thing but may not do this (403)."""

    status = 403
    code = "denied"


class Stale(PharosError):
    """Somebody changed the row since the actor read it (412 in REST, a diff in pages)."""

    status = 412
    code = "stale"

    def __init__(self, message=CHANGED, **extra):
        super().__init__(message, **extra)


class Busy(PharosError):
    """The database gave no turn in time, or cannot be reached (503); `wait` seconds, then it is worth another try."""

    status = 503
    code = "busy"

    def __init__(self, message=BUSY):
        super().__init__(message, wait=5)


class No:
    """The answer of a permission that is false for a reason of the thing's own, not of the actor's rights."""

    def __init__(self, error):
        self.error = error

    def __bool__(self):
        return False


def require(allowed, message=FORBIDDEN, code="denied"):
    """Raise Denied unless `allowed`; where the answer is a No, what it says."""
    if isinstance(allowed, No):
        raise allowed.error
    if not allowed:
        raise Denied(message, code=code)
