"""Wiring only: settings, routes, Celery. Everybody is known here, nobody knows this."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
