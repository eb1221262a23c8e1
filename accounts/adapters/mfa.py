"""How second steps behave here: their secrets are encrypted at rest, and they speak our words."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.crypto import decrypt, encrypt


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This did not work. Check the code, or try once more."),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes come with an authenticator app or a passkey: set one up first."
        ),
    }

    def encrypt(self, text):
        return encrypt({"secret": text})

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text)["secret"]

    def get_totp_issuer(self):
        return "Pharos"

    def get_public_key_credential_rp_entity(self):
        return {**super().get_public_key_credential_rp_entity(), "name": "Pharos"}

    def generate_authenticator_name(self, user, type):
        return _("Passkey")
