"""The shape of what people type into the pages of the work."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from accounts.models import Membership, Organization, User, WorkCalendar
from campaigns.forms.fields import FigureField, PersonField, PlanDateField, PlanForm, capped
from campaigns.models import Channel, Kpi, Phase
from tasks.choices import Buffer, Constraint, Direction, LinkKind, Pattern, Shift, TaskKind, TaskState
from tasks.models import Task
from tasks.rules import recurrences
from tasks.rules.checks import LAG, LONGEST

AS_IT_IS = _("As it is")


def people_of(actor):
    """Everybody who belongs to the workspace."""
    members = Membership.objects.visible_to(actor).of_people().values("user")
    return User.objects.filter(pk__in=members).order_by("name")


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


class ProblemForm(PlanForm):
    text = forms.CharField(
        label=_("What stands in the way"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
    solver = PersonField(label=_("Who must solve it"))
    due_date = PlanDateField(label=_("Solve by"))


class PartnerProblemForm(ActForm):
    """What a partner says: whoever owns the campaign has to solve it."""

    lock_version = None
    text = forms.CharField(label=_("What stands in the way"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    due_date = PlanDateField(label=_("Solve by"))


class ProgressForm(forms.Form):
    progress = forms.IntegerField(min_value=0, max_value=100)


class SolutionForm(forms.Form):
    solution = forms.CharField(label=_("How it was solved"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=TaskState.choices)
    lock_version = forms.IntegerField(required=False)


class QuickForm(forms.Form):
    """The line at the foot of the list: a title, in the group and below the task at hand."""

    title = forms.CharField(max_length=200)
    phase = forms.ModelChoiceField(queryset=None, required=False)
    parent = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        self.fields["phase"].queryset = Phase.objects.visible_to(actor).of(campaign)
        self.fields["parent"].queryset = Task.objects.visible_to(actor).of(campaign).active()


class CellForm(forms.Form):
    """One field of one task, as the list sends it: `field`, `value` (of assignees: several), the version seen."""

    CELLS = {
        "title": forms.CharField(max_length=200),
        "state": forms.ChoiceField(choices=TaskState.choices),
        "start_date": PlanDateField(required=False),
        "finish_date": PlanDateField(required=False),
        "duration_days": forms.IntegerField(min_value=0, max_value=10_000),
        "progress": forms.IntegerField(min_value=0, max_value=100),
        "predecessors": forms.CharField(max_length=500, required=False),
    }
    field = forms.ChoiceField(choices=[(name, name) for name in (*CELLS, "assignees")])
    lock_version = forms.IntegerField(required=False)

    def __init__(self, data, *, actor):
        super().__init__(data)
        self.actor = actor

    def clean(self):
        typed = super().clean()
        if typed.get("field") == "assignees":
            field = forms.ModelMultipleChoiceField(people_of(self.actor), required=False)
            typed["value"] = list(field.clean([key for key in self.data.getlist("value") if key]))
        elif typed.get("field"):
            typed["value"] = self.CELLS[typed["field"]].clean(self.data.get("value", ""))
        return typed


class BulkForm(forms.Form):
    """What the chosen tasks get together; what is left as it is stays."""

    state = forms.ChoiceField(label=_("State"), choices=[("", AS_IT_IS), *capped(TaskState.choices)], required=False)
    assignees = forms.ModelMultipleChoiceField(label=_("Assignees"), queryset=None, required=False)
    phase = forms.ModelChoiceField(label=_("Phase"), queryset=None, required=False, empty_label=AS_IT_IS)
    channel = forms.ModelChoiceField(label=_("Channel"), queryset=None, required=False, empty_label=AS_IT_IS)
    organization = forms.ModelChoiceField(label=_("Organisation"), queryset=None, required=False, empty_label=AS_IT_IS)
    shift_days = forms.IntegerField(
        label=_("Shift by working days"),
        min_value=-500,
        max_value=500,
        required=False,
        help_text=_("Negative: earlier."),
    )
    add_tags = forms.CharField(label=_("Add tags"), max_length=300, required=False, help_text=_("Parted by commas."))
    archive = forms.BooleanField(label=_("Archive them with their sub-tasks"), required=False)

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        self.fields["assignees"].queryset = people_of(actor)
        self.fields["assignees"].widget.attrs["size"] = 4
        self.fields["phase"].queryset = Phase.objects.visible_to(actor).of(campaign)
        self.fields["channel"].queryset = Channel.objects.visible_to(actor).active()
        self.fields["organization"].queryset = Organization.objects.visible_to(actor).active()

    def changes(self):
        """What was chosen."""
        found = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        if not found.get("assignees"):
            found.pop("assignees", None)
        return found


class TaskForm(PlanForm):
    """All that is planned of a task."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=capped(TaskKind.choices), initial=TaskKind.TASK)
    parent = forms.ModelChoiceField(label=_("Sub-task of"), queryset=None, required=False, empty_label="–")
    phase = forms.ModelChoiceField(label=_("Phase"), queryset=None, required=False, empty_label="–")
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    assignees = forms.ModelMultipleChoiceField(
        label=_("Assignees"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )
    organization = forms.ModelChoiceField(label=_("Organisation"), queryset=None, required=False, empty_label="–")
    channel = forms.ModelChoiceField(label=_("Channel"), queryset=None, required=False, empty_label="–")
    start_date = PlanDateField(
        label=_("Start"), required=False, help_text=_("Empty: as soon as its predecessors allow.")
    )
    finish_date = PlanDateField(label=_("Finish"), required=False, help_text=_("Empty: from start and duration."))
    duration_days = forms.IntegerField(
        label=_("Duration (working days)"), min_value=0, max_value=10_000, required=False
    )
    predecessors = forms.CharField(
        label=_("Predecessors"),
        max_length=500,
        required=False,
        help_text=_("Numbers of the list, such as 3FS+2d; 5SS."),
    )
    effort_hours = FigureField(label=_("Effort (hours)"), max_digits=8, decimal_places=2, min_value=0, required=False)
    cost_amount = FigureField(label=_("Planned cost"), max_digits=18, decimal_places=4, min_value=0, required=False)
    deadline = PlanDateField(label=_("Deadline"), required=False)
    is_fixed = forms.BooleanField(
        label=_("Fixed date"), required=False, help_text=_("It stays on its day whatever its predecessors do.")
    )
    constraint = forms.ChoiceField(label=_("Constraint"), choices=capped(Constraint.choices), required=False)
    constraint_date = PlanDateField(label=_("Constraint day"), required=False)
    calendar = forms.ModelChoiceField(
        label=_("Calendar"), queryset=None, required=False, empty_label=_("That of the plan")
    )
    tags = forms.CharField(label=_("Tags"), max_length=800, required=False, help_text=_("Parted by commas."))
    kpis = forms.ModelMultipleChoiceField(
        label=_("KPIs it serves"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    SECTIONS = (
        (_("What"), ("title", "kind", "parent", "phase", "description")),
        (_("Who and where"), ("assignees", "organization", "channel")),
        (_("When"), ("start_date", "finish_date", "duration_days", "predecessors", "deadline", "is_fixed")),
        (_("Effort and purpose"), ("effort_hours", "cost_amount", "tags", "kpis")),
    )
    ADVANCED = ("constraint", "constraint_date", "calendar")

    def __init__(self, *args, actor, campaign, row=None, before="", **options):
        super().__init__(*args, actor=actor, row=row, **options)
        self.offer_names("parent", self._parents(campaign), "title")
        self.offer("phase", Phase.objects.visible_to(actor).of(campaign))
        self.offer("assignees", people_of(actor))
        self.offer("organization", Organization.objects.visible_to(actor).active())
        self.offer("channel", Channel.objects.visible_to(actor).active())
        self.offer("calendar", WorkCalendar.objects.visible_to(actor))
        self.offer_names("kpis", Kpi.objects.visible_to(actor).of(campaign).active().offered())
        if row is not None:
            self.initial |= {name: list(getattr(row, name).all()) for name in ("assignees", "kpis")}
            self.initial |= {"tags": ", ".join(tag.name for tag in row.tags.all()), "predecessors": before}
            self.before = before

    def _parents(self, campaign):
        rows = Task.objects.visible_to(self.actor).of(campaign).active().filter(kind=TaskKind.TASK).offered()
        return rows.exclude(pk=self.row.pk) if self.row is not None else rows

    @property
    def sections(self):
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    @property
    def advanced(self):
        return [self[name] for name in self.ADVANCED]

    def values(self):
        """Only what was touched: dates that the schedule worked out are not asked for again."""
        typed = super().values()
        if typed.get("duration_days") is None:
            typed.pop("duration_days")
        changed = (
            set(self.changed_data)
            if self.row is not None
            else {name for name in typed if typed[name] not in (None, "")}
        )
        found = {name: value for name, value in typed.items() if name in changed}
        if "tags" in found:
            found["tags"] = [name.strip() for name in found["tags"].replace("，", ",").split(",") if name.strip()]
        return found

    def saved(self, name):
        """Relations are many."""
        if name in ("assignees", "kpis", "tags"):
            return ", ".join(map(str, getattr(self.row, name).all()))
        return super().saved(name)


class RecurrenceForm(PlanForm):
    """A recurring task, its rule in words."""

    title = forms.CharField(label=_("Title"), max_length=200)
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    pattern = forms.ChoiceField(label=_("Repeats"), choices=capped(Pattern.choices), initial=Pattern.WEEKLY)
    every = forms.IntegerField(
        label=_("Every"), min_value=1, max_value=recurrences.MOST_APART, initial=1, help_text=_("days, weeks or months")
    )
    weekdays = forms.MultipleChoiceField(
        label=_("On"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"})
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("In a shorter month its last day."),
    )
    shift = forms.ChoiceField(label=_("On a day off"), choices=capped(Shift.choices), initial=Shift.NEXT)
    start_date = PlanDateField(label=_("First day"))
    finish_date = PlanDateField(label=_("Last day"), required=False)
    duration_days = forms.IntegerField(label=_("Duration (working days)"), min_value=1, max_value=1000, initial=1)
    effort_hours = FigureField(label=_("Effort (hours)"), max_digits=8, decimal_places=2, min_value=0, required=False)
    ahead_days = forms.IntegerField(label=_("Made ahead (days)"), min_value=0, max_value=365, initial=14)
    phase = forms.ModelChoiceField(label=_("Phase"), queryset=None, required=False, empty_label="–")
    assignees = forms.ModelMultipleChoiceField(
        label=_("Assignees"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )

    def __init__(self, *args, actor, campaign, row=None, **options):
        super().__init__(*args, actor=actor, row=row, **options)
        self.fields["weekdays"].choices = list(enumerate(map(capfirst, recurrences.weekday_names())))
        self.offer("phase", Phase.objects.visible_to(actor).of(campaign))
        self.offer("assignees", people_of(actor))
        if row is not None:
            self.initial |= recurrences.pattern_of(row.rule)
            self.initial["assignees"] = list(row.assignees.all())

    def values(self):
        """The rule in place of its parts."""
        typed = super().values()
        parts = {name: typed.pop(name) for name in ("pattern", "every", "weekdays", "month_day")}
        return typed | {"rule": recurrences.rule_of(**parts | {"month_day": parts["month_day"] or 1})}

    def saved(self, name):
        if name == "assignees":
            return ", ".join(map(str, self.row.assignees.all()))
        return super().saved(name)


class BaselineForm(ActForm):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Such as “as agreed at the kickoff”."))


class FrameForm(PlanForm):
    """What the whole plan is worked out from."""

    direction = forms.ChoiceField(label=_("Dates are worked out"), choices=capped(Direction.choices))
    start_date = PlanDateField(label=_("Start of the work"))
    launch_date = PlanDateField(label=_("Launch"), required=False, help_text=_("The day to plan back from."))
    calendar = forms.ModelChoiceField(
        label=_("Calendar"), queryset=None, required=False, empty_label=_("That of the workspace")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.offer("calendar", WorkCalendar.objects.visible_to(self.actor))


class TagForm(ActForm):
    name = forms.CharField(label=_("Tag"), max_length=40)


class MoveForm(forms.Form):
    """How tasks move, and whether it is only looked at."""

    buffer = forms.ChoiceField(label=_("What waits for them"), choices=capped(Buffer.choices), initial=Buffer.KEEP)
    dry_run = forms.BooleanField(required=False)


class MovedDaysForm(forms.Form):
    """The days one task is to have; what is left empty stays."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    start_date = PlanDateField(label=_("Start"), required=False)
    finish_date = PlanDateField(label=_("Finish"), required=False)
    duration_days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST, required=False)

    def __init__(self, *args, row, **options):
        super().__init__(*args, initial={"lock_version": row.lock_version}, **options)
        for name in ("finish_date", "duration_days") if row.is_milestone else ("duration_days",) * row.is_summary:
            del self.fields[name]

    def days(self):
        """What was asked for."""
        names = ("start_date", "finish_date", "duration_days")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name) is not None}


class LinkForm(PlanForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=capped(LinkKind.choices), initial=LinkKind.FS)
    lag_days = forms.IntegerField(
        label=_("Lag (working days)"), min_value=-LAG, max_value=LAG, initial=0, help_text=_("Below 0: a lead.")
    )


class NewLinkForm(LinkForm):
    predecessor = forms.ModelChoiceField(label=_("Waits for"), queryset=None)

    field_order = ["lock_version", "predecessor"]

    def __init__(self, *args, task, **options):
        super().__init__(*args, **options)
        rows = Task.objects.visible_to(self.actor).of(task.campaign).active()
        self.offer_names("predecessor", rows.exclude(pk=task.pk).offered(), "title")
