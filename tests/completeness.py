"""The logbook misses nobody: every unsafe request of the whole suite that succeeds and changes a row writes exactly one
event, and the event says who it was.

The middleware stands before all others in tests/settings.py and listens to what a request writes; what it finds fails
the test in which it was found (conftest.py). Routes that write without an act of anybody are EXEMPT, with the reason.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection

from core import audit

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
WRITES = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|COPY)\s+"?(\w+)"?(.*)', re.IGNORECASE | re.DOTALL
)
PLUMBING = {  # tables that hold no word of anybody
    "django_session": "the sign-in itself has a line",
    "django_cache": "what may be forgotten",
    "core_auditevent": "the event",
    "core_activity": "its lines",
    "core_idempotencykey": "the answer kept for a repeated request",
    "core_job": "work that an act asked for",
    "core_outboxmessage": "mail that an act sends",
    "core_heartbeat": "signs of life",
    "accounts_session": "the list of browsers follows the sign-in; coming, going and being signed out have lines",
    "accounts_draft": "half typed and not sent, for its writer alone",
}
SIGNS = re.compile(r'\s*SET "(last_used_at|last_login|last_seen_at|seen_at)" = [^,]*WHERE', re.IGNORECASE)
DROPPED = "a file on its way: its row says who brought it, handing it in has its line, and what stays is forgotten"
TRY = "a try to sign in: it counts tries and keeps codes; what comes of it has its line"
EXEMPT = {
    "account_phone": TRY,
    "account_phone_code": TRY,
    "accounts:door-code": TRY,
    "assets:upload": DROPPED,
    "assets:upload-forget": DROPPED,
    "api:assets-upload": DROPPED,
    "api:assets-forget": DROPPED,
}
GUESTS = "guests:"  # they have no account: the event bears the name they gave themselves


@dataclass
class Heard:
    """What one request wrote."""

    tables: set = field(default_factory=set)
    events: dict = field(default_factory=dict)

    def listen(self, execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        found = WRITES.match(sql) if isinstance(sql, str) else None
        if found and found[1] not in PLUMBING and not SIGNS.match(found[2]) and context["cursor"].rowcount:
            self.tables.add(found[1])
        return done


_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)
FOUND = []


def event_of(actor, *, real=audit._event):
    """The event of `record`, noted beside it."""
    event = real(actor)
    heard = _heard.get()
    if heard is not None:
        heard.events[event.id] = event
    return event


audit._event = event_of


def fault(heard, route):
    """What is wrong with what a successful request wrote; "" where all is well."""
    if len(heard.events) > 1:
        return f"{len(heard.events)} events"
    if heard.tables and not heard.events:
        return f"no event, yet it wrote {sorted(heard.tables)}"
    return "" if all(is_attributed(one, route) for one in heard.events.values()) else "an event of nobody"


def is_attributed(event, route):
    """A person, seat or key; a door before it is known who stands there; Pharos itself; a guest by name."""
    known = event.user_id or event.key_id or event.door_id or event.user_name == audit.PHAROS
    return bool(known or (route.startswith(GUESTS) and event.user_name))


class Middleware:
    """Listens to one request at a time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in UNSAFE:
            return self.get_response(request)
        heard = Heard()
        token = _heard.set(heard)
        try:
            with connection.execute_wrapper(heard.listen):
                response = self.get_response(request)
        finally:
            _heard.reset(token)
        route = getattr(request.resolver_match, "view_name", "") or request.path
        if response.status_code < 400 and route not in EXEMPT and (said := fault(heard, route)):
            FOUND.append(f"{request.method} {route} ({response.status_code}): {said}")
        return response
