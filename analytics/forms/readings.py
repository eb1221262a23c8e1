"""Readings by hand: a pasted column, or a few lines typed in."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.actions.manual import known_metrics
from analytics.forms.imports import DayInput
from campaigns.models import Channel
from campaigns.rules.targets import parse_pasted_column
from core.errors import PharosError

MOST = 400


class ReadingsForm(forms.Form):
    """`rows` of the cleaned form are (day, Decimal)."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    channel = forms.ModelChoiceField(None, required=False, label=gettext_lazy("Channel"))
    first = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Needed where the readings carry no day of their own: one row a day from here on."),
    )
    text = forms.CharField(
        label=gettext_lazy("Readings"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("Paste one column of figures, or two: day and figure."),
    )

    def __init__(self, *args, workspace_id, **options):
        super().__init__(*args, **options)
        self.metrics = known_metrics(workspace_id)
        choices = sorted(((code, row.label) for code, row in self.metrics.items()), key=lambda pair: pair[1])
        self.fields["metric"].choices = choices
        self.fields["channel"].queryset = Channel.objects.filter(workspace_id=workspace_id, archived_at=None)

    def clean_metric(self):
        return self.metrics[self.cleaned_data["metric"]]

    def clean(self):
        data = super().clean()
        if "text" not in data:
            return data
        try:
            rows = parse_pasted_column(data["text"], start=data.get("first"))
        except PharosError as problem:
            self.add_error("text", str(problem))
            return data
        if any(day is None for day, _value in rows) and not data.get("first"):
            self.add_error("first", _("Say on which day the readings begin."))
        elif len(rows) > MOST:
            self.add_error("text", _("Send at most 400 readings at once."))
        else:
            data["rows"] = _dated(rows, data.get("first"))
        return data


def _dated(rows, first):
    """Rows without a day follow each other from the first one."""
    return [(day or first + timedelta(days=place), value) for place, (day, value) in enumerate(rows)]
