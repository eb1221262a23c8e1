"""The brief: its sections and cards, a document to split, a share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from campaigns.forms.fields import PlanDateField
from campaigns.importers import KINDS
from campaigns.rules import brief as rules
from campaigns.rules import cards

SECTION = "section-"
FREE_TITLE, FREE_TEXT = "free-title-", "free-text-"
BLANK_FREE = 1
LONGEST_TITLE = cards.LONGEST_KEY - len(rules.FREE)


class BriefForm(forms.Form):
    """One text a section of the plan, further sections with a title of their own, and what changed."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(label=_("What changed"), max_length=200, required=False)

    def __init__(self, data=None, *, texts=None, based_on=0):
        """`texts` is {section key: text} to begin with."""
        texts = texts or {}
        super().__init__(data, initial={"based_on": based_on})
        for key, label in rules.LABELS.items():
            self.fields[SECTION + key] = self._text(label, texts.get(key, ""))
        free = [(rules.label(key), text) for key, text in texts.items() if key.startswith(rules.FREE)]
        count = max(len(free), self._sent()) + (0 if data else BLANK_FREE)
        for number in range(count):
            title, text = free[number] if number < len(free) else ("", "")
            self.fields[f"{FREE_TITLE}{number}"] = forms.CharField(
                label=_("Title"), max_length=LONGEST_TITLE, required=False, initial=title
            )
            self.fields[f"{FREE_TEXT}{number}"] = self._text(_("Text"), text)

    def _sent(self):
        return sum(name.startswith(FREE_TITLE) for name in self.data)

    def _text(self, label, initial):
        area = forms.Textarea(attrs={"rows": 8})
        return forms.CharField(
            label=label, required=False, initial=initial, widget=area, strip=False, max_length=cards.LONGEST_SECTION
        )

    def known(self):
        """(key, whether a change is material, bound field) of the sections every brief has."""
        return [(key, key in rules.MATERIAL, self[SECTION + key]) for key in rules.LABELS]

    def free(self):
        """(title, text) bound fields of the further sections."""
        numbers = [name.removeprefix(FREE_TITLE) for name in self.fields if name.startswith(FREE_TITLE)]
        return [(self[FREE_TITLE + number], self[FREE_TEXT + number]) for number in numbers]

    def sections(self):
        """[{"key", "text"}] for the act."""
        values = self.cleaned_data
        found = [{"key": key, "text": values[SECTION + key]} for key in rules.LABELS]
        for name in [name for name in values if name.startswith(FREE_TITLE)]:
            text = values[FREE_TEXT + name.removeprefix(FREE_TITLE)]
            if text.strip():
                found.append({"key": rules.FREE + values[name].strip(), "text": text})
        return found


class PersonaForm(forms.Form):
    name = forms.CharField(label=cards.PERSONA["name"], max_length=120, required=False)
    description = forms.CharField(label=cards.PERSONA["description"], max_length=cards.LONGEST_VALUE, required=False)
    needs = forms.CharField(label=cards.PERSONA["needs"], max_length=cards.LONGEST_VALUE, required=False)
    channels = forms.CharField(label=cards.PERSONA["channels"], max_length=cards.LONGEST_VALUE, required=False)


class OfferForm(forms.Form):
    name = forms.CharField(label=cards.OFFER["name"], max_length=120, required=False)
    price = forms.CharField(label=cards.OFFER["price"], max_length=120, required=False)
    deposit = forms.CharField(label=cards.OFFER["deposit"], max_length=120, required=False)
    gift = forms.CharField(label=cards.OFFER["gift"], max_length=300, required=False)
    start_date = PlanDateField(label=cards.OFFER["start_date"], required=False)
    finish_date = PlanDateField(label=cards.OFFER["finish_date"], required=False)
    terms = forms.CharField(label=cards.OFFER["terms"], max_length=cards.LONGEST_VALUE, required=False)


def _set_of(form):
    return forms.formset_factory(form, extra=1, can_delete=True, max_num=cards.MOST_CARDS, absolute_max=60)


PersonaFormSet = _set_of(PersonaForm)
OfferFormSet = _set_of(OfferForm)


def cards_of(formset):
    """The cards of a valid set, deleted ones left out, as dicts of texts."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [{name: str(value) for name, value in row.items() if value and name != "DELETE"} for row in rows]


class SplitForm(forms.Form):
    text = forms.CharField(
        label=_("Text of the brief"), required=False, max_length=1_000_000, widget=forms.Textarea(attrs={"rows": 14})
    )
    file = forms.FileField(
        label=_("or a document"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(KINDS)})
    )

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("text") and not values.get("file"):
            raise forms.ValidationError(_("Paste a text or choose a file."))
        return values


class ShareForm(forms.Form):
    section = forms.CharField(max_length=cards.LONGEST_KEY, widget=forms.HiddenInput)
    organization = forms.ModelChoiceField(queryset=None, label=_("Organisation"))

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        self.fields["organization"].queryset = Organization.objects.visible_to(actor).active()
