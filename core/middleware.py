"""Request plumbing: the request's context, and broken rules as answers."""

import re
from ipaddress import ip_address

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from django.shortcuts import render
from uuid_utils.compat import uuid7

from core.api.problems import problem_of, problem_response, refusal_of
from core.context import Context, current, hidden, using

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
        response = super().process_response(request, response)
        if not request.session.modified:
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


class BrokenRuleMiddleware:
    """A rule broken outside a form: a problem for REST, a page with the sentence elsewhere (422 for htmx)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        error = refusal_of(error)
        if error is None:
            return None
        if request.path_info.startswith("/api/"):
            return problem_response(request, **problem_of(error))
        if getattr(request, "htmx", False):
            messages.error(request, str(error))
            return render(request, "components/messages.html", status=422)
        return render(request, "refused.html", {"error": error}, status=error.status)
