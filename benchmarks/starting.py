"""Starting: `migrate` on an empty database, the first start with the demo, and a start of what has run before."""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.measure import line

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300  # seconds
STARTS = (
    ("first start with the demo, after the installation", (), "<= 180 with it"),
    ("second start", (), "<= 5"),
    ("second start, --no-demo", ("--no-demo",), "<= 5"),
)


def migrate(environment, db):
    """`migrate` on the empty database of this environment, as a process of its own."""
    begun, spent = time.monotonic(), of_children()
    command = [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    line("migrate an empty database", time.monotonic() - begun, "s", "<= 10", db=db)
    line("migrate an empty database: cpu of the command", of_children() - spent, "CPU-s", "<= 10", db=db)


def serve():
    """First start with the demo, then a second start, each until /readyz answers."""
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        for title, options, bar in STARTS:
            seconds, spent = started(folder, *options)
            line(title, seconds, "s", bar, db="sqlite")
            line(f"{title}: cpu", spent, "CPU-s", bar, db="sqlite")


def of_children():
    """CPU seconds of all processes that were started here and have ended: the clock of a busy machine says little."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def started(folder, *options):
    """Seconds from the command to the first answer of /readyz, and CPU seconds until it has ended."""
    port = free_port()
    own = {"DATABASE_URL", "REDIS_URL", "PHAROS_TESTING"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {"DATA_DIR": folder, "PORT": str(port)}
    begun, spent = time.monotonic(), of_children()
    with running([sys.executable, "manage.py", "serve", *options], environment):
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            if time.monotonic() - begun > PATIENCE:
                raise SystemExit(f"serve does not answer after {PATIENCE} s")
            time.sleep(0.05)
        seconds = time.monotonic() - begun
    return seconds, of_children() - spent


@contextmanager
def running(command, environment):
    """The process and its children, ended at the end."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def answers(url):
    try:
        with urlopen(url, timeout=1) as response:
            return response.status == 200
    except OSError:
        return False


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
