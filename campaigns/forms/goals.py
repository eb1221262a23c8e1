"""Goals, KPIs and the parts of their targets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from campaigns.choices import Direction, RollUp
from campaigns.forms.fields import FigureField, PersonField, PlanDateField, PlanForm, capped
from campaigns.models import Channel, Goal, Metric
from campaigns.rules import targets


class GoalForm(PlanForm):
    title = forms.CharField(label=_("Goal"), max_length=200)
    parent = forms.ModelChoiceField(queryset=None, label=_("Part of"), required=False, empty_label=_("– top –"))
    owner = PersonField(label=_("Owner"), required=False)
    roll_up = forms.ChoiceField(
        label=_("Roll-up"), help_text=_("How the progress of what stands below adds up."), initial=RollUp.MEAN
    )
    weight = FigureField(label=_("Weight"), max_digits=6, decimal_places=2, min_value=0, initial=1)

    def __init__(self, *args, campaign, row=None, **options):
        super().__init__(*args, row=row, **options)
        self.offer("parent", Goal.objects.visible_to(self.actor).active().of(campaign))
        self.fields["roll_up"].choices = capped(RollUp.choices)
        if row is not None:  # an existing goal is moved by its own act
            del self.fields["parent"]


class MoveForm(forms.Form):
    """Where a goal shall stand: below which goal, at which place."""

    parent = forms.ModelChoiceField(queryset=None, required=False, label=_("Part of"), empty_label=_("– top –"))
    position = forms.IntegerField(required=False, min_value=0, max_value=32_000)

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        self.fields["parent"].queryset = Goal.objects.visible_to(actor).active().of(campaign)


class KpiForm(PlanForm):
    goal = forms.ModelChoiceField(queryset=None, label=_("Goal"))
    name = forms.CharField(label=_("Name"), max_length=160)
    metric = forms.ModelChoiceField(queryset=None, label=_("Metric"), required=False)
    channel = forms.ModelChoiceField(
        queryset=None, label=_("Channel"), required=False, empty_label=_("– all channels –")
    )
    direction = forms.ChoiceField(label=_("Direction"), initial=Direction.INCREASE)
    baseline_value = FigureField(label=_("Baseline"), required=False)
    baseline_source = forms.CharField(label=_("Source of the baseline"), max_length=200, required=False)
    baseline_date = PlanDateField(label=_("Baseline read on"), required=False)
    target_value = FigureField(label=_("Target"), required=False)
    start_date = PlanDateField(label=_("First day"), required=False)
    finish_date = PlanDateField(label=_("Last day"), required=False)
    owner = PersonField(label=_("Owner"), required=False)
    weight = FigureField(label=_("Weight"), max_digits=6, decimal_places=2, min_value=0, initial=1)

    def __init__(self, *args, campaign, **options):
        super().__init__(*args, **options)
        self.offer("goal", Goal.objects.visible_to(self.actor).active().of(campaign))
        self.offer("metric", Metric.objects.visible_to(self.actor).active())
        self.offer("channel", Channel.objects.visible_to(self.actor).active())
        self.fields["direction"].choices = capped(Direction.choices)


class TargetsForm(ActForm):
    """A plan by day: pasted, or spread evenly or by seven weights."""

    mode = forms.ChoiceField(
        choices=[
            (targets.PASTE, _("Pasted")),
            (targets.EVEN, _("Evenly")),
            (targets.WEEKDAY_WEIGHTS, _("By weekday")),
            ("clear", _("No plan by day")),
        ]
    )
    text = forms.CharField(required=False, max_length=200_000, strip=False, widget=forms.Textarea(attrs={"rows": 8}))
    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for number in range(7):
            self.fields[f"w{number}"] = FigureField(
                max_digits=9, decimal_places=3, min_value=0, required=False, initial=1
            )

    @property
    def weights(self):
        """Seven weights, Monday first; an empty one is zero."""
        return [self.cleaned_data[f"w{number}"] or 0 for number in range(7)]


def phase_targets(data, phases):
    """({Phase: Decimal}, {phase pk: sentence}) of the table of targets by phase."""
    values, errors = {}, {}
    field = FigureField(required=False)
    for phase in phases:
        try:
            value = field.clean(data.get(f"phase-{phase.pk}", "").strip())
        except forms.ValidationError as error:
            errors[phase.pk] = " ".join(error.messages)
            continue
        if value is not None:
            values[phase] = value
    return values, errors
