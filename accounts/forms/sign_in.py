"""The shape of what people type when they sign in: passwords, second steps, passkeys, phone codes."""

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.rules import phone_number
from core.errors import PharosError

# --- passwords ------------------------------------------------------------------------------------------------------


def relabel(form, **labels):
    """Our words and no placeholders on a form of the sign-in library."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, login=_("E-mail"), password=_("Password"))
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs.update(autofocus=True, autocomplete="username")


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, email=_("E-mail"))


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, password1=_("New password"), password2=_("New password again"))
        self.fields["password1"].help_text = _("At least 10 characters; a short sentence is easy to remember.")


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, oldpassword=_("Current password"), password1=_("New password"), password2=_("New password again"))
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = _("At least 10 characters; a short sentence is easy to remember.")


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, password=_("Password"))
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.update(autofocus=True, autocomplete="current-password")


# --- second steps ---------------------------------------------------------------------------------------------------

CODE_ATTRS = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}


class Counted:
    """Tries at the second step, counted per person and place."""

    @property
    def here(self):
        return f"{self.user.pk}:{get_account_adapter().place(context.request)}"

    def count(self, action, key):
        if not ratelimit.consume(context.request, action=action, key=key):
            raise get_account_adapter().validation_error("rate_limited")

    def forgive(self):
        ratelimit.clear(context.request, action="second_step_here", key=self.here)


class SecondStepForm(Counted, mfa.AuthenticateForm):
    """The code asked for after the password: of the app, or a recovery code. A code works once.

    Tries are counted per person and place; over all places only what guesses could add up to in a day is refused.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, code=_("Verification code"))
        self.fields["code"].widget.attrs.update({**CODE_ATTRS, "inputmode": "text"})

    def clean_code(self):
        self.count("second_step_here", self.here)
        self.count("second_step_everywhere", str(self.user.pk))
        code = self.cleaned_data["code"]
        found = self.found(code)
        if found is None:
            self.failed()
        self.forgive()
        self.authenticator = found
        return code

    def found(self, code):
        """The authenticator that takes this code; one that was used in the last minutes is not taken again."""
        for each in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            used = f"second-step:{self.user.pk}:{each.pk}:{code}"
            if each.wrap().validate_code(code) and cache.add(used, 1, timeout=180):
                each.user = self.user
                return each
        return None

    def failed(self):
        """Say so here, in the logbook, and once an hour to the person: whoever gets this far knows the password."""
        step = Authenticator.objects.filter(user=self.user).first()
        self._emit_authentication_failed(step)
        if ratelimit.consume(context.request, action="second_step_notice", key=str(self.user.pk)):
            get_account_adapter().send_notification_mail("mfa/email/second_step_failed", self.user)
        raise get_mfa_adapter().validation_error("incorrect_code")


class PasskeyStepForm(Counted, AuthenticateWebAuthnForm):
    """A passkey as second step. It cannot be guessed, hence nothing is counted over all places."""

    def clean_credential(self):
        credential = self.cleaned_data["credential"]
        auth.parse_authentication_response(credential)
        self.count("second_step_here", self.here)
        found = auth.complete_authentication(self.user, credential)
        self.forgive()
        return found


class ReauthenticateByCodeForm(mfa.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, code=_("Verification code"))
        self.fields["code"].widget.attrs.update({**CODE_ATTRS, "inputmode": "text"})


class AppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        relabel(self, code=_("Six digits that the app shows"))
        self.fields["code"].widget.attrs.update({**CODE_ATTRS, "autofocus": False, "maxlength": 7})


class PasskeyForm(AddWebAuthnForm):
    """The name of a passkey; what the browser made of it comes in a hidden field."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False, help_text=_("So that you know it again."))
    passwordless = None


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=80)


class PhoneForm(forms.Form):
    """A phone number, in whichever way people write it."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "autofocus": True}),
        help_text=_("Numbers of mainland China need no country code."),
    )

    def clean_phone(self):
        try:
            return phone_number(self.cleaned_data["phone"])
        except PharosError as error:
            raise forms.ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """Six digits from a message."""

    code = forms.CharField(label=_("Verification code"), max_length=12, widget=forms.TextInput(attrs=CODE_ATTRS))
