"""Request plumbing: the request's context, and broken rules as answers."""

import re
from ipaddress import ip_address

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from uuid_utils.compat import uuid7

from core.api.parsers import UNFIT
from core.api.problems import refusal_of
from core.context import Context, current, hidden, using
from core.errors import Invalid
from core.locks import is_busy
from core.views import refused

REQUEST_ID = re.compile(r"[\w.-]{1,64}")


def address_of(request):
    """The caller's address; behind TRUSTED_PROXY_COUNT proxies what the outermost of them saw. None when unknown."""
    count = settings.TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    found = seen[-count] if count and len(seen) >= count else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found))
    except ValueError:
        return None


class RequestContextMiddleware:
    """Give every request an id and a context; answer with the id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if REQUEST_ID.fullmatch(given) else uuid7().hex
        context = Context(
            request_id=request.request_id,
            ip=address_of(request),
            method=request.method,
            path=hidden(request.path),
        )
        with using(context):
            response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response

    def process_view(self, request, view, args, kwargs):
        current().route = request.resolver_match.view_name


class KeptSessionMiddleware(SessionMiddleware):
    """Django's, but only whoever ends a session takes its cookie away.

    A request that was under way while its browser got a new session (a seat took the keyboard in the next tab) finds
    its own gone. Django's answer would take the cookie away, which by then is the new session's.
    """

    def process_response(self, request, response):
        try:
            response = super().process_response(request, response)
        except SessionInterrupted as gone:  # which Django says of a session that could not be written, too
            busy = busy_behind(gone)
            if busy is None:
                raise
            raise busy from busy.__cause__
        if not request.session.modified:
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


def busy_behind(error):
    """The busy database that led to another error, if one did."""
    while error is not None and not is_busy(error):
        error = error.__context__
    return error


class BrokenRuleMiddleware:
    """A rule broken outside a form, text that cannot be kept, a database without a turn: `core.views.refused` says so.

    What breaks after this one (a session that cannot be kept) breaks when the act is done.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        request.is_carried_out = response.status_code < 400
        return response

    def process_view(self, request, view, args, kwargs):
        """What no database keeps is refused before anybody reads it; REST has its parser for that."""
        if request.method != "POST" or request.path_info.startswith("/api/"):
            return None
        has_nul = any("\x00" in text for name, texts in request.POST.lists() for text in (name, *texts))
        return refused(request, Invalid(UNFIT)) if has_nul else None

    def process_exception(self, request, error):
        error = refusal_of(error)
        return error and refused(request, error)
