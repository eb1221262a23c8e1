"""What is known of the request or job at hand, for the logbook and the log lines."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from uuid_utils.compat import uuid7

OPEN_FOR = timedelta(seconds=60)
SECRET_ADDRESS = re.compile(r"(/[gi]/)[^/\s?#\"']+")


def hidden(text):
    """A path or a log line without the secret that stands in the address of a guest or an invitation."""
    return SECRET_ADDRESS.sub(r"\1…", text)


@dataclass
class Context:
    """One unsafe request or one job: everything it does is one AuditEvent with this id.

    An event takes lines for a minute, then it may be sealed: whoever is at work for longer goes on in another one.
    """

    id: UUID = field(default_factory=uuid7)
    since: datetime = field(default_factory=timezone.now)
    request_id: str = ""
    ip: str | None = None
    method: str = ""
    path: str = ""
    route: str = ""
    job: str = ""

    def event_id(self):
        """The event that a line written now belongs to."""
        now = timezone.now()
        if now - self.since > OPEN_FOR:
            self.id, self.since = uuid7(), now
        return self.id


_current: ContextVar[Context | None] = ContextVar("pharos_context", default=None)


def current() -> Context:
    """The context of this request or job; a fresh one for a shell act."""
    found = _current.get()
    return found if found is not None else Context()


@contextmanager
def using(context: Context):
    """Work inside `context`."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
