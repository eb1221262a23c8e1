"""Campaign, programme, phase, step."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm, currencies, zones
from campaigns.forms.fields import FigureField, PersonField, PlanDateField, PlanForm
from campaigns.models import Market, Programme
from campaigns.rules import codes
from core.errors import RuleBroken


class ProgrammeForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CampaignForm(PlanForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    code = forms.CharField(
        label=_("Code"),
        max_length=24,
        required=False,
        help_text=_("Stands in addresses and names. Empty: made from name and year, such as D11-2026."),
    )
    programme = forms.ModelChoiceField(queryset=None, label=_("Programme"), required=False)
    owner = PersonField(label=_("Owner"))
    start_date = PlanDateField(label=_("First day"))
    finish_date = PlanDateField(label=_("Last day"))
    currency = forms.ChoiceField(label=_("Currency"))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    budget_amount = FigureField(label=_("Budget frame"), max_digits=18, decimal_places=4, min_value=0, required=False)
    brand_tone = forms.CharField(
        label=_("Brand tone"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    markets = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Markets"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )

    def __init__(self, *args, row=None, **options):
        super().__init__(*args, row=row, **options)
        if row is not None:
            self.initial["markets"] = list(row.markets.all())
            self.fields["code"].required = True
        self.offer("programme", Programme.objects.visible_to(self.actor).active())
        self.offer("markets", Market.objects.visible_to(self.actor).active())
        self.fields["currency"].choices = currencies()
        self.fields["time_zone"].choices = zones()

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        try:
            return codes.clean(code) if code else ""
        except RuleBroken as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        values = super().clean()
        first, last = values.get("start_date"), values.get("finish_date")
        if first and last and last < first:
            self.add_error("finish_date", _("The last day lies before the first one."))
        return values

    def saved(self, name):
        """Markets are many."""
        return ", ".join(map(str, self.row.markets.all())) if name == "markets" else super().saved(name)


class StepForm(ActForm):
    step = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class PhaseForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    start_date = PlanDateField(label=_("First day"))
    finish_date = PlanDateField(label=_("Last day"))
    is_promotion = forms.BooleanField(label=_("Promotion wave"), required=False)
