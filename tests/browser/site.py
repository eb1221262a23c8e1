"""A Pharos of its own for the browser: `manage.py serve` on a free port and a data folder that goes away."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 240  # loading the demo on a busy machine
FOREIGN = ("DATABASE_URL", "REDIS_URL", "PHAROS_TESTING", "DJANGO_SETTINGS_MODULE", "PHAROS_TEST_DATA_DIR")


@dataclass
class Site:
    """Where Pharos answers, and where it keeps its data."""

    url: str
    data: Path

    def manage(self, *arguments):
        """Run a command of manage.py beside the server; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=own(self.data), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def own(data, **more):
    """The environment without what the test run itself uses: its own database, its own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, "DATA_DIR": str(data), **more}


@contextmanager
def serve(data):
    """Start Pharos with its demo, wait until it answers, and end it."""
    port = free_port()
    env = own(data, PORT=str(port), SANDBOX_PORT=str(free_port()))
    with (data / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            site = Site(f"http://127.0.0.1:{port}", data)
            wait_for(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(site, process):
    """Until /healthz answers; fails with the server's own words."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{site.url}/healthz", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # it answers: a worker that is not up yet is no matter here
        except OSError:
            time.sleep(0.3)
    raise AssertionError("Pharos did not start:\n" + (site.data / "server.log").read_text()[-4000:])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Guard:
    """Notes what must never happen on a page: a request that leaves the machine, a complaint, an error."""

    EXPECTED = re.compile(r"status of (4\d\d)")  # a refused form is an answer; the tests look at it themselves

    def __init__(self):
        self.faults = []

    def watch(self, page):
        page.on("request", self.request)
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"error on {page.url}: {error}"))
        page.on("response", self.response)
        return page

    def request(self, request):
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.faults.append(f"request leaves the machine: {request.url}")

    def response(self, response):
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.faults.append(f"{response.status} {response.url}")

    def console(self, message):
        if message.type in ("error", "warning") and not self.EXPECTED.search(message.text):
            self.faults.append(f"{message.type} in the console of {message.location.get('url')}: {message.text}")
