"""Metrics, channels, markets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm, currencies, zones
from campaigns.choices import MetricKind, MetricUnit
from campaigns.forms.fields import capped
from campaigns.rules.vocabulary import LONGEST_LABEL

DIRECTIONS = [("increase", _("higher")), ("decrease", _("lower")), ("neutral", _("neither"))]


class WordForm(ActForm):
    """A word's code and its labels; of a built-in word only the labels can be changed."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("What formulas, files and the API call it."))
    label_en = forms.CharField(label=_("Label in English"), max_length=LONGEST_LABEL, required=False)
    label_zh = forms.CharField(label=_("Label in Chinese"), max_length=LONGEST_LABEL, required=False)

    def __init__(self, *args, row=None, **options):
        super().__init__(*args, row=row, **options)
        if row is None:
            return
        del self.fields["code"]
        self.initial |= {"label_en": row.labels.get("en", ""), "label_zh": row.labels.get("zh-hans", "")}
        if row.is_builtin:
            for name in [name for name in self.fields if name not in ("lock_version", "label_en", "label_zh")]:
                del self.fields[name]

    def values(self):
        values = super().values()
        return values | {"labels": {"en": values.pop("label_en"), "zh-hans": values.pop("label_zh")}}

    def _show_theirs(self):
        super()._show_theirs()
        self.theirs = [*self.theirs, (_("Label"), " / ".join(self.row.labels.values()))]


class MetricForm(WordForm):
    kind = forms.ChoiceField(label=_("Kind"), initial=MetricKind.ADDITIVE)
    unit = forms.ChoiceField(label=_("Unit"), initial=MetricUnit.COUNT)
    direction = forms.ChoiceField(label=_("Better when"), choices=DIRECTIONS, initial="increase")
    decimals = forms.IntegerField(label=_("Digits behind the point"), min_value=0, max_value=6, initial=0)
    formula = forms.CharField(
        label=_("Formula"),
        max_length=200,
        required=False,
        help_text=_("For derived metrics: codes of metrics, numbers, + - * / and brackets, such as cost / clicks."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, choices in (("kind", MetricKind.choices), ("unit", MetricUnit.choices)):
            if name in self.fields:
                self.fields[name].choices = capped(choices)


class ChannelForm(WordForm):
    pass


class MarketForm(WordForm):
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "currency" in self.fields:
            self.fields["currency"].choices = [("", "–"), *currencies()]
            self.fields["time_zone"].choices = [("", "–"), *zones()]
