"""problem+json (RFC 9457): one shape for every refusal: `code`, `detail`, `errors[]`, `status`."""

import logging
from http import HTTPStatus

from django.db import DataError, IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.http import JsonResponse
from django.utils.translation import gettext as _

from core.errors import Busy, Invalid, PharosError, RuleBroken
from core.locks import is_busy

logger = logging.getLogger("pharos.refusals")
CONTENT_TYPE = "application/problem+json"


def sentence(code):
    """The standard sentence of a standard code."""
    return {
        "not_authenticated": _("Sign in, or send a valid API key."),
        "seat_locked": _("Nobody is at the keyboard. Prove who you are at the door."),
        "permission_denied": _("You may not do this."),
        "method_not_allowed": _("This address does not take that method."),
        "not_found": _("There is nothing here, or you may not see it."),
        "precondition_required": _("Send If-Match with the ETag of the version you read."),
        "stale": _("Somebody changed this in the meantime. Read it again and repeat your change."),
    }.get(code, _("The request could not be carried out."))


def problem(status, code, detail="", errors=None, **extra):
    """The body of a problem."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail or sentence(code)),
        "errors": errors or [],
        **extra,
    }


def problem_response(request, status, code, detail="", errors=None, **extra):
    """A problem as an answer of plain Django."""
    response = JsonResponse(problem(status, code, detail, errors, **extra), status=status, content_type=CONTENT_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if "wait" in extra:
        response["Retry-After"] = str(extra["wait"])
    return response


def refusal_of(error):
    """The PharosError that an exception means to a person; None for a fault of ours.

    Constraints keep promises under races: of two who make the same thing at once the second is told so.
    """
    if isinstance(error, ProtectedError):
        return RuleBroken(_("Other things still refer to this."), code="protected")
    if isinstance(error, IntegrityError):
        logger.warning("the database refused: %s", error)
        return RuleBroken(_("Somebody else made the same thing just now."), code="conflict")
    if isinstance(error, DataError | OverflowError):
        logger.warning("a value does not fit", exc_info=error)
        return Invalid(_("A value is out of range."))
    if isinstance(error, OperationalError) and is_busy(error):
        logger.warning("the database was busy: %s", error)
        return Busy()
    return error if isinstance(error, PharosError) else None


def problem_of(error):
    """Keyword arguments of `problem` for a core.errors.PharosError."""
    errors = [{"code": error.code, "detail": str(text), "attr": field} for field, text in error.errors.items()]
    return {"status": error.status, "code": error.code, "detail": str(error), "errors": errors, **error.extra}
