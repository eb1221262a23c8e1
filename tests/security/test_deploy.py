"""Django's own list for going live, with the settings of an installation behind TLS."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIVE = {"BEHIND_TLS": "1", "ALLOWED_HOSTS": "pharos.example", "BASE_URL": "https://pharos.example"}
LIVE |= {"CSRF_TRUSTED_ORIGINS": "https://pharos.example", "DEBUG": "0", "TRUSTED_PROXY_COUNT": "1"}
TESTS = ("PHAROS_TESTING", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "PHAROS_TEST_DATA_DIR")


def checked(tmp_path, **settings):
    kept = {name: value for name, value in os.environ.items() if name not in TESTS}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = {**kept, "DATA_DIR": str(tmp_path), **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.once
def test_a_live_installation_is_clean(tmp_path):
    found = checked(tmp_path, **LIVE)
    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout


@pytest.mark.once
def test_without_tls_the_list_speaks(tmp_path):
    found = checked(tmp_path, **LIVE | {"BEHIND_TLS": "0"})
    assert found.returncode != 0 and "security.W" in found.stderr
