"""Request plumbing: language, the actor with its workspace scope, the browser's place in the list, the second step of
a person and the fresh proof of a seat."""

import time
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_scopes import scope

from accounts import actions
from accounts.backends import actor_by_key, actor_in, actor_of_session, actor_somewhere, session_of
from accounts.choices import LANGUAGES, UserKind
from accounts.models import SeatSession
from accounts.receivers import SEEN
from accounts.rules.doors import DOORS, SEAT_SESSION
from accounts.views.keyboard import PROOFS, prove, status_of
from core.actor import Actor
from core.api.problems import problem_response
from core.context import current
from core.errors import PharosError
from core.locks import let_be
from core.policy import OWN, page_behind, policy_for

NOTED_EVERY = 300  # seconds between two notes that a person's browser is still there
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
        with let_be("that a seat is there"):
            SeatSession._base_manager.filter(pk=row.pk).update(seen_at=now)


def lock(request, row=None):
    """Nobody is at the keyboard: every page leads to the door's page of seats. `row` is the session that was idle."""
    request.user, request.idle_row = AnonymousUser(), row
    request.is_locked, request.way_in = True, reverse("accounts:door-seats")


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
            response = self.get_response(request)
        if request.actor.seat is not None:
            response["Cache-Control"] = "private, no-store"  # the next seat at this browser finds nothing
        return response

    def process_view(self, request, view, args, kwargs):
        """What somebody sends from a screen that has locked meanwhile is kept as their draft."""
        row = getattr(request, "idle_row", None)
        if row is not None and request.method == "POST" and request.path_info.startswith("/w/"):
            actor = Actor(user=row.seat.user, workspace=row.seat.workspace, seat=row.seat)
            typed = {**request.POST.dict(), "draft_form": request.path}
            with scope(workspace=actor.workspace_id), suppress(PharosError):
                actions.keep_draft(actor, page=page_behind(request), fields=typed)

    def actor(self, request):
        parts = [*request.path_info.split("/", 3), "", ""]  # a path of "*" (OPTIONS) has no parts
        if parts[1] == "api":
            kind, _, secret = request.headers.get("Authorization", "").partition(" ")
            if kind:
                return actor_by_key(secret.strip()) if kind.lower() == "bearer" else None
            self.look_for_door(request)
            if is_seat(request):
                return self.seat(request, request.headers.get("Pharos-Workspace", ""))
            return actor_somewhere(request.user, request.headers.get("Pharos-Workspace", ""))
        self.look_for_door(request)
        if is_seat(request):
            return self.seat(request, parts[2] if parts[1] == "w" else "")
        if parts[1] == "w":
            return actor_in(request.user, parts[2])
        return actor_somewhere(request.user) if request.user.is_authenticated else actor_in(request.user, "")

    def look_for_door(self, request):
        """A door that is open with nobody at the keyboard reaches no data: it leads to the page of seats."""
        if request.user.is_authenticated:
            return
        if request.session.get(DOORS):
            lock(request)
        elif settings.DEVICE_COOKIE_NAME in request.COOKIES and "/partner/" in request.path_info:
            request.way_in = reverse("accounts:door")

    def seat(self, request, slug):
        """The seat at the keyboard, in its own workspace only; nobody once its session was ended or has locked."""
        now = timezone.now()
        row = session_of(request.user, request.session.get(SEAT_SESSION))
        if row is None or row.is_idle(now):
            lock(request, row)
            return Actor(user=request.user)
        if "Pharos-Poll" not in request.headers:
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
            with let_be("that a browser is there"):
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
        answer = redirect("mfa_index")
        if request.htmx:  # a fragment is not swapped for a page: the browser goes there
            answer = HttpResponse(headers={"HX-Redirect": answer["Location"]})
        return answer

    def applies(self, request):
        """In a workspace that asks for it, for a person, on a route that belongs to the workspace."""
        actor = request.actor
        if actor.key or not actor.role or not actor.workspace.requires_mfa or actor.user.kind != UserKind.PERSON:
            return False
        policy = policy_for(request.resolver_match.view_name)
        return policy is not None and policy.rule_for(request.method) not in OWN


class ProofMiddleware:
    """Before an act that wants it (`Policy.proof`) a seat shows again who it is: by a field of the form (its PIN or
    a passkey), or on a page in between that carries everything typed along. REST names the call that proves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        policy = policy_for(request.resolver_match.view_name)
        if policy is None or not policy.wants_proof(request.actor, request.method):
            return None
        if request.path_info.startswith("/api/") or not request.accepts("text/html"):
            return self.problem(request)
        error = None
        if any(request.POST.get(name) for name in PROOFS):
            try:
                return self.prove(request)
            except PharosError as refused:
                error = refused
        return self.ask(request, error)

    def prove(self, request):
        """Try what came with the form; the act goes on as proved."""
        prove(request)
        request.actor = replace(request.actor, is_proved=True)

    def problem(self, request):
        sentence = _("Prove that it is you: send your PIN or passkey to the address in `proof`, then repeat this.")
        return problem_response(request, 403, "proof_required", sentence, proof=reverse("api:partner-proof"))

    def ask(self, request, error):
        """The page in between. A download is asked for again once the proof is there."""
        if request.method == "GET" or getattr(request, "htmx", False):
            return self.send_to_proof(request)
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            "typed": [pair for pair in typed if pair[0] not in (*PROOFS, "csrfmiddlewaretoken")],
            "error": error,
            "action": request.get_full_path(),
            "back": page_behind(request),
            "has_files": bool(request.FILES),
        }
        return render(request, "accounts/proof.html", context, status=status_of(error, else_=403))

    def send_to_proof(self, request):
        back = request.get_full_path() if request.method == "GET" else page_behind(request)
        there = reverse("accounts:partner-proof", args=[request.actor.workspace.slug], query={"next": back})
        return HttpResponse(headers={"HX-Redirect": there}) if request.htmx else redirect(there)
