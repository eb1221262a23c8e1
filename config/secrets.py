"""Secrets: from the environment in production, made once in DATA_DIR (0600) elsewhere."""

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

MAKERS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "PIN_PEPPER": lambda: secrets.token_urlsafe(32),
    "CREDENTIAL_KEYS": lambda: Fernet.generate_key().decode(),
}


def local_secrets(data_dir, env):
    """Return every secret; those the environment lacks come from `DATA_DIR/secrets.json`, made on first use."""
    given = {name: env(name, default="") for name in MAKERS}
    if all(given.values()):
        return given
    return {**_stored(Path(data_dir)), **{name: value for name, value in given.items() if value}}


def _stored(data_dir):
    path = data_dir / "secrets.json"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, {name: make() for name, make in MAKERS.items()})
    return json.loads(path.read_text())


def _write_once(path, values):
    """Write atomically; when two processes start at once the first one wins."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(values, file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
