"""`manage.py serve`: everything a first start needs, then the server. What `make run` calls."""

import hashlib
import os
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

DEMO_SIGN_IN = """Demo sign-in: mei@pharos.example / lighthouse-demo
Colleagues with the same password: wei@ (manager), jing@, lei@, na@ (members), min@pharos.example (finance).
An agency at /door/: northlight / petrel-and-northlight, a code for ying@northlight.example, PIN 204861.
Mails and codes of the demo: /operator/outbox/, signed in as mei@."""


class Command(BaseCommand):
    help = (
        "Migrate, load the demo once, collect static files when they changed, and serve on 127.0.0.1 (PORT, DATA_DIR)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_true", help="start empty")

    def handle(self, *args, no_demo, **options):
        port = int(os.environ.get("PORT", "8000"))
        os.environ["SANDBOX_PORT"] = "0" if no_demo else os.environ.get("SANDBOX_PORT", str(port + 1))
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        if is_behind():
            call_command("migrate", verbosity=0, interactive=False)
        self.collect_static()
        if not no_demo:
            call_command("load_demo", sandbox_port=int(os.environ["SANDBOX_PORT"]), once=True)
        os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")  # links in mails
        ready = f"Pharos is ready: http://127.0.0.1:{port}"
        os.environ["PHAROS_READY_MESSAGE"] = ready if no_demo else f"{ready}\n{DEMO_SIGN_IN}"
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"])

    def collect_static(self):
        """Only when a file changed since the last start: compressing takes seconds."""
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        now = static_fingerprint()
        if not stamp.exists() or stamp.read_text() != now:
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(now)


def is_behind():
    """Whether the database lacks a migration; asking is a fraction of what `migrate` costs where nothing is to do."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_fingerprint():
    """A hash of name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
