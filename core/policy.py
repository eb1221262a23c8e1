"""Every route has a declared policy, or the process does not start and the route answers 403.

An app's `permissions.py` exports `POLICY = {url name without namespace: Policy(…)}`; the route's full name is
`<app>:<name>` for pages and `api:<name>` for REST.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.api.problems import problem_response

SAFE = {"GET", "HEAD", "OPTIONS"}


def anyone(actor):
    """Signed in or not."""
    return True


def signed_in(actor):
    """Anybody with an account, on pages that belong to no workspace."""
    return actor.is_signed_in


def person(actor):
    """Somebody with an account of their own: a seat has none, it comes in by its door alone."""
    return signed_in(actor) and actor.seat is None


def member(actor):
    """Any member of the workspace."""
    return actor.is_signed_in and bool(actor.role)


def seat(actor):
    """A partner's person at the keyboard; what of it they reach is granted campaign by campaign."""
    return actor.is_signed_in and actor.seat is not None


def seat_at_work(actor):
    """Seats that do more than read."""
    return seat(actor) and actor.seat.role in ("lead", "contributor")


def seat_lead(actor):
    """The seat that looks after the seats of its organisation."""
    return seat(actor) and actor.seat.role == "lead"


def operator(actor):
    """Who looks after the installation (`is_staff`), signed in as a person."""
    return actor.is_signed_in and actor.key is None and bool(actor.user and actor.user.is_staff)


OWN = (anyone, signed_in, person)
"""Rules of pages that belong to no workspace."""


def role_in(*roles):
    """Members with one of these workspace roles."""

    def allowed(actor):
        return member(actor) and actor.role in roles

    allowed.__name__ = "role_in_" + "_".join(roles)
    allowed.roles = roles
    return allowed


planner = role_in("owner", "manager", "member")
manager = role_in("owner", "manager")
owner = role_in("owner")


@dataclass(frozen=True)
class Policy:
    """Who may read and write a route. None = nobody. `area` names the section (`<area>:read`, `<area>:write`) that a
    key or a grant must cover; `proof`: from a seat it needs a fresh PIN or passkey."""

    reads: Callable | None = member
    writes: Callable | None = None
    area: str = ""
    proof: bool = False

    def rule_for(self, method):
        return self.reads if method in SAFE else self.writes

    def allows(self, actor, method):
        rule = self.rule_for(method)
        verb = "read" if method in SAFE else "write"
        return rule is not None and rule(actor) and (not self.area or actor.has_scope(f"{self.area}:{verb}"))

    def wants_proof(self, actor, method):
        """Must the seat prove itself first? A form may be looked at; what is only read is itself the act."""
        is_act = method not in SAFE or self.writes is None
        return self.proof and is_act and actor.seat is not None and not actor.is_proved


@cache
def policies():
    """{full url name: Policy} of every installed app."""
    found = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.permissions"
        if "." not in config.name and find_spec(name):
            found.update(getattr(import_module(name), "POLICY", {}))
    return found


def policy_for(view_name):
    return policies().get(view_name)


def routes(resolver=None, namespaces=(), prefix=""):
    """Every (full name, path pattern, callback) the process serves."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from routes(entry, inner, path)
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or "")), path, entry.callback


class PolicyMiddleware:
    """Ask the policy before any view runs. No policy: 403. Not signed in: sign-in page, or 401 in REST."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        policy = policy_for(request.resolver_match.view_name)
        if policy is not None and policy.allows(request.actor, request.method):
            return None
        return self.refuse(request, policy)

    def refuse(self, request, policy):
        refuse = refused_call if request.path_info.startswith("/api/") else refused_page
        return refuse(request, policy)


def refused_call(request, policy):
    """Why REST says no: 405, 401, a workspace that is not named, 403; a route without a policy is closed."""
    if policy and not request.actor.is_signed_in:
        code = "seat_locked" if getattr(request, "is_locked", False) else "not_authenticated"
        return problem_response(request, 401, code)
    if policy and policy.rule_for(request.method) is None:
        return not_allowed(request, policy)
    return (policy and without_workspace(request)) or problem_response(request, 403, "permission_denied")


def refused_page(request, policy):
    """Whoever is not signed in is asked to; what one may not see is not there; the rest is forbidden."""
    if policy and not request.actor.is_signed_in:
        return to_sign_in(request)
    if policy and not request.actor.role:
        rule = policy.rule_for(request.method) or policy.reads or policy.writes
        if rule not in (anyone, signed_in):
            raise Http404  # a page one may not see takes no other method either
    raise PermissionDenied


def to_sign_in(request):
    """The way in, and back from there to a page: an act and a part of a page are none by themselves."""
    is_page = request.method in SAFE and not request.htmx
    there = request.get_full_path() if is_page else page_behind(request)
    answer = redirect_to_login(there, getattr(request, "way_in", None))
    return HttpResponse(headers={"HX-Redirect": answer["Location"]}) if request.htmx else answer


def page_behind(request):
    """The page from which a form was sent or a part was asked for."""
    there = urlsplit(request.headers.get("Referer", ""))
    same = there.netloc == request.get_host() and there.path.startswith("/w/")
    return (f"{there.path}?{there.query}" if there.query else there.path) if same else request.get_full_path()


def is_own(request, url):
    """Whether an address that a form names is a page of ours; a mere word is none, nor what no browser follows."""
    is_here = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return is_here and "/" in url and len(url) <= 2000


def not_allowed(request, policy):
    """405 with the methods that the route takes."""
    response = problem_response(request, 405, "method_not_allowed")
    response["Allow"] = "GET, HEAD, OPTIONS" if policy.reads else "POST, PUT, PATCH, DELETE"
    return response


def without_workspace(request):
    """A session that is in no workspace: one that is not theirs is as absent as one that does not exist."""
    if request.actor.role or request.actor.key:
        return None
    if request.headers.get("Pharos-Workspace"):
        return problem_response(request, 404, "not_found")
    return problem_response(request, 403, "workspace_required", _("Name the workspace in the header Pharos-Workspace."))
