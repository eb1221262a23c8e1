"""The shape of what people type into the pages of the work."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import PersonField, PlanDateField, PlanForm
from tasks.actions.tags import LONGEST


class ItemForm(forms.Form):
    text = forms.CharField(max_length=300)


class ItemChangeForm(forms.Form):
    text = forms.CharField(max_length=300, required=False)
    is_done = forms.NullBooleanField(required=False)


class DeliverableForm(forms.Form):
    name = forms.CharField(max_length=200)
    criteria = forms.CharField(max_length=300, required=False)


class UploadForm(forms.Form):
    file = forms.FileField(allow_empty_file=True, max_length=500)


class DeliveryForm(forms.Form):
    file = forms.FileField(allow_empty_file=True, max_length=500, required=False)


class TagForm(forms.Form):
    name = forms.CharField(max_length=LONGEST)


class ProblemForm(PlanForm):
    text = forms.CharField(
        label=_("What stands in the way"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
    solver = PersonField(label=_("Who must solve it"))
    due_date = PlanDateField(label=_("Solve by"))


class SolutionForm(forms.Form):
    solution = forms.CharField(label=_("How it was solved"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
