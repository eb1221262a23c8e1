"""The only place where sub-processes start: our own modules at work on bytes that somebody gave us.

The child gets a bare environment, limits of time, memory, file size and open files, and a process group of its own that
is killed as a whole. It is asked for by jobs and commands, never by a request.
"""

import os
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
MOST_SAID = 2**20
LARGEST_FILE = 256 * 2**20
GRACE_SECONDS = 5  # beyond the processor time that the child may use


class SandboxFailed(Exception):
    """The child broke a limit, fell over, or said nothing that can be used."""


def run(module, *arguments, seconds=30, memory_mb=1024):
    """Run one of our modules as a script with arguments, and return what it printed. SandboxFailed otherwise."""
    argv = [sys.executable, "-m", "core.sandbox", str(seconds), str(memory_mb), module, *map(str, arguments)]
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            argv,
            cwd=HERE,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        code = _ended(child, seconds + GRACE_SECONDS)
        out.seek(0)
        said = out.read(MOST_SAID + 1)
    if code or len(said) > MOST_SAID:
        raise SandboxFailed(f"{module} ended with {code}")
    return said


def _ended(child, seconds):
    """The exit code; whatever is left of the process group is killed."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return "no answer in time"
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()


def _limit(seconds, memory_mb):
    """What this process may use from here on."""
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_mb * 2**20),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
