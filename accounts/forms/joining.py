"""What is typed to invite a member, and by whoever was invited."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms import ActForm, MemberForm
from accounts.forms.sign_in import CODE_ATTRS


class InviteMemberForm(MemberForm):
    """Whom to invite and to which place; a phone only where codes can be sent."""

    field_order = ["email", "phone", "name", "role", "organization", "title", "is_limited"]
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(
        label=_("Or mobile number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
        help_text=_("You send the link yourself; a code proves the number."),
    )
    name = forms.CharField(label=_("Their name"), max_length=120, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("role", Role.MEMBER)
        if not settings.PHONE_SIGN_IN:
            del self.fields["phone"]
            self.fields["email"].required = True


class JoinForm(ActForm):
    """Somebody new: a name and a password of their own."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a short sentence is easy to remember."),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self):
        typed = super().clean()
        if {"password", "again"} <= typed.keys() and typed["password"] != typed["again"]:
            self.add_error("again", _("The two passwords differ."))
        return typed

    def values(self):
        values = super().values()
        return {name: values[name] for name in ("name", "password")}


class JoinByPhoneForm(ActForm):
    """Somebody new with a phone: the code that was sent there, and a name."""

    code = forms.CharField(label=_("Verification code"), max_length=12, widget=forms.TextInput(attrs=CODE_ATTRS))
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def values(self):
        return {"name": self.cleaned_data["name"]}
