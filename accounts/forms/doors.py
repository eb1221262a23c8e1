"""What is typed at a door, on a seat, and to look after both."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import SeatRole
from accounts.forms import ActForm
from accounts.models import Door
from accounts.rules import doors as rules

ROLE_WORDS = {
    SeatRole.LEAD: _("lead: works in everything granted and looks after the seats"),
    SeatRole.CONTRIBUTOR: _("contributor: works in everything granted"),
    SeatRole.READER: _("reader: sees everything granted"),
}


def pin_field(label, **attrs):
    """Six digits, hidden, with the number pad on a phone."""
    looks = {"inputmode": "numeric", "pattern": "[0-9]*", "autocomplete": "off", "class": "pin", **attrs}
    widget = forms.PasswordInput(attrs=looks)
    return forms.CharField(label=label, min_length=6, max_length=12, widget=widget, strip=True)


class DoorForm(ActForm):
    """The shared sign-in."""

    name = forms.CharField(
        label=_("Sign-in name of your organisation"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=rules.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PinForm(ActForm):
    pin = pin_field(_("PIN"), autofocus=True)


class WhoForm(ActForm):
    """Who you are, on a device where you are not known yet."""

    email = forms.EmailField(label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autofocus": True}))


class CodeForm(ActForm):
    code = forms.CharField(
        label=_("Code from the mail"),
        min_length=6,
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "pin"}
        ),
    )


class AcceptForm(ActForm):
    """Everything an invitation asks; the password only of the first lead."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    pin = pin_field(_("Choose a PIN of six digits"), autocomplete="new-password")
    again = pin_field(_("The same PIN again"), autocomplete="new-password")
    password = forms.CharField(
        label=_("Password of the door"),
        max_length=rules.LONGEST_PASSWORD,
        help_text=_("Your whole team comes in by this door. Write the password down and pass it on to your team only."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )

    def __init__(self, *args, asks_password=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_password:
            del self.fields["password"]


class OwnPinForm(ActForm):
    pin = pin_field(_("New PIN"), autocomplete="new-password")
    again = pin_field(_("The same PIN again"), autocomplete="new-password")


class NewDoorForm(ActForm):
    """A door as the client makes it."""

    name = forms.CharField(
        label=_("Sign-in name"),
        max_length=40,
        help_text=_("Lower-case letters, digits and hyphens. Everybody at the organisation types it."),
    )
    seat_cap = forms.IntegerField(label=_("Seats at most"), min_value=1, max_value=200, initial=10)
    idle_minutes = forms.IntegerField(
        label=_("Screens lock after idle minutes"), min_value=5, max_value=480, initial=60
    )
    may_decide = forms.BooleanField(
        label=_("Its seats may give verdicts in reviews"),
        required=False,
        help_text=_("Off: the organisation hands in, your people decide."),
    )


class ChangeDoorForm(NewDoorForm):
    """What holds at a door; its name stays."""

    name = None


class DoorPasswordForm(ActForm):
    password = forms.CharField(
        label=_("New password of the door"),
        max_length=rules.LONGEST_PASSWORD,
        help_text=_("At least 15 characters. Everybody comes in anew with it; PINs stay as they are."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )


class InviteForm(ActForm):
    """Who is to sit there; one of e-mail and phone is needed."""

    name = forms.CharField(label=_("Their name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("The link goes to this address, and later the code for a new device."),
    )
    phone = forms.CharField(
        label=_("Or phone"),
        max_length=20,
        required=False,
        help_text=_("Without an e-mail the link is sent by you, and a new device needs a new invitation."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=ROLE_WORDS.items(), initial=SeatRole.CONTRIBUTOR, widget=forms.RadioSelect
    )


class SeatForm(ActForm):
    """A seat's role and end."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_WORDS.items(), widget=forms.RadioSelect)
    expires_at = forms.DateTimeField(
        label=_("Ends"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: it stays until it is removed."),
    )

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        if row is not None and row.expires_at:
            self.initial["expires_at"] = timezone.localtime(row.expires_at).replace(second=0, microsecond=0)


def suggested_name(organization):
    """A sign-in name to begin with, from the workspace's address."""
    slug, taken = organization.workspace.slug[:30].rstrip("-"), Door._base_manager
    names = [f"{slug}-{n}" for n in range(1, 100)]
    used = set(taken.filter(name__in=names).values_list("name", flat=True))
    return next((name for name in names if name not in used), slug)
