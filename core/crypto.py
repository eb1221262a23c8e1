"""Credentials at rest: Fernet with rotation. The key id is stored in front of the token."""

import hashlib
import json

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def key_id(key):
    """Eight hex digits that name a key without telling it."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def encrypt(secret: dict) -> str:
    """`<key id>:<token>` of a JSON-ready dict, by the first key."""
    key = settings.CREDENTIAL_KEYS[0]
    return f"{key_id(key)}:{Fernet(key).encrypt(json.dumps(secret).encode()).decode()}"


def decrypt(stored: str) -> dict:
    """The dict behind `stored`, by whichever key still known; {} for nothing stored."""
    if not stored:
        return {}
    token = stored.partition(":")[2]
    return json.loads(MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS]).decrypt(token.encode()))
