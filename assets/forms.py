"""The shape of what people type into the pages of assets."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from accounts.models import Organization, User
from assets.choices import AssetKind, Decision, Quorum, RightKind, Shape, Stage
from assets.models import AssetVersion, OutputStandard, ReviewRoute
from assets.rules import pins, standards
from assets.rules.criteria import CRITERIA, MEASURED
from campaigns.choices import Function
from campaigns.forms.fields import PersonField, PlanDateField, PlanForm, capped
from campaigns.forms.fields import people_of as memberships_of
from campaigns.models import Channel, Kpi, Phase
from tasks.forms import people_of
from tasks.models import Task

LEAD = {"min_value": 0, "max_value": 250, "required": False}
UNTOUCHED = _("leave as it is")


def row(model, label, **options):
    """A choice among rows of the workspace; they are set when the actor is known."""
    options = {"required": False, "empty_label": "–", **options}
    return forms.ModelChoiceField(label=label, queryset=model._base_manager.none(), **options)


def long_text(label, rows=3, length=20_000, **options):
    return forms.CharField(
        label=label, max_length=length, required=False, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class AssetForm(PlanForm):
    """All that may change of an asset."""

    title = forms.CharField(label=_("Title"), max_length=200)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Letters, digits and hyphens; file names are matched by it. Suggested when empty."),
    )
    instructions = long_text(_("Instructions for the maker"), 4)
    maker = PersonField(label=_("Maker"), required=False)
    organization = row(Organization, _("Made by (organisation)"))
    standard = row(OutputStandard, _("Output standard"))
    route = row(ReviewRoute, _("Review route"))
    phase, channel = row(Phase, _("Phase")), row(Channel, _("Channel"))
    task = row(Task, _("Task"))
    language = forms.CharField(label=_("Language"), max_length=10, required=False)
    lead_days = forms.IntegerField(
        label=_("Working days before the flight"),
        help_text=_("Counted back from the first day of the earliest flight it is planned for."),
        **LEAD,
    )
    due_date = PlanDateField(
        label=_("Or hand in by"), required=False, help_text=_("Holds while no flight or no lead is known.")
    )
    is_required = forms.BooleanField(label=_("Needed for the launch"), required=False, initial=True)
    kpis = forms.ModelMultipleChoiceField(
        label=_("KPIs"), queryset=Kpi._base_manager.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    SECTIONS = (
        (_("What"), ("title", "kind", "code", "language", "standard", "channel", "phase", "instructions")),
        (_("Who and by when"), ("maker", "organization", "lead_days", "due_date", "route", "is_required")),
        (_("Purpose"), ("task", "kpis")),
    )

    def __init__(self, *args, actor, campaign, row=None, **options):
        super().__init__(*args, actor=actor, row=row, **options)
        self.fill(actor, campaign)
        if row is not None:
            self.fields["code"].required = True
            self.initial["kpis"] = [kpi.pk for kpi in row.kpis.all()]

    def fill(self, actor, campaign):
        """The rows there are to choose from."""
        own = {"kind": self.row.kind} if self.row else {}
        self.fields["organization"].queryset = self.living(Organization, actor, "organization")
        self.fields["standard"].queryset = self.living(OutputStandard, actor, "standard").filter(**own)
        self.fields["route"].queryset = self.living(ReviewRoute, actor, "route").of_or_template(campaign)
        self.fields["channel"].queryset = self.living(Channel, actor, "channel")
        self.fields["phase"].queryset = Phase.objects.visible_to(actor).of(campaign)
        self.offer_names("task", Task.objects.visible_to(actor).of(campaign).active(), "title")
        self.offer_names("kpis", Kpi.objects.visible_to(actor).of(campaign).active().offered())

    def living(self, model, actor, name):
        """Rows not archived, and the one that is chosen already."""
        rows, chosen = model.objects.visible_to(actor), getattr(self.row, f"{name}_id", None)
        return rows.active() | rows.filter(pk=chosen) if chosen else rows.active()

    def sections(self):
        """[(title, [bound field])] as the page shows them."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.SECTIONS]

    def saved(self, name):
        if name == "kpis":
            return ", ".join(kpi.name for kpi in self.row.kpis.all())
        return getattr(self.row, name)

    def _show_theirs(self):
        super()._show_theirs()
        mine = {kpi.pk for kpi in self.cleaned_data.get("kpis", ())}
        if mine == {kpi.pk for kpi in self.row.kpis.all()}:
            self.theirs = [each for each in self.theirs if each[0] != self.fields["kpis"].label]


class NewAssetForm(AssetForm):
    """A new asset: its kind is said once."""

    kind = forms.ChoiceField(label=_("Kind"), choices=capped(AssetKind.choices))


class StageForm(forms.Form):
    """The stage an asset is to take."""

    stage = forms.ChoiceField(choices=Stage.choices)


class BulkForm(forms.Form):
    """What many assets get at once; an empty choice leaves theirs as it is."""

    stage = forms.ChoiceField(label=_("Stage"), choices=[("", UNTOUCHED), *capped(Stage.choices)], required=False)
    maker = row(User, _("Maker"), empty_label=UNTOUCHED)
    organization = row(Organization, _("Made by (organisation)"), empty_label=UNTOUCHED)
    standard = row(OutputStandard, _("Output standard"), empty_label=UNTOUCHED)
    route = row(ReviewRoute, _("Review route"), empty_label=UNTOUCHED)
    phase = row(Phase, _("Phase"), empty_label=UNTOUCHED)
    lead_days = forms.IntegerField(label=_("Working days before the flight"), **LEAD)
    due_date = PlanDateField(label=_("Or hand in by"), required=False)

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        self.fields["maker"].queryset = people_of(actor)
        self.fields["organization"].queryset = Organization.objects.visible_to(actor).active()
        self.fields["standard"].queryset = OutputStandard.objects.visible_to(actor).active()
        self.fields["route"].queryset = ReviewRoute.objects.visible_to(actor).active().of_or_template(campaign)
        self.fields["phase"].queryset = Phase.objects.visible_to(actor).of(campaign)

    def changes(self):
        """Only what was chosen."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class TextForm(forms.Form):
    """The words of the next version, and the version they were written from."""

    text = forms.CharField(label=_("Text"), max_length=100_000, strip=False, widget=forms.Textarea(attrs={"rows": 8}))
    note = forms.CharField(label=_("What changed"), max_length=500, required=False)
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class FileForm(forms.Form):
    """The file of the next version."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=500)
    note = forms.CharField(label=_("What changed"), max_length=500, required=False)


class AddressForm(forms.Form):
    """The address of an H5 page as the next version."""

    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")
    note = forms.CharField(label=_("What changed"), max_length=500, required=False)


class RightForm(ActForm):
    """A licence or release."""

    kind = forms.ChoiceField(label=_("Kind"), choices=capped(RightKind.choices))
    holder = forms.CharField(label=_("From whom"), max_length=200)
    scope = forms.CharField(label=_("What it allows"), max_length=300, required=False)
    start_date = PlanDateField(label=_("First day"), required=False)
    finish_date = PlanDateField(label=_("Last day"), required=False)
    upload = forms.FileField(label=_("Evidence"), required=False, max_length=500)


class DemandField(forms.TypedMultipleChoiceField):
    """Some of the choices of a demand."""

    def __init__(self, demand):
        choices = [(one, standards.named(one)) for one in demand.choices]
        super().__init__(label=demand.label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def demand_field(demand):
    """The form field of a demand of an output standard."""
    if demand.sort == "flag":
        return forms.BooleanField(label=demand.label, required=False)
    if demand.sort == "some":
        return DemandField(demand)
    if demand.sort == "ratio":
        return forms.CharField(label=demand.label, max_length=12, required=False)
    return forms.IntegerField(label=demand.label, min_value=1, max_value=standards.LARGEST, required=False)


class StandardForm(ActForm):
    """An output standard of one kind, with a field for each thing that may be demanded of it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    channel = row(Channel, _("Channel"))
    note = long_text(_("Note"), 2, 5000)

    def __init__(self, *args, actor, kind, row=None, **options):
        super().__init__(*args, row=row, **options)
        self.kind = kind
        self.fields["channel"].queryset = Channel.objects.visible_to(actor).active()
        for demand in standards.DEMANDS[kind]:
            self.fields[demand.code] = demand_field(demand)
            if row is not None:
                self.initial[demand.code] = row.demands.get(demand.code)

    def demand_fields(self):
        return [self[demand.code] for demand in standards.DEMANDS[self.kind]]

    def own_fields(self):
        return [self[name] for name in ("name", "channel", "note")]

    def values(self):
        given = super().values()
        return {
            **{name: given[name] for name in ("name", "channel", "note")},
            "demands": {demand.code: given[demand.code] for demand in standards.DEMANDS[self.kind]},
        }

    def saved(self, name):
        return self.row.channel if name == "channel" else super().saved(name)


class SubmitForm(forms.Form):
    """The route of a review; left empty the asset's own."""

    route = row(ReviewRoute, _("Review route"))

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        self.fields["route"].queryset = ReviewRoute.objects.visible_to(actor).active().of_or_template(campaign)


class VerdictForm(ActForm):
    """What a reviewer says of the bytes they see: `sha256` is that of the version on the page."""

    decision = forms.ChoiceField(label=_("Verdict"), choices=capped(Decision.choices), widget=forms.RadioSelect)
    words = long_text(_("What you say"), 3, 10_000)
    edits = long_text(_("Exact edits"), 3, 100_000)
    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, step, earlier=(), **options):
        super().__init__(*args, **options)
        self.asked = [code for code in step.criteria if code in CRITERIA]
        for code in self.asked:
            self.fields[f"criterion_{code}"] = criterion_field(code)
        if earlier:
            levels = [("", _("the maker")), *((str(one.pk), f"{one.name}") for one in earlier)]
            self.earlier = {str(one.pk): one for one in earlier}
            self.fields["send_back_to"] = forms.ChoiceField(label=_("Send back to"), choices=levels, required=False)

    def criteria(self):
        return [self[f"criterion_{code}"] for code in self.asked]

    def values(self):
        given = super().values()
        answers = {code: given.pop(f"criterion_{code}") for code in self.asked}
        given["criteria"] = {code: said for code, said in answers.items() if said is not None}
        if back := given.pop("send_back_to", ""):
            given["send_back_to"] = self.earlier[back]
        return given

    def _show(self, error):
        """What is wrong with a criterion has no field of its own."""
        error.errors.pop("criteria", None)
        super()._show(error)


def criterion_field(code):
    """Met, not met or unsaid; the expected effect is a number."""
    label = capfirst(CRITERIA[code])
    if code in MEASURED:
        return forms.FloatField(label=label, required=False, min_value=-1e12, max_value=1e12)
    choices = [("", _("unsaid")), ("yes", _("met")), ("no", _("not met"))]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        required=False,
        coerce=lambda said: said == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )


class ReviewerForm(forms.Form):
    """Somebody else who is asked at a level: in one's place, or besides."""

    user = PersonField(label=_("Person"))
    words = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        self.fields["user"].queryset = memberships_of(actor)

    @classmethod
    def twice(cls, actor, *ids):
        """Two of them on one page; the people are asked for once."""
        first, second = (cls(actor=actor, auto_id=each) for each in ids)
        people = list(iter(first.fields["user"].choices))  # without iter() the database counts them first
        first.fields["user"].choices = second.fields["user"].choices = people
        return first, second


class RouteForm(ActForm):
    """Name and note of a review route; its levels are LevelForms beside it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    note = long_text(_("Note"), 2, 2000)


class LevelForm(forms.Form):
    """One level of a route; levels with the same number run side by side."""

    name = forms.CharField(label=_("Level"), max_length=120)
    position = forms.IntegerField(label=_("Step"), min_value=1, max_value=100)
    quorum = forms.ChoiceField(label=_("Who must agree"), choices=capped(Quorum.choices))
    quorum_count = forms.IntegerField(label=_("How many"), min_value=1, max_value=100, required=False)
    due_days = forms.IntegerField(label=_("Working days to decide"), min_value=1, max_value=60, initial=2)
    functions = forms.MultipleChoiceField(
        label=_("Functions"), choices=capped(Function.choices), required=False, widget=forms.CheckboxSelectMultiple
    )
    users = forms.MultipleChoiceField(label=_("People"), required=False, widget=forms.CheckboxSelectMultiple)
    organization = forms.ChoiceField(label=_("Organisation"), required=False)
    criteria = forms.MultipleChoiceField(
        label=_("Criteria"), choices=capped(CRITERIA.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_private = forms.BooleanField(
        label=_("Private"), required=False, help_text=_("Only its reviewers, the makers and managers see what is said.")
    )

    def __init__(self, *args, people, organizations, **options):
        super().__init__(*args, **options)
        self.people = {str(user.pk): user for user in people}
        self.organizations = {str(row.pk): row for row in organizations}
        self.fields["users"].choices = [(key, user.name) for key, user in self.people.items()]
        self.fields["organization"].choices = [("", "–"), *((key, row.name) for key, row in self.organizations.items())]

    def values(self):
        """The level as the act takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name in self.base_fields}
        given["position"] -= 1  # people count from one
        given["users"] = [self.people[key] for key in given["users"]]
        given["organization"] = self.organizations.get(given["organization"])
        return given


class LevelForms(forms.BaseFormSet):
    """The levels of a route, in their order; those marked for removal are left out."""

    def values(self):
        kept = [form for form in self.forms if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")]
        return sorted((form.values() for form in kept), key=lambda level: level["position"])


LevelFormSet = forms.formset_factory(LevelForm, LevelForms, extra=0, can_delete=True, max_num=20, validate_max=True)


# --- remarks and guests ---------------------------------------------------------------------------------------------

SHARE = {"max_digits": 7, "decimal_places": 6, "required": False}
COUNTED = {"min_value": 0, "max_value": 1_000_000, "required": False, "widget": forms.HiddenInput}


def remark_field(label, rows=3):
    return forms.CharField(
        label=label, max_length=pins.LONGEST_REMARK, widget=forms.Textarea(attrs={"rows": rows, "enterkeyhint": "send"})
    )


class PinForm(ActForm):
    """A remark and its place; without a place it is about the whole."""

    lock_version = None
    text = remark_field(_("Remark"))
    is_blocking = forms.BooleanField(label=_("Must be settled before approval"), required=False, initial=True)
    shape = forms.ChoiceField(choices=Shape.choices, required=False, widget=forms.HiddenInput)
    x = forms.DecimalField(label=_("From the left (0 to 1)"), **SHARE)
    y = forms.DecimalField(label=_("From the top (0 to 1)"), **SHARE)
    width = forms.DecimalField(widget=forms.HiddenInput, **SHARE)
    height = forms.DecimalField(widget=forms.HiddenInput, **SHARE)
    page, start, end = (forms.IntegerField(**COUNTED) for _number in range(3))
    seconds = forms.DecimalField(
        max_digits=9, decimal_places=3, max_value=pins.MOST_SECONDS, required=False, widget=forms.HiddenInput
    )

    def clean(self):
        """Somebody who types a place by hand means a point."""
        cleaned = super().clean()
        has_spot = cleaned.get("x") is not None and cleaned.get("y") is not None
        if not cleaned.get("shape") or (cleaned["shape"] == Shape.WHOLE and has_spot):
            cleaned["shape"] = Shape.POINT if has_spot else Shape.WHOLE
        return cleaned

    @property
    def place_errors(self):
        """What is wrong with the place, whose fields nobody sees."""
        return [error for name, errors in self.errors.items() if name not in ("text", "guest_name") for error in errors]


class PartnerPinForm(PinForm):
    """A partner's remark: what must be settled is for the client to say."""

    is_blocking = None


class RewordForm(ActForm):
    """The words of one's own remark."""

    text = remark_field(_("Remark"), 5)
    is_blocking = forms.BooleanField(label=_("Must be settled before approval"), required=False)


class PartnerRewordForm(RewordForm):
    """A partner's: what must be settled is for the client to say."""

    is_blocking = None


class GuestLinkForm(ActForm):
    """A link for somebody without an account."""

    lock_version = None
    name = forms.CharField(label=_("For whom"), max_length=120)
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=14,
        choices=[(1, _("1 day")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days")), (90, _("90 days"))],
    )
    version = forms.ModelChoiceField(
        label=_("Shows"), queryset=AssetVersion._base_manager.none(), required=False, empty_label=_("every version")
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        required=False,
        strip=False,
        help_text=_("Tell it by another way than the link."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    may_comment = forms.BooleanField(label=_("May make remarks"), required=False, initial=True)
    may_download = forms.BooleanField(
        label=_("May download the original"),
        required=False,
        help_text=_(
            "Without it only pictures made of the file are shown; a video that is played can still be recorded."
        ),
    )

    def __init__(self, *args, versions, **options):
        super().__init__(*args, **options)
        self.fields["version"].queryset = versions
        self.fields["version"].label_from_instance = lambda one: _("version %(number)d alone") % {"number": one.number}


class GuestPinForm(PinForm):
    """A guest's remark: they say who they are; what must be settled is for those inside to say."""

    is_blocking = None
    guest_name = forms.CharField(label=_("Your name"), max_length=80)


class GuestReplyForm(ActForm):
    lock_version = None
    text = remark_field(_("Answer"), 2)
    guest_name = forms.CharField(label=_("Your name"), max_length=80)


class GuestPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
