"""Make .venv and install a requirements file into it; do nothing when that was done for these very lines.

Usage: setup.py requirements.txt|requirements-dev.txt. Standard library only: it runs before anything is installed.
"""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def fingerprint(name):
    """A hash of the file, of the production pins under it and of the Python in use."""
    lines = (ROOT / name).read_bytes() + (ROOT / "requirements.txt").read_bytes() + sys.version.encode()
    return hashlib.sha256(lines).hexdigest()


def make_venv():
    """Create .venv where there is none; a Debian without python3-venv gets a sentence instead of a traceback."""
    if PYTHON.exists():
        return
    print("Making .venv …", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)]).returncode:
        sys.exit("No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv")


def install(name):
    """Install what `name` lists and leave a stamp; the stamp of the larger file covers the smaller one."""
    stamps = [VENV / f".stamp-{each}" for each in dict.fromkeys([name, "requirements-dev.txt"])]
    wanted = {stamp: fingerprint(stamp.name.removeprefix(".stamp-")) for stamp in stamps}
    if any(stamp.exists() and stamp.read_text() == wanted[stamp] for stamp in stamps):
        return
    print(f"Installing {name} …", flush=True)
    started = time.monotonic()
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "-r", name]
    if subprocess.run(pip, cwd=ROOT).returncode:
        sys.exit(f"{name} could not be installed; the lines above say why.")
    (VENV / f".stamp-{name}").write_text(fingerprint(name))
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs in whatever Python the machine has
        sys.exit(f"Pharos needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    make_venv()
    install(sys.argv[1])
