"""A passkey in software: what a browser and its authenticator would answer, by the WebAuthn specification (ES256)."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.webauthn import AttestedCredentialData

from accounts.models import SeatPasskey

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Passkey:
    """One credential of one person at one host."""

    user: object
    host: str = "testserver"
    key: object = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    verifies: bool = True

    def client_data(self, kind, challenge, origin):
        told = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": origin or f"https://{self.host}"}
        return json.dumps(told).encode()

    def authenticator_data(self, attested=b""):
        flags = PRESENT | (VERIFIED if self.verifies else 0) | (ATTESTED if attested else 0)
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, 1) + attested

    def attested(self):
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor.encode(cose)

    def made(self, options, origin=""):
        """The answer to navigator.credentials.create(options)."""
        data = {"fmt": "none", "attStmt": {}, "authData": self.authenticator_data(self.attested())}
        client = self.client_data("create", options["publicKey"]["challenge"], origin)
        return self.credential({"clientDataJSON": b64(client), "attestationObject": b64(cbor.encode(data))})

    def proof(self, options, origin=""):
        """The answer to navigator.credentials.get(options)."""
        client, data = self.client_data("get", options["publicKey"]["challenge"], origin), self.authenticator_data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        told = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        handle = user_pk_to_url_str(self.user).encode()
        return self.credential({name: b64(value) for name, value in {**told, "userHandle": handle}.items()})

    def credential(self, response):
        ident = b64(self.credential_id)
        more = {"type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}}}
        return {"id": ident, "rawId": ident, "response": response, **more}


def passkey_of(user, host="testserver", name="Passkey"):
    """A passkey that the person has already."""
    credential = Passkey(user, host).made({"publicKey": {"challenge": b64(os.urandom(32))}})
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": credential})


def seat_passkey(seat, name="Passkey", host="testserver"):
    """(the row, what answers for it) of a passkey that a seat has already."""
    key = Passkey(seat.user, host)
    kept = bytes(AttestedCredentialData(key.attested()))
    values = {"key_hash": hashlib.sha256(key.credential_id).hexdigest(), "credential": base64.b64encode(kept).decode()}
    of = {"workspace_id": seat.workspace_id, "seat": seat, "name": name}
    return SeatPasskey._base_manager.create(**of, **values), key
