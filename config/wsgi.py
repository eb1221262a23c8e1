"""The WSGI door: `gunicorn config.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what was loaded stays: the collector need not walk through it in the middle of requests
gc.set_threshold(25_000, 20, 20)  # a page of a thousand rows makes as many objects, and drops them by itself
