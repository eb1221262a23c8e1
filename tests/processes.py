"""Programs that a request starts are noted. Hooks of the interpreter stay, hence one for all tests."""

import sys
from contextlib import contextmanager

WATCHED = {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.forkpty", "pty.spawn"}
_seen: list = []
_state = {"is_watching": False, "has_hook": False}


def _note(event, _arguments):
    if _state["is_watching"] and event in WATCHED:
        _seen.append(event)


@contextmanager
def watched():
    """While a request is answered."""
    if not _state["has_hook"]:
        sys.addaudithook(_note)
        _state["has_hook"] = True
    _state["is_watching"] = True
    try:
        yield
    finally:
        _state["is_watching"] = False


def started():
    """What was started by requests so far."""
    return list(_seen)


def forget():
    _seen.clear()
