"""The shape of an expected range, and of the source of record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.choices import RangeKind
from analytics.models import Source
from campaigns.forms.fields import FigureField, PlanForm, capped
from campaigns.models import Channel, Kpi, Metric


class RangeForm(PlanForm):
    """Metric, channel, and either fixed bounds or a share of the day's plan."""

    metric = forms.ModelChoiceField(queryset=None, label=_("Metric"))
    channel = forms.ModelChoiceField(queryset=None, label=_("Channel"), required=False, empty_label=_("All channels"))
    kind = forms.ChoiceField(label=_("Bounds are"), choices=capped(RangeKind.choices), initial=RangeKind.FIXED)
    low = FigureField(label=_("From"), required=False)
    high = FigureField(label=_("To"), required=False)
    kpi = forms.ModelChoiceField(
        queryset=None,
        label=_("Plan of the KPI"),
        required=False,
        help_text=_("Whose plan by day the share is of; cost goes by the media schedule."),
    )

    def __init__(self, *args, campaign, **options):
        super().__init__(*args, **options)
        metrics = Metric.objects.visible_to(self.actor).active().filter(kind__in=("additive", "derived"))
        self.offer("metric", metrics)
        self.offer("channel", Channel.objects.visible_to(self.actor).active())
        self.offer_names("kpi", Kpi.objects.visible_to(self.actor).active().of(campaign))


class RecordSourceForm(PlanForm):
    """The source a KPI goes by."""

    source = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Source of record"), empty_label=_("All matched figures together")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.offer("source", Source.objects.visible_to(self.actor).active())
