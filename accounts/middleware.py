"""Request plumbing: language, the actor with its workspace scope, the browser's place in the list, the second step."""

import time
from contextlib import nullcontext
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_scopes import scope

from accounts import actions
from accounts.backends import actor_by_key, actor_in, actor_of_session, actor_somewhere, session_of
from accounts.choices import LANGUAGES, UserKind
from accounts.models import SeatSession
from accounts.receivers import SEEN
from core.actor import Actor
from core.api.problems import problem_response
from core.context import current
from core.policy import anyone, policy_for, signed_in

NOTED_EVERY = 300  # seconds between two notes that a person's browser is still there
SEAT_SESSION = "seat_session"  # key in the browser's session: the id of the SeatSession
SEEN_EVERY = timedelta(minutes=1)


class LanguageMiddleware:
    """The signed-in person's language, else the cookie's, else the browser's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        translation.activate(self.language(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    def language(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in LANGUAGES else translation.get_language_from_request(request)


def is_seat(request):
    return getattr(request.user, "kind", "") == UserKind.SEAT


def note_seen(row, now):
    """A seat's session is touched once a minute at most, so that reading costs no writing."""
    if row.seen_at < now - SEEN_EVERY:
        SeatSession._base_manager.filter(pk=row.pk).update(seen_at=now)


class ActorMiddleware:
    """Set `request.actor` and work inside the scope of its workspace.

    `/w/<slug>/…` names the workspace in the path; REST takes it from the Bearer key or the `Pharos-Workspace` header.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = self.actor(request)
        if request.actor is None:
            return problem_response(request, 401, "not_authenticated")
        self.speak(request)
        workspace_id = request.actor.workspace_id
        with scope(workspace=workspace_id) if workspace_id else nullcontext():
            return self.get_response(request)

    def actor(self, request):
        parts = [*request.path_info.split("/", 3), "", ""]  # a path of "*" (OPTIONS) has no parts
        if parts[1] == "api":
            kind, _, secret = request.headers.get("Authorization", "").partition(" ")
            if kind:
                return actor_by_key(secret.strip()) if kind.lower() == "bearer" else None
            if is_seat(request):
                return self.seat(request, request.headers.get("Pharos-Workspace", ""))
            return actor_somewhere(request.user, request.headers.get("Pharos-Workspace", ""))
        if is_seat(request):
            return self.seat(request, parts[2] if parts[1] == "w" else "")
        if parts[1] == "w":
            return actor_in(request.user, parts[2])
        return actor_somewhere(request.user) if request.user.is_authenticated else actor_in(request.user, "")

    def seat(self, request, slug):
        """The seat at the keyboard, in its own workspace only; nobody once its session was ended or has locked."""
        now = timezone.now()
        row = session_of(request.user, request.session.get(SEAT_SESSION))
        if row is None or row.is_idle(now):
            request.user = AnonymousUser()
            return Actor(user=request.user)
        note_seen(row, now)
        actor = actor_of_session(row, now=now)
        return actor if slug in ("", actor.workspace.slug) else Actor(user=request.user)

    def speak(self, request):
        """The person's own language and zone, once they are known."""
        user = request.actor.user
        language, zone = getattr(user, "language", ""), getattr(user, "time_zone", "")
        if language in LANGUAGES and request.actor.key is None:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        zone = zone or getattr(request.actor.workspace, "time_zone", "")
        timezone.activate(ZoneInfo(zone)) if zone else timezone.deactivate()


class SeenMiddleware:
    """Keep the person's list of browsers true: note every few minutes that this one is there, and under which key.

    Costs no query in between. A browser whose row was ended meanwhile is signed out.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        session = request.session
        if session.session_key and SESSION_KEY in session and SEEN in session:
            self.note(request, *session[SEEN])
        return response

    def note(self, request, row_id, key, at):
        session, now = request.session, int(time.time())
        if key == session.session_key and now - at < NOTED_EVERY:
            return
        agent = request.META.get("HTTP_USER_AGENT", "")
        if actions.see_session(row_id, session_key=session.session_key, ip=current().ip, agent=agent):
            session[SEEN] = [row_id, session.session_key, now]
        else:
            logout(request)


class SecondStepMiddleware:
    """Where a workspace requires a second step, whoever has none sets it up before anything else there.

    Programs with keys have none to set up, and seats of an agency prove themselves at their own door.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not self.applies(request) or actions.has_second_step(request.actor.user):
            return None
        if request.path_info.startswith("/api/"):
            sentence = _("This workspace requires two-step verification. Set it up in your profile first.")
            return problem_response(request, 403, "second_step_required", sentence)
        return redirect("mfa_index")

    def applies(self, request):
        """In a workspace that asks for it, for a person, on a route that belongs to the workspace."""
        actor = request.actor
        if actor.key or not actor.role or not actor.workspace.requires_mfa or actor.user.kind != UserKind.PERSON:
            return False
        policy = policy_for(request.resolver_match.view_name)
        return policy is not None and policy.rule_for(request.method) not in (anyone, signed_in)
