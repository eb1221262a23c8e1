"""What may be asked of the logbook."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import UserKind
from overview.querysets.logbook import GONE, PHAROS
from overview.rules.verbs import APPS, SENTENCES, THINGS

DOERS = {UserKind.PERSON: _("People"), UserKind.SEAT: _("Partners' seats"), UserKind.SERVICE: _("API keys")}
DOERS[GONE] = _("No longer here")


class ActivityFilter(forms.Form):
    """The filters of the activity page. A value nobody offered is said to be wrong, and filters nothing."""

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    who = forms.ChoiceField(label=_("Who"), required=False)
    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    finish = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False, choices=[("", _("Everything")), *APPS.items()])
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False)
    verb = forms.ChoiceField(label=_("Act"), required=False)
    subject = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, doers, campaigns):
        """`doers` are {kind: [(id, name)]}; without `campaigns` the page is that of one."""
        super().__init__(data)
        groups = [(words, doers[kind]) for kind, words in DOERS.items() if doers.get(kind)]
        self.fields["who"].choices = [("", _("Everybody")), *groups, (PHAROS, _("Pharos itself"))]
        self.fields["kind"].choices = [("", _("Everything")), *sorted(THINGS.items(), key=lambda one: str(one[1]))]
        self.fields["verb"].choices = [("", _("All acts")), *_acts()]
        self.fields["campaign"].choices = [("", _("All campaigns")), *((str(one.pk), one.name) for one in campaigns)]
        if not campaigns:
            del self.fields["campaign"]

    def chosen(self):
        """The filters that can be used."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def first(self):
        """What one asks most."""
        return [self[name] for name in ("q", "who", "start", "finish")]

    def rest(self):
        return [self[name] for name in ("campaign", "area", "kind", "verb") if name in self.fields]

    def is_fine(self):
        """Is one of the finer filters in use?"""
        return any(self.data.get(field.name) for field in self.rest())


def _acts():
    """Every act by its sentence, grouped by area."""
    return [
        (
            label,
            [(verb, str(words) % {"thing": "…"}) for verb, words in SENTENCES.items() if verb.startswith(f"{app}.")],
        )
        for app, label in APPS.items()
    ]
