"""Annotations, comments, exchange rates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm, currencies
from campaigns.choices import AnnotationKind
from campaigns.forms.fields import FigureField, PlanDateField, capped


class AnnotationForm(ActForm):
    text = forms.CharField(label=_("What happened"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), initial=AnnotationKind.NOTE)
    start_date = PlanDateField(label=_("First day"))
    finish_date = PlanDateField(label=_("Last day"), required=False, help_text=_("Empty: one day."))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = capped(AnnotationKind.choices)

    def values(self):
        values = super().values()
        return values | {"finish_date": values["finish_date"] or values["start_date"]}


class CommentForm(ActForm):
    text = forms.CharField(label=_("Comment"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)


class RateForm(ActForm):
    date = PlanDateField(label=_("Day"))
    base = forms.ChoiceField(label=_("From"))
    quote = forms.ChoiceField(label=_("To"))
    rate = FigureField(label=_("Rate"), max_digits=20, decimal_places=10)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["base"].choices = self.fields["quote"].choices = currencies()


class RatesForm(ActForm):
    text = forms.CharField(label=_("Rows"), max_length=200_000, strip=False, widget=forms.Textarea(attrs={"rows": 6}))
