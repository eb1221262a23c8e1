"""gunicorn's settings: threads, and background jobs embedded where there is no broker."""

import os
from importlib import import_module

from django.conf import settings

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
timeout = 120
graceful_timeout = 5
accesslog = None
loglevel = "warning"
preload_app = False

EMBEDDED = []


def post_worker_init(worker):
    """Once the application (and with it every model) is loaded: what makes PDFs, the embedded worker, the sandbox."""
    import_module("core.pdf").is_there()  # the library looks for its parts by programs, which no request may start
    if settings.EMBEDDED_WORKER:
        EMBEDDED.append(import_module("config.embedded").Embedded().start())
    if settings.SANDBOX_PORT:
        import_module("analytics.connectors.sandbox").start(settings.SANDBOX_PORT)


def worker_exit(server, worker):
    """Hand the lease back."""
    for embedded in EMBEDDED:
        embedded.stop()


def when_ready(server):
    """Say where to look, once the port answers."""
    message = os.environ.get("PHAROS_READY_MESSAGE")
    if message:
        print(message, flush=True)
