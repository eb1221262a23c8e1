"""Every check that needs no test run, one line each; the output of a check is shown only when it fails."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OURS = ["config", "overview", "risks", "analytics", "placements", "assets", "raci", "tasks", "campaigns", "messaging"]
OURS += ["accounts", "core"]
CHECKS = [
    ("style", ["ruff", "check", "."]),
    ("layout", ["ruff", "format", "--check", "."]),
    ("floors and rooms", ["lint-imports"]),
    ("templates", ["djlint", "templates", "--lint", "--quiet"]),
    ("every file compiles", ["python", "-m", "compileall", "-q", *OURS, "tests", "tools"]),
    ("system checks", ["python", "manage.py", "check", "--fail-level", "WARNING"]),
    ("migrations match the models", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Chinese is complete", ["python", "tools/messages.py", "--check"]),
]


def passes(title, command, environment):
    """Run one check and print its line."""
    started = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    print(f"{'ok    ' if not done.returncode else 'FAILED'} {title} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).strip(), flush=True)
    return not done.returncode


def main():
    """Run all of them, whatever fails; 1 when one did."""
    with tempfile.TemporaryDirectory() as folder:  # the settings write local secrets into DATA_DIR
        environment = os.environ | {"DATA_DIR": folder, "PYTHONPYCACHEPREFIX": folder}
        results = [passes(title, command, environment) for title, command in CHECKS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
