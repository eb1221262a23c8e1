"""Programs that a request starts are noted. Hooks of the interpreter stay, hence one for all tests."""

import sys
import traceback
from contextlib import contextmanager

from core.pdf import is_there

WATCHED = {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.forkpty", "pty.spawn"}
_seen: list = []
_state = {"is_watching": False, "has_hook": False}


def _note(event, arguments):
    if _state["is_watching"] and event in WATCHED:
        callers = [f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in traceback.extract_stack()[-8:-1]]
        _seen.append(f"{event} {arguments[:2]!r:.120} by {' '.join(callers)}")


@contextmanager
def watched():
    """While a request is answered."""
    if not _state["has_hook"]:
        is_there()  # as the server does before its first request
        sys.addaudithook(_note)
        _state["has_hook"] = True
    _state["is_watching"] = True
    try:
        yield
    finally:
        _state["is_watching"] = False


def taken():
    """What was started by requests since the last question."""
    found = list(_seen)
    _seen.clear()
    return found
