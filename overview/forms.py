"""What may be asked of the logbook."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from overview.rules.verbs import APPS, SENTENCES


class ActivityFilter(forms.Form):
    """The filters of the activity page. A value nobody offered is said to be wrong, and filters nothing."""

    q = forms.CharField(label=_("Thing"), max_length=100, required=False)
    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody"))
    area = forms.ChoiceField(label=_("Area"), required=False, choices=[("", _("Everything")), *APPS.items()])
    verb = forms.ChoiceField(label=_("Act"), required=False)
    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    finish = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, people):
        super().__init__(data)
        self.fields["person"].queryset = people
        self.fields["verb"].choices = [("", _("All acts")), *_acts()]

    def chosen(self):
        """The filters that can be used."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _acts():
    """Every act by its sentence, grouped by area."""
    return [
        (
            label,
            [(verb, str(words) % {"thing": "…"}) for verb, words in SENTENCES.items() if verb.startswith(f"{app}.")],
        )
        for app, label in APPS.items()
    ]
