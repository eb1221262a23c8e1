"""Wiring at start: find every app's jobs and receivers, in web and worker processes alike."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        autodiscover_modules("jobs", "receivers")
