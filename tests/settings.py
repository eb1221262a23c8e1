"""The settings of the test suite: config.settings with a data folder of its own and a quick password hasher.

A module rather than lines in conftest.py, because pytest-django reads the settings before any conftest is loaded.
"""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

if "PHAROS_TEST_DATA_DIR" not in os.environ:  # the workers of xdist inherit the folder of the process that made it
    os.environ["PHAROS_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="pharos-tests-")
    atexit.register(shutil.rmtree, os.environ["PHAROS_TEST_DATA_DIR"], ignore_errors=True)
os.environ["DATA_DIR"] = os.environ["PHAROS_TEST_DATA_DIR"]
os.environ["PHAROS_TESTING"] = "1"

# The package config makes the Celery app, which asks for settings while these are being read: give it the plain ones.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from config.settings import *  # noqa: F403
from config.settings import CACHES, DATABASE, MIDDLEWARE, REDIS_URL

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose: 50 ms a sign-in
if REDIS_URL and "PYTEST_XDIST_WORKER" in os.environ:  # whoever empties the cache empties a whole database of Redis
    database = 15 - int(os.environ["PYTEST_XDIST_WORKER"][2:])
    CACHES["default"]["LOCATION"] = urlsplit(REDIS_URL)._replace(path=f"/{database}").geturl()
if DATABASE["ENGINE"] == "core.sqlite3":
    DATABASE["TEST"] = {"NAME": ":memory:"}  # said aloud, for the plugin knows Django's own backend only
WHITENOISE_USE_FINDERS = False  # else every test client looks up each static file first
MIDDLEWARE.insert(0, "tests.completeness.Middleware")  # one event for each request that changes something
