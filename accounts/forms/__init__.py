"""The shape of what people type into the pages of accounts."""

from collections.abc import Hashable
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import COUNTRIES, ROLE_PRESETS, SPECIAL_ROLES, AbsenceKind, Density, OrganizationKind, Role, Theme
from accounts.models import Membership, Organization, User
from accounts.permissions import can_give_role, can_manage
from accounts.rules import countries, known_scopes
from core.errors import PharosError, Stale
from core.money import CODES
from core.text import listed
from core.time import time_zones

# --- how a form carries out an act ----------------------------------------------------------------------------------


class ActForm(forms.Form):
    """A form that carries out one act and shows what the act refuses. `lock_version` is what the person saw."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    row = None
    theirs = ()

    def __init__(self, *args, row=None, **kwargs):
        self.row = row
        if row is not None:
            kwargs.setdefault("initial", {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)})
        super().__init__(*args, **kwargs)

    def values(self):
        """What was typed, for the act."""
        return {name: value for name, value in self.cleaned_data.items() if name != "lock_version"}

    def carries_out(self, act):
        """Run `act(**values)` if the input is valid; True when it was done. `seen` is given for an existing row."""
        if not self.is_bound or not self.is_valid():
            return False
        more = {} if self.row is None else {"seen": self.cleaned_data["lock_version"]}
        try:
            self.result = act(**self.values(), **more)
        except PharosError as error:
            self._show(error)
        return not self.errors

    def _show(self, error):
        if isinstance(error, Stale):
            self._show_theirs()
        fields = {name: text for name, text in error.errors.items() if name in self.fields}
        for name, text in (fields or {None: str(error)}).items():
            self.add_error(name, text)

    def _show_theirs(self):
        """What others saved meanwhile stands beside what was typed; saving again is then a decision."""
        try:
            self.row.refresh_from_db()
        except type(self.row).DoesNotExist:
            return
        names = [name for name in self.base_fields if name != "lock_version" and hasattr(self.row, name)]
        self.theirs = [
            (self.fields[name].label, self.saved(name))
            for name in names
            if getattr(self.row, name) != self.cleaned_data.get(name)
        ]
        self.data = self.data.copy()
        self.data["lock_version"] = self.row.lock_version

    def saved(self, name):
        """The stored value of a field in words."""
        value, words = getattr(self.row, name), dict(getattr(self.fields[name], "choices", ()))
        if isinstance(value, list):
            return listed((words.get(one, one) for one in value), get_language())
        return words.get(value, value) if isinstance(value, Hashable) else value


def languages():
    """Each language in its own words, so that everybody finds theirs."""
    return [("en", "English"), ("zh-hans", "简体中文")]


def zones():
    """IANA zones that name a place, by name."""
    names = sorted(name for name in time_zones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


def currencies():
    """The currencies of our usual workspaces first."""
    usual = ["CNY", "USD", "EUR", "HKD", "JPY", "SGD"]
    return [(code, code) for code in [*usual, *sorted(CODES - set(usual))]]


# --- own profile ----------------------------------------------------------------------------------------------------


class ProfileForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("", _("Like the device")), (Theme.LIGHT, _("Light")), (Theme.DARK, _("Dark"))],
        required=False,
    )
    density = forms.ChoiceField(
        label=_("Row height"),
        choices=[("", _("Compact")), (Density.COMFORTABLE, _("Comfortable"))],
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("Like the browser")), *languages()]
        self.fields["time_zone"].choices = [("", _("That of the workspace")), *zones()]


# --- settings of a workspace ----------------------------------------------------------------------------------------


class WorkspaceForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of mails to people who chose none."))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Suggested for new campaigns."))
    requires_mfa = forms.BooleanField(
        label=_("Members need two-step verification"),
        required=False,
        help_text=_("Whoever has none is led to set it up before anything else here."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages()
        self.fields["time_zone"].choices = zones()
        self.fields["currency"].choices = currencies()


class OrganizationChoice(forms.ModelChoiceField):
    """The workspace's organisations; archived ones only where they are chosen already."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Organization._base_manager.none(),
            label=_("Organisation"),
            required=False,
            empty_label=_("None"),
            **kwargs,
        )

    def offer(self, actor, chosen=None):
        visible = Organization.objects.visible_to(actor)
        offered = visible.active() | visible.filter(pk=chosen) if chosen else visible.active()
        self.queryset = offered.order_by("name")


class MemberForm(ActForm):
    """A member's place in the workspace."""

    role = forms.ChoiceField(label=_("How they take part"))
    organization = OrganizationChoice()
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    is_limited = forms.BooleanField(
        label=_("Sees only the campaigns granted"),
        required=False,
        help_text=_("Which campaigns and sections is said on each campaign's page “Who has access”."),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        role = self.row.role if self.row else ""
        self.allowed = {value for value in Role.values if can_give_role(actor, before=role, after=value)}
        labels = dict(Role.choices)
        self.fields["role"].choices = [
            (value, capfirst(labels[value])) for value in (*ROLE_PRESETS, *SPECIAL_ROLES) if value in self.allowed
        ]
        self.fields["organization"].offer(actor, self.row.organization_id if self.row else None)

    def _cards(self, words):
        chosen = self["role"].value()
        cards = ((role, title, text) for role, (title, text) in words.items() if role in self.allowed)
        return [
            {"value": role, "title": title, "text": text, "label": Role(role).label, "is_chosen": role == chosen}
            for role, title, text in cards
        ]

    @property
    def presets(self):
        """The four usual ways of taking part, as cards to choose from."""
        return self._cards(ROLE_PRESETS)

    @property
    def special_roles(self):
        """The roles that few people need."""
        return self._cards(SPECIAL_ROLES)


class NewMemberForm(MemberForm):
    """Somebody to give a place to; the name is only needed for a person who has no account yet."""

    field_order = ["email", "name", "role", "organization", "title", "is_limited"]
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Needed for somebody who has no account yet.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("role", Role.MEMBER)


class OrganizationForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"))
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(value, capfirst(label)) for value, label in OrganizationKind.choices]


class ApiKeyForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What uses the key, such as “CRM import”."))
    days = forms.TypedChoiceField(
        label=_("Expires"),
        coerce=int,
        choices=[(30, _("in 30 days")), (90, _("in 90 days")), (180, _("in 180 days")), (365, _("in one year"))],
        initial=90,
    )
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)
    campaign_ids = forms.MultipleChoiceField(
        label=_("Only these campaigns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every campaign."),
    )

    def __init__(self, *args, campaigns=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, scope_words(scope)) for scope in known_scopes()]
        self.fields["campaign_ids"].choices = campaigns
        if not campaigns:
            del self.fields["campaign_ids"]

    def values(self):
        values = super().values()
        days = values.pop("days")
        return {**values, "expires_at": timezone.now() + timedelta(days=days)}


AREA_WORDS = {
    "campaigns": _("campaigns, goals and briefs"),
    "budget": _("budgets and commitments"),
    "tasks": _("tasks, plan and problems"),
    "raci": _("the responsibility matrix"),
    "assets": _("assets and reviews"),
    "placements": _("placements and ad accounts"),
    "analytics": _("figures, sources and imports"),
    "risks": _("risks, playbooks and incidents"),
    "accounts": _("people, organisations and settings"),
}


def scope_words(scope):
    """A scope in words."""
    area, _colon, verb = scope.partition(":")
    if scope == "*":
        return _("Everything its maker may do")
    if area == "*":
        return _("Read everything") if verb == "read" else _("Change everything")
    sentence = _("Read %(area)s") if verb == "read" else _("Change %(area)s")
    return sentence % {"area": AREA_WORDS[area]}


class SavedViewForm(ActForm):
    page = forms.CharField(max_length=80)
    name = forms.CharField(label=_("Name"), max_length=80)
    query = forms.CharField(max_length=4000, required=False)


# --- working days ---------------------------------------------------------------------------------------------------


class PersonChoice(forms.ModelChoiceField):
    """A person of the workspace."""

    def __init__(self, **kwargs):
        super().__init__(queryset=User._base_manager.none(), label=_("Person"), empty_label=_("None"), **kwargs)

    def offer(self, actor, *, all_of_them):
        members = Membership.objects.visible_to(actor).of_people()
        people = User.objects.filter(pk__in=members.values("user_id"))
        self.queryset = (people if all_of_them else people.filter(pk=actor.user_id)).order_by("name")


def weekdays():
    """The days of a week by their digits, Monday is 0."""
    return [(str(number), label) for number, label in enumerate(WEEKDAYS.values())]


def country_choices():
    """Countries whose public holidays are known; those of our usual workspaces first."""
    usual = [(code, f"{name} ({code})") for code, name in COUNTRIES.items()]
    others = [(code, code) for code in sorted(countries() - set(COUNTRIES))]
    return [("", _("None: only the week counts")), *usual, *others]


class CalendarForm(ActForm):
    """A calendar's name, country and week."""

    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        help_text=_("With swapped work days (调休), where there are any."),
    )
    days_off = forms.MultipleChoiceField(
        label=_("Days off in a week"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()
        self.fields["days_off"].choices = weekdays()
        self.initial["days_off"] = list(self.row.days_off if self.row else "56")

    def values(self):
        values = super().values()
        return {**values, "days_off": "".join(values["days_off"])}

    def saved(self, name):
        value = super().saved(name)
        return listed((dict(weekdays())[digit] for digit in value), get_language()) if name == "days_off" else value


class NewCalendarForm(CalendarForm):
    """For an organisation or a person that has none yet, or for the workspace."""

    organization = OrganizationChoice()
    user = PersonChoice(required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        manages = can_manage(actor, actor.workspace_id)
        self.fields["organization"].offer(actor)
        self.fields["user"].offer(actor, all_of_them=manages)
        if not manages:
            del self.fields["organization"]
            self.initial["user"] = actor.user_id


class DayForm(ActForm):
    """Kind and name of a day of one's own in a calendar."""

    is_working = forms.TypedChoiceField(
        label=_("Kind"), choices=[("0", _("off")), ("1", _("worked"))], coerce=lambda value: value == "1"
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)

    def __init__(self, *args, row, **options):
        super().__init__(*args, row=row, **options)
        self.initial["is_working"] = "1" if row.is_working else "0"


class DaysForm(ActForm):
    """Days of one's own in a calendar."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=_("Up to"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    is_working = forms.TypedChoiceField(
        label=_("Kind"), choices=[("0", _("off")), ("1", _("worked"))], coerce=lambda value: value == "1"
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)


class AbsenceForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"))
    start_date = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    finish_date = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(value, capfirst(label)) for value, label in AbsenceKind.choices]


class NewAbsenceForm(AbsenceForm):
    field_order = ["user", "kind"]
    user = PersonChoice()

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].offer(actor, all_of_them=can_manage(actor, actor.workspace_id))
        self.fields["user"].empty_label = None
        self.initial.setdefault("user", actor.user_id)
