"""Access to tools and accounts, lines that are signed by name, the launch."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from campaigns.choices import AccessKind, AccessLevel, ProofKind
from campaigns.forms.fields import PersonField, PlanDateField, PlanForm, capped


class ReadinessLineForm(PlanForm):
    title = forms.CharField(label=_("What must be so"), max_length=200)
    owner = PersonField(label=_("Who signs it"))
    needed = forms.CharField(
        label=_("Evidence needed"),
        max_length=500,
        required=False,
        help_text=_("Such as: shift plan of the sale night, or the report of the load test."),
    )
    expires_date = PlanDateField(
        label=_("Valid until"), required=False, help_text=_("A signature turns red after this day.")
    )


class SignForm(ActForm):
    evidence = forms.CharField(
        label=_("What you saw"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    upload = forms.FileField(label=_("File as evidence"), required=False)
    expires_date = PlanDateField(label=_("Valid until"), required=False)


class LaunchForm(ActForm):
    reason = forms.CharField(
        label=_("Why the launch goes ahead all the same"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AccessItemForm(PlanForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: capped(AccessKind.choices))
    subject = forms.ChoiceField(
        label=_("Ad account or data source"),
        required=False,
        help_text=_("A successful pull of it proves the access by itself."),
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    owner = PersonField(label=_("Owner"))
    level = forms.ChoiceField(
        label=_("Access level"), choices=lambda: capped(AccessLevel.choices), initial=AccessLevel.EDIT
    )
    address = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    requested_date = PlanDateField(label=_("Requested on"), required=False)
    granted_date = PlanDateField(label=_("Granted on"), required=False)
    expires_date = PlanDateField(label=_("Expires on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args, subjects=(), **options):
        super().__init__(*args, **options)
        self.subjects = {subject.key: subject for subject in subjects}
        choices = [(subject.key, subject.label) for subject in subjects]
        gone = self.row and self.row.subject not in self.subjects and self.row.subject_label
        if gone:
            choices.append((self.row.subject, self.row.subject_label))
        self.fields["subject"].choices = [("", _("None")), *choices]

    def values(self):
        """The chosen Subject for its key; one that is gone meanwhile stays as it was."""
        values = super().values()
        key = values.pop("subject")
        if not key or key in self.subjects:
            values["subject"] = self.subjects.get(key)
        return values


class MarkForm(forms.Form):
    step = forms.ChoiceField(choices=[("requested", ""), ("granted", "")])


class ProofForm(ActForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=lambda: capped([(kind, label) for kind, label in ProofKind.choices if kind != ProofKind.PULL]),
    )
    note = forms.CharField(label=_("What was seen"), max_length=500, required=False)
    upload = forms.FileField(label=_("File as evidence"), required=False)
