"""The shape of what people type into the matrix's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from accounts.models import Organization
from campaigns.choices import Function
from campaigns.forms.fields import PersonField, PlanDateField, PlanForm, capped
from campaigns.models import Phase
from raci.choices import HolderKind
from raci.importers.preview import SUPPORTS
from tasks.models import Deliverable, Task


class RowForm(ActForm):
    """A decision or a heading."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("decision", _("Decision")), ("section", _("Heading"))])
    title = forms.CharField(label=_("Title"), max_length=200)
    due_date = PlanDateField(label=_("Due"), required=False)
    is_about_money = forms.BooleanField(label=_("About money"), required=False)


class ChangeForm(ActForm):
    """What a row says of itself: rows of the plan only whether they are about money."""

    title = forms.CharField(label=_("Title"), max_length=200)
    due_date = PlanDateField(label=_("Due"), required=False)
    is_about_money = forms.BooleanField(label=_("About money"), required=False)

    def __init__(self, *args, row, **options):
        super().__init__(*args, row=row, **options)
        if row.kind != "decision":
            del self.fields["due_date"]
        if row.kind not in ("decision", "section"):
            del self.fields["title"]
        if row.kind == "section":
            del self.fields["is_about_money"]


class FromPlanForm(PlanForm):
    """All work of the campaign, of a phase, or one task or deliverable."""

    phase = forms.ModelChoiceField(queryset=None, label=_("Phase"), required=False)
    task = forms.ModelChoiceField(queryset=None, label=_("Task"), required=False)
    deliverable = forms.ModelChoiceField(queryset=None, label=_("Deliverable"), required=False)
    with_deliverables = forms.BooleanField(label=_("With their deliverables"), required=False)

    def __init__(self, *args, campaign, **options):
        super().__init__(*args, **options)
        self.offer("phase", Phase.objects.visible_to(self.actor).of(campaign))
        self.offer_names("task", Task.objects.visible_to(self.actor).of(campaign).active(), "title")
        self.offer_names("deliverable", Deliverable.objects.visible_to(self.actor).of(campaign))

    def values(self):
        """One thing alone comes as a list."""
        typed = super().values()
        task, deliverable = typed.pop("task"), typed.pop("deliverable")
        if task or deliverable:
            return {"tasks": [task] if task else [], "deliverables": [deliverable] if deliverable else []}
        return typed


class HolderForm(PlanForm):
    """One column: the kind says which of the three counts."""

    kind = forms.ChoiceField(label=_("Kind"), choices=HolderKind.choices)
    function = forms.ChoiceField(label=_("Function"), choices=[], required=False)
    user = PersonField(label=_("Person"), required=False)
    organization = forms.ModelChoiceField(queryset=None, label=_("Organisation"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["function"].choices = capped(Function.choices)
        self.offer("organization", Organization.objects.visible_to(self.actor).active())


class TeamForm(forms.Form):
    kind = forms.ChoiceField(choices=HolderKind.choices)


class AnswersForm(forms.Form):
    """What an import goes by: the sheet that was read, what an S becomes, and the preview that was looked at."""

    sheet = forms.CharField(widget=forms.HiddenInput, max_length=5_000_000)
    support = forms.ChoiceField(choices=[(one, one) for one in SUPPORTS])
    digest = forms.CharField(required=False, max_length=64)
