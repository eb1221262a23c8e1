"""The shape of what people type into the pages of placements."""

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm, currencies, zones
from accounts.models import Membership, Organization, User
from assets.models import Asset, OutputStandard
from campaigns.forms.fields import AmountField as FigureField
from campaigns.forms.fields import offer_names
from campaigns.models import BudgetLine, Channel, Kpi, Phase
from placements.choices import BuyingModel, CountingLevel, PlacementState, PlatformStatus
from placements.models import AdAccount, Slot
from placements.rules import spread

FIRST_DAY, LAST_DAY = "2000-01-01", "2100-12-31"
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def people_of(actor):
    """Everybody who belongs to the workspace."""
    members = Membership.objects.visible_to(actor).of_people().values("user")
    return User.objects.filter(pk__in=members).order_by("name")


class DayField(forms.DateField):
    """A day of a plan, between 2000 and 2100."""

    def __init__(self, **options):
        attrs = {"type": "date", "min": FIRST_DAY, "max": LAST_DAY}
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs=attrs), **options)

    def clean(self, value):
        day = super().clean(value)
        if day and not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Use a day between 2000 and 2100."))
        return day


def _capped(choices, empty=None):
    named = [(value, capfirst(label)) for value, label in choices]
    return named if empty is None else [("", empty), *[each for each in named if each[0]]]


def _text(label, length, **options):
    return forms.CharField(label=label, max_length=length, required=False, **options)


def _long(label, **options):
    return _text(label, 5000, widget=forms.Textarea(attrs={"rows": 2}), **options)


class RowChoice(forms.ModelChoiceField):
    """A row of the workspace; its rows are set when the actor is known."""

    def __init__(self, model, **options):
        super().__init__(queryset=model._base_manager.none(), empty_label=options.pop("empty_label", "–"), **options)


class PlacementForm(ActForm):
    """All fields of a placement in the sections of a media schedule."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = _text(_("Code"), 40, help_text=_("Letters, digits and hyphens; suggested from channel and name when empty."))
    channel = RowChoice(Channel, label=_("Channel"))
    platform = _text(_("Platform"), 40)
    position = _text(_("Ad format / position"), 160)
    phase = RowChoice(Phase, label=_("Phase"), required=False)
    budget_line = RowChoice(BudgetLine, label=_("Budget line"), required=False)
    owner = RowChoice(User, label=_("Owner"), required=False)
    organization = RowChoice(Organization, label=_("Agency or vendor"), required=False)
    ad_account = RowChoice(AdAccount, label=_("Ad account"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    budget_amount = FigureField(label=_("Budget"))
    daily_cap = FigureField(label=_("Daily cap"))
    buying_model = forms.ChoiceField(
        label=_("Buying model"), choices=_capped(BuyingModel.choices, _("not set")), required=False
    )
    list_price = FigureField(label=_("List price"))
    discount = FigureField(label=_("Discount %"), help_text=_("What is taken off: 30 means 70 % is paid."))
    net_price = FigureField(label=_("Net price"), help_text=_("Worked out from list price and discount when empty."))
    rebate = FigureField(label=_("Rebate %"))
    tax_rate = FigureField(label=_("Tax %"))
    bonus = _text(_("Bonus"), 200)
    targeting = _long(_("Target audience"))
    day_parting = _text(_("Day-parting"), 200)
    landing_url = forms.URLField(label=_("Landing page"), max_length=1000, required=False, assume_scheme="https")
    monitoring_code = _text(_("Monitoring code"), 400)
    platform_id = _text(_("Id at the platform"), 120, help_text=_("Figures of this id belong to this placement."))
    utm_campaign, utm_content = _text("utm_campaign", 160), _text("utm_content", 160)
    account_status = forms.ChoiceField(
        label=_("Account status"), choices=_capped(PlatformStatus.choices, _("Not submitted")), required=False
    )
    creative_status = forms.ChoiceField(
        label=_("Creative status"), choices=_capped(PlatformStatus.choices, _("Not submitted")), required=False
    )
    status_reason = _text(_("Reason of the platform"), 300)
    kpis = forms.ModelMultipleChoiceField(
        label=_("KPIs"), queryset=Kpi._base_manager.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = _long(_("Note"))

    SECTIONS = (
        (
            _("What"),
            ("name", "code", "channel", "platform", "position", "phase", "owner", "organization", "ad_account"),
        ),
        (
            _("Money"),
            (
                "budget_line",
                "currency",
                "budget_amount",
                "daily_cap",
                "buying_model",
                "list_price",
                "discount",
                "net_price",
            ),
        ),
        (_("Conditions"), ("rebate", "tax_rate", "bonus")),
        (_("Audience and time"), ("targeting", "day_parting")),
        (_("Links and codes"), ("landing_url", "monitoring_code", "platform_id", "utm_campaign", "utm_content")),
        (_("At the platform"), ("account_status", "creative_status", "status_reason")),
        (_("Purpose"), ("kpis", "note")),
    )

    def __init__(self, *args, actor, campaign, row=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["channel"].queryset = self.living(Channel.objects.visible_to(actor), "channel")
        self.fields["organization"].queryset = self.living(Organization.objects.visible_to(actor), "organization")
        self.fields["ad_account"].queryset = self.living(AdAccount.objects.visible_to(actor), "ad_account")
        self.fields["phase"].queryset = Phase.objects.visible_to(actor).of(campaign)
        lines = BudgetLine.objects.visible_to(actor).of(campaign)
        offer_names(self.fields["budget_line"], self.living(lines, "budget_line"))
        offer_names(self.fields["kpis"], Kpi.objects.visible_to(actor).of(campaign).active().offered())
        self.fields["owner"].queryset = people_of(actor)
        if row is None:
            self.fields["currency"].initial = campaign.currency
        else:
            self.fields["code"].required = True
            self.initial["kpis"] = [kpi.pk for kpi in row.kpis.all()]

    def living(self, rows, name):
        """Rows not archived, and the one that is chosen already."""
        chosen = getattr(self.row, f"{name}_id", None)
        return rows.active() | rows.filter(pk=chosen) if chosen else rows.active()

    def sections(self):
        """[(title, [bound field])] as the page shows them."""
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    def saved(self, name):
        if name == "kpis":
            return ", ".join(kpi.name for kpi in self.row.kpis.all())
        if name in ("channel", "phase", "budget_line", "owner", "organization", "ad_account"):
            return getattr(self.row, name)
        return super().saved(name)

    def _show_theirs(self):
        super()._show_theirs()
        mine = {kpi.pk for kpi in self.cleaned_data.get("kpis", ())}
        same = mine == {kpi.pk for kpi in self.row.kpis.all()}
        label = self.fields["kpis"].label
        self.theirs = [each for each in self.theirs if not (same and each[0] == label)]


class FlightForm(forms.Form):
    """First and last day of one flight; two empty days make no flight."""

    start_date = DayField(label=_("First day"), required=False)
    finish_date = DayField(label=_("Last day"), required=False)

    def clean(self):
        values = super().clean()
        days = [values.get("start_date"), values.get("finish_date")]
        if not self.errors and any(days) and not all(days):
            raise forms.ValidationError(_("A flight has a first and a last day."))
        return values


class FlightFormSet(formset_factory(FlightForm, extra=2, max_num=200, validate_max=True, can_delete=True)):
    """The flights of a placement with two empty lines for more."""

    def flights(self):
        """[(first day, last day)] of the lines that are filled and not struck out."""
        lines = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [(line["start_date"], line["finish_date"]) for line in lines if line.get("start_date")]


class AdAccountForm(ActForm):
    """An account at a platform."""

    platform = forms.CharField(
        label=_("Platform"),
        max_length=40,
        help_text=_("As the exports name it: google_ads, meta, baidu, ocean_engine …"),
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    external_id = _text(_("Account id"), 120)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("It says where a day of figures ends.")
    )
    counting_level = forms.ChoiceField(
        label=_("Counting level"),
        choices=_capped(CountingLevel.choices),
        initial=CountingLevel.CAMPAIGN,
        help_text=_("Only figures of this level count in totals, so that nothing counts twice."),
    )
    channel = RowChoice(Channel, label=_("Channel"), required=False)
    organization = RowChoice(Organization, label=_("Run by"), required=False)

    def __init__(self, *args, actor, row=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["channel"].queryset = Channel.objects.visible_to(actor).active()
        self.fields["organization"].queryset = Organization.objects.visible_to(actor).active()
        if row is None:
            self.fields["currency"].initial = actor.workspace.currency
            self.fields["time_zone"].initial = actor.workspace.time_zone

    def saved(self, name):
        return getattr(self.row, name) if name in ("channel", "organization") else super().saved(name)


class SlotForm(ActForm):
    """A place for one asset in a placement."""

    name = forms.CharField(label=_("Slot"), max_length=120)
    standard = RowChoice(OutputStandard, label=_("Output standard"), required=False)
    asset = RowChoice(Asset, label=_("Asset"), required=False)

    def __init__(self, *args, actor, campaign, row=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["standard"].queryset = OutputStandard.objects.visible_to(actor).active()
        assets = Asset.objects.visible_to(actor).of(campaign)
        self.fields["asset"].queryset = assets.at_work() | assets.filter(pk=getattr(row, "asset_id", None))

    def saved(self, name):
        return getattr(self.row, name)


class FillForm(forms.Form):
    """The empty slot an asset is planned for."""

    slot = RowChoice(Slot, label=_("Empty slot"))

    def __init__(self, *args, actor, asset, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Slot.objects.visible_to(actor).filter(
            campaign=asset.campaign_id, asset=None, placement__archived_at=None
        )
        rows = rows.filter(Q(standard=None) | Q(standard__kind=asset.kind)).select_related("placement__campaign")
        self.fields["slot"].queryset = rows.order_by("placement__rank", "position")
        self.fields["slot"].label_from_instance = lambda slot: f"{slot.placement.name} · {slot.name}"

    @property
    def has_slots(self):
        return self.fields["slot"].queryset.exists()


MODES = (("even", _("Evenly")), ("weekdays", _("By weekday")), ("front", _("Front-loaded")))


class SpreadForm(ActForm):
    """How a total is spread over the days of the flights."""

    measure = forms.ChoiceField(
        label=_("What"), choices=[("amount", _("Amount")), ("quantity", _("Quantity"))], initial="amount"
    )
    total = FigureField(label=_("Total"), help_text=_("The budget (or the net price) when empty."))
    mode = forms.ChoiceField(label=_("How"), choices=MODES, initial=spread.MODES[0], widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, label in enumerate(WEEKDAYS):
            self.fields[f"weekday_{number}"] = FigureField(label=label, initial="1")

    def weekday_fields(self):
        return [self[f"weekday_{number}"] for number in range(7)]

    def values(self):
        weights = [self.cleaned_data.get(f"weekday_{number}") or 0 for number in range(7)]
        named = {name: self.cleaned_data[name] for name in ("measure", "total", "mode")}
        return {**named, "weekdays": weights}


class MoveForm(forms.Form):
    """The state a placement is to take, with the reason where one is asked for."""

    state = forms.ChoiceField(choices=PlacementState.choices)
    reason = _text(_("Reason"), 500)


class BulkForm(forms.Form):
    """What many placements get at once; an empty choice leaves theirs as it is."""

    state = forms.ChoiceField(
        label=_("State"), choices=_capped(PlacementState.choices, _("leave as it is")), required=False
    )
    reason = _text(_("Reason"), 500)
    channel = RowChoice(Channel, label=_("Channel"), required=False, empty_label=_("leave as it is"))
    owner = RowChoice(User, label=_("Owner"), required=False, empty_label=_("leave as it is"))
    phase = RowChoice(Phase, label=_("Phase"), required=False, empty_label=_("leave as it is"))
    budget_line = RowChoice(BudgetLine, label=_("Budget line"), required=False, empty_label=_("leave as it is"))
    ad_account = RowChoice(AdAccount, label=_("Ad account"), required=False, empty_label=_("leave as it is"))

    def __init__(self, *args, actor, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = Channel.objects.visible_to(actor).active()
        self.fields["owner"].queryset = people_of(actor)
        self.fields["phase"].queryset = Phase.objects.visible_to(actor).of(campaign)
        self.fields["budget_line"].queryset = BudgetLine.objects.visible_to(actor).of(campaign).active()
        self.fields["ad_account"].queryset = AdAccount.objects.visible_to(actor).active()

    def changes(self):
        """Only what was chosen."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
