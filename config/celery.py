"""The Celery application. Rows are the truth (core.jobs), so Celery retries nothing and keeps no results."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pharos")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=300,
    task_soft_time_limit=240,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    result_accept_content=["json"],
    worker_max_tasks_per_child=500,
    broker_connection_retry_on_startup=True,
    task_publish_retry=False,
    timezone="UTC",
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    beat_schedule={"tick": {"task": "core.tick", "schedule": settings.TICK_SECONDS}},
)
if settings.REDIS_URL:
    app.conf.broker_transport_options = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
    }
else:
    app.conf.broker_transport_options = {"polling_interval": 0.2}
