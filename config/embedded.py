"""Background jobs without a broker: one Celery worker (threads) and one beat inside the serving process.

Several web processes may start this; a lease in the database (core.Heartbeat `embedded`) lets exactly one of them work.
What a stopped process leaves undone is in core.Job rows; the next sweep finds it.
"""

import logging
import os
import socket
import threading
import time
from datetime import timedelta

from celery import beat, signals
from celery.worker import WorkController
from django.db import close_old_connections, transaction
from django.utils import timezone

from config.celery import app
from core.models import Heartbeat

logger = logging.getLogger("pharos.embedded")
LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10
NAME = "embedded"


def holder():
    """This process by name."""
    return f"{socket.gethostname()}:{os.getpid()}"


def take_lease(me, now):
    """Hold or renew the lease; True when it is ours. Another holder's lease is taken only when it ran out."""
    with transaction.atomic():
        Heartbeat.objects.bulk_create([Heartbeat(name=NAME, at=now - LEASE * 2, holder="")], ignore_conflicts=True)
        mine = Heartbeat.objects.filter(name=NAME, holder=me)
        free = Heartbeat.objects.filter(name=NAME, at__lt=now - LEASE)
        return bool(mine.update(at=now) or free.update(at=now, holder=me))


def drop_lease(me):
    """Give the lease back at a clean stop, so that the next start need not wait."""
    Heartbeat.objects.filter(name=NAME, holder=me).update(at=timezone.now() - LEASE * 2, holder="")


def fresh_connections(**kwargs):
    """Before and after each task: a connection that broke or grew old is not met again by the thread's next task."""
    close_old_connections()


class Embedded:
    """The worker and the beat of this process, running while it holds the lease."""

    def __init__(self, concurrency=2):
        self.concurrency = concurrency
        self.me = holder()
        self.stopping = threading.Event()
        self.worker = self.beat = None
        self.threads = []
        self.watcher = threading.Thread(target=self.watch, name="pharos-embedded", daemon=True)
        for moment in (signals.task_prerun, signals.task_postrun):
            moment.connect(fresh_connections)

    def start(self):
        self.watcher.start()
        return self

    def watch(self):
        """Renew the lease for ever; work while it is ours, begin anew should a part have died."""
        while not self.stopping.is_set():
            try:
                self.keep(take_lease(self.me, timezone.now()))
            except Exception:
                logger.exception("the lease of the embedded worker could not be renewed")
            finally:
                close_old_connections()
            self.stopping.wait(RENEW_SECONDS)

    def keep(self, is_ours):
        """Bring what runs here in line with the lease."""
        is_alive = bool(self.threads) and all(thread.is_alive() for thread in self.threads)
        if self.threads and not (is_ours and is_alive):
            logger.warning("background jobs of this process end: %s", "a part died" if is_ours else "lease lost")
            self.end()
        if is_ours and not self.threads:
            self.begin()

    def begin(self):
        app.control.purge()  # doorbells rung while another process worked: the first tick finds what is due
        self.worker = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=self.concurrency,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            loglevel="WARNING",
        )
        self.beat = beat.Service(app, scheduler_cls=beat.Scheduler, max_interval=5)
        self.threads = [
            threading.Thread(target=self.worker.start, name="pharos-worker", daemon=True),
            threading.Thread(target=self.beat.start, name="pharos-beat", daemon=True),
        ]
        for thread in self.threads:
            thread.start()
        app.send_task("core.tick")  # what the last process left undone need not wait for the first beat
        logger.info("background jobs run inside this process")

    def end(self):
        """Stop worker and beat; a job at work is waited for."""
        worker, service = self.worker, self.beat
        self.worker = self.beat = None
        self.threads = []
        if service:
            service.stop(wait=False)
        if worker:
            worker.stop()

    def stop(self):
        """Give the lease back first, for a long job may outlast the time a stop is given: its row is claimed anyway."""
        self.stopping.set()
        self.watcher.join(timeout=2)
        for attempt in range(3):
            try:
                drop_lease(self.me)
                break
            except Exception:
                time.sleep(0.2 * (attempt + 1))
        self.end()
