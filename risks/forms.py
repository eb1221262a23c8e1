"""The shape of what people type into the pages of risks."""

from django import forms
from django.forms import formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from campaigns.choices import Function
from campaigns.forms.fields import FigureField, PersonField, PlanDateField, PlanForm, capped
from campaigns.models import BudgetLine, Campaign, Channel, Kpi
from placements.models import Placement
from risks.choices import IncidentState, Level, RiskClass, RiskState
from risks.importers import TARGETS
from risks.models import Playbook, Risk
from risks.rules.playbooks import LONGEST, REACTION
from risks.rules.register import IMPACT, PROBABILITY
from tasks.models import Task

HOUR = 60


def _long(label, rows=3, **options):
    most = options.pop("max_length", 10_000)
    return forms.CharField(
        label=label, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class StepField(forms.TypedChoiceField):
    """One of the five steps of a scale, by number and word."""

    def __init__(self, words, **options):
        self.words = words
        super().__init__(coerce=int, empty_value=None, choices=self._choices, **options)

    def _choices(self):
        empty = [] if self.required else [("", "–")]
        return [*empty, *((step, f"{step} · {word}") for step, word in self.words.items())]


class RiskForm(PlanForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    risk_class = forms.ChoiceField(label=_("Class"), choices=[])
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("The next number when left empty.")
    )
    description = _long(_("Description"))
    probability = StepField(PROBABILITY, label=_("Probability"), initial=3)
    impact = StepField(IMPACT, label=_("Impact"), initial=3)
    response = _long(_("Response"), help_text=_("What makes it less probable or less grave."))
    probability_after = StepField(PROBABILITY, label=_("Probability after the response"), required=False)
    impact_after = StepField(IMPACT, label=_("Impact after the response"), required=False)
    playbook = forms.ModelChoiceField(
        queryset=None, label=_("Playbook"), required=False, help_text=_("What is done when it comes true.")
    )
    owner = PersonField(label=_("Owner"), required=False)
    deputy = PersonField(label=_("Deputy"), required=False)
    review_date = PlanDateField(label=_("Review on"), required=False)
    kpi = forms.ModelChoiceField(queryset=None, label=_("KPI"), required=False)
    placement = forms.ModelChoiceField(queryset=None, label=_("Placement"), required=False)
    task = forms.ModelChoiceField(queryset=None, label=_("Task"), required=False)
    budget_line = forms.ModelChoiceField(queryset=None, label=_("Budget line"), required=False)
    notes = _long(_("Notes"), max_length=20_000)
    lesson = _long(_("Lesson"))

    SECTIONS = (
        (_("What may go wrong"), ("title", "risk_class", "code", "description")),
        (_("How likely, how grave"), ("probability", "impact")),
        (_("How it is answered"), ("response", "probability_after", "impact_after", "playbook")),
        (_("Who looks after it"), ("owner", "deputy", "review_date")),
        (_("What it is about"), ("kpi", "placement", "task", "budget_line")),
        (_("More"), ("notes", "lesson")),
    )
    WIDE = frozenset({"title", "description", "response", "notes", "lesson"})

    def __init__(self, *args, campaign, **options):
        super().__init__(*args, **options)
        self.fields["risk_class"].choices = capped(RiskClass.choices)
        self.offer("playbook", Playbook.objects.visible_to(self.actor).for_campaign(campaign))
        self.offer_names("kpi", Kpi.objects.visible_to(self.actor).of(campaign).active().offered())
        self.offer_names("placement", Placement.objects.visible_to(self.actor).of(campaign).active())
        self.offer_names("budget_line", BudgetLine.objects.visible_to(self.actor).of(campaign).active())
        self.offer_names("task", Task.objects.visible_to(self.actor).of(campaign).active().offered(), "title")

    def sections(self):
        """[(title, [(bound field, whether it takes the whole width)])] as the page shows them."""
        return [(title, [(self[name], name in self.WIDE) for name in names]) for title, names in self.SECTIONS]

    def saved(self, name):
        linked = ("playbook", "owner", "deputy", "kpi", "placement", "task", "budget_line")
        return getattr(self.row, name) if name in linked else super().saved(name)


class MoveForm(forms.Form):
    state = forms.ChoiceField(choices=RiskState.choices)


class ReviewForm(ActForm):
    review_date = PlanDateField(label=_("Look at it again on"))


class PlaybookForm(PlanForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    risk_class = forms.ChoiceField(label=_("Class"), choices=[])
    strategy = _long(_("Strategy"), 4)
    fallback = _long(_("Fallback"), 3, help_text=_("What is done when the strategy does not hold."))
    pause_all = forms.BooleanField(label=_("Pause all placements"), required=False)
    pause_channels = forms.MultipleChoiceField(
        label=_("Pause the channels"), required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )
    pause_platforms = forms.CharField(
        label=_("Pause the platforms"),
        max_length=2000,
        required=False,
        help_text=_("As the placements name them, with commas between."),
    )

    def __init__(self, *args, **options):
        row = options.get("row")
        if row is not None:
            options["initial"] = self._typed(row)
        super().__init__(*args, **options)
        self.fields["risk_class"].choices = capped(RiskClass.choices)
        channels = Channel.objects.visible_to(self.actor).active()
        self.fields["pause_channels"].choices = [(one.code, one.label) for one in channels]
        for level, label in Level.choices:
            most = REACTION[level]
            self.fields[f"level_{level}"] = forms.IntegerField(
                label=capfirst(label), required=False, min_value=1, max_value=most, help_text=_("at most %d") % most
            )
            self.initial.setdefault(f"level_{level}", (row.levels if row else {}).get(level))

    @staticmethod
    def _typed(row):
        found = {name: row.said(name) for name in ("name", "strategy", "fallback")}
        found |= {name: getattr(row, name) for name in ("risk_class", "pause_all", "pause_channels", "lock_version")}
        return found | {"pause_platforms": ", ".join(row.pause_platforms)}

    def level_fields(self):
        return [self[f"level_{level}"] for level in Level.values]

    def values(self):
        typed = super().values()
        levels = {level: typed.pop(f"level_{level}") for level in Level.values}
        platforms = typed["pause_platforms"].replace("，", ",").split(",")
        return typed | {"levels": {k: v for k, v in levels.items() if v}, "pause_platforms": platforms}

    def saved(self, name):
        if name in ("name", "strategy", "fallback"):
            return self.row.said(name)
        return super().saved(name)


class MessageForm(forms.Form):
    name = forms.CharField(label=_("Message"), max_length=120, required=False)
    text = _long(_("Text"), 3, max_length=5000)


class MessageFormSet(formset_factory(MessageForm, extra=1, max_num=20, validate_max=True)):
    """The message templates of a playbook, with an empty line for one more; a line without a text is dropped."""

    def messages(self):
        lines = [form.cleaned_data for form in self.forms]
        return [{"name": one.get("name", ""), "text": one.get("text", "")} for one in lines if one.get("text")]


UNITS = (("1", _("minutes")), ("60", _("hours")), ("1440", _("days")))


class ScriptForm(ActForm):
    """A step of a playbook."""

    title = forms.CharField(label=_("Step"), max_length=200)
    detail = _long(_("How"), 2, max_length=5000)
    function = forms.ChoiceField(label=_("Function"), choices=[], required=False)
    amount = forms.IntegerField(
        label=_("Within"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=_("Of the start. Empty: the reaction time of the level."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial="1")
    min_level = forms.ChoiceField(label=_("From level"), choices=[], required=False)

    def __init__(self, *args, row=None, **options):
        if row is not None:
            options["initial"] = self._typed(row)
        super().__init__(*args, row=row, **options)
        self.fields["function"].choices = [("", _("Whoever answers for it")), *capped(Function.choices)]
        self.fields["min_level"].choices = [("", _("Always")), *capped(Level.choices)]

    @staticmethod
    def _typed(row):
        minutes = row.deadline_minutes
        unit = next((each for each in (1440, HOUR) if minutes and minutes % each == 0), 1)
        found = {"title": row.said("title"), "detail": row.said("detail"), "function": row.function}
        found |= {"min_level": row.min_level, "lock_version": row.lock_version}
        return found | {"amount": minutes and minutes // unit, "unit": str(unit)}

    def values(self):
        typed = super().values()
        amount, unit = typed.pop("amount"), int(typed.pop("unit"))
        return typed | {"deadline_minutes": amount * unit if amount else None}


class AdoptForm(ActForm):
    campaign = forms.ModelChoiceField(queryset=None, label=_("Campaign"))

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(actor).active().order_by("-start_date")


class StartForm(ActForm):
    """What a tap on the start page says."""

    playbook = forms.ModelChoiceField(queryset=None, label=_("Playbook"))
    level = forms.ChoiceField(label=_("Level"), choices=[("", ""), *Level.choices], required=False)
    risk = forms.ModelChoiceField(queryset=None, label=_("Risk"), required=False)
    is_drill = forms.BooleanField(label=_("Drill"), required=False)
    token = forms.CharField(max_length=64, required=False)

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        self.fields["playbook"].queryset = Playbook.objects.visible_to(actor).for_campaign(campaign)
        self.fields["risk"].queryset = Risk.objects.visible_to(actor).of(campaign).active()


class EntryForm(ActForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("note", _("Note")), ("message", _("Message sent")), ("figure", _("Figure"))],
        widget=forms.RadioSelect,
        initial="note",
    )
    text = forms.CharField(
        label=_("What happened"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    figure_name = forms.CharField(label=_("Figure"), max_length=120, required=False)
    value = FigureField(label=_("Value"), required=False)


class LevelForm(ActForm):
    level = forms.ChoiceField(choices=Level.choices)


class HandOverForm(PlanForm):
    owner = PersonField(label=_("Who does it"))

    def people(self):
        """[(id, name)] of whoever may take a step; asked for once for all steps of a page."""
        if not hasattr(self, "_people"):
            self._people = [(one.user_id, one.user.name) for one in self.fields["owner"].queryset]
        return self._people


class PostMortemForm(ActForm):
    what_happened = _long(_("What happened"))
    cause = _long(_("Cause"), 2)
    went_well = _long(_("What went well"), 2)
    went_badly = _long(_("What went badly"), 2)
    recovery = _long(_("How things recovered"), 2)
    lesson = _long(_("Lesson"), 2)


class IncidentMoveForm(PostMortemForm):
    state = forms.ChoiceField(choices=IncidentState.choices)

    def values(self):
        """Only the texts that were typed: a plain button sends none."""
        return {name: value for name, value in super().values().items() if name == "state" or name in self.data}


class FileForm(ActForm):
    file = forms.FileField(label=_("File"), required=False, help_text=_("CSV, .xlsx or Markdown, up to 5 MB."))
    text = forms.CharField(
        label=_("or the table as text"), required=False, max_length=5_000_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean(self):
        values = super().clean()
        if not values.get("file") and not (values.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste a table."))
        return values

    def content(self):
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"].encode()


class SheetForm(forms.Form):
    """What the preview of a file sends back."""

    sheet = forms.CharField(max_length=20_000_000)
    without_faulty = forms.BooleanField(required=False)


def target_choices():
    """What a column may mean."""
    return capped(TARGETS.items())
