"""Budget lines, requests, commitments, thresholds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms import ActForm, currencies
from accounts.models import Organization
from campaigns.choices import BudgetCategory, BudgetDecision, BudgetRequestKind
from campaigns.forms.fields import AmountField, PersonField, PlanDateField, PlanForm, capped
from campaigns.models import BudgetLine, Channel, Phase
from campaigns.rules import settlement


def _text(label, length, **options):
    return forms.CharField(label=label, max_length=length, required=False, **options)


class BudgetLineForm(PlanForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    category = forms.ChoiceField(label=_("Category"))
    planned_amount = AmountField(label=_("Planned"), help_text=_("Without tax."))
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    tax_rate = AmountField(label=_("Tax %"))
    phase = forms.ModelChoiceField(queryset=None, label=_("Phase"), required=False)
    channel = forms.ModelChoiceField(queryset=None, label=_("Channel"), required=False)
    organization = forms.ModelChoiceField(queryset=None, label=_("Agency or vendor"), required=False)
    owner = PersonField(label=_("Owner"), required=False)
    note = _text(_("Note"), 5000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, campaign, row=None, **options):
        super().__init__(*args, row=row, **options)
        self.fields["category"].choices = capped(BudgetCategory.choices)
        self.offer("phase", Phase.objects.visible_to(self.actor).of(campaign))
        self.offer("channel", self.living(Channel.objects.visible_to(self.actor), "channel"))
        self.offer("organization", self.living(Organization.objects.visible_to(self.actor), "organization"))
        if row is None:
            self.initial.setdefault("currency", campaign.currency)

    def living(self, rows, name):
        """Rows not archived, and the one that is chosen already."""
        chosen = getattr(self.row, f"{name}_id", None)
        return rows.active() | rows.filter(pk=chosen) if chosen else rows.active()

    def values(self):
        """No amount is nothing planned, no rate no tax."""
        typed = super().values()
        return typed | {name: typed[name] or 0 for name in ("planned_amount", "tax_rate")}

    def saved(self, name):
        if name in ("phase", "channel", "organization", "owner"):
            return getattr(self.row, name)
        return super().saved(name)


class LineChoice(forms.ModelChoiceField):
    """A line of the campaign with what it has available."""

    def label_from_instance(self, line):
        return f"{line.name} ({line.available_amount:,.2f} {line.currency})"


class BudgetAskForm(PlanForm):
    """What is asked for a line."""

    kind = forms.ChoiceField(label=_("What"), initial=BudgetRequestKind.RAISE)
    amount = AmountField(label=_("Amount"), required=True)
    to_line = LineChoice(queryset=None, label=_("To the line"), required=False)
    reason = forms.CharField(label=_("What for"), max_length=500)

    def __init__(self, *args, line, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = capped(BudgetRequestKind.choices)
        others = BudgetLine.objects.visible_to(self.actor).filter(campaign=line.campaign_id, currency=line.currency)
        self.offer("to_line", others.active().exclude(pk=line.pk))

    def values(self):
        """Only a move has a goal."""
        typed = super().values()
        return typed if typed["kind"] == BudgetRequestKind.TRANSFER else typed | {"to_line": None}


class DecisionForm(ActForm):
    decision = forms.ChoiceField(choices=BudgetDecision.choices)
    words = _text(_("Your words"), 500)


class ReasonForm(ActForm):
    reason = _text(_("Reason"), 500)


class CommitmentForm(PlanForm):
    """The words of a commitment."""

    title = forms.CharField(label=_("What is booked"), max_length=200)
    organization = forms.ModelChoiceField(queryset=None, label=_("Agency or vendor"), required=False)
    reference = _text(_("Order number"), 80)
    due_date = PlanDateField(label=_("To be paid by"), required=False)
    note = _text(_("Note"), 5000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.offer("organization", Organization.objects.visible_to(self.actor).active())

    def saved(self, name):
        return getattr(self.row, name) if name == "organization" else super().saved(name)


class NewCommitmentForm(CommitmentForm):
    field_order = ["line", "title", "amount"]
    line = LineChoice(queryset=None, label=_("Budget line"))
    amount = AmountField(label=_("Amount"), required=True, help_text=_("Without tax, in the currency of the line."))

    def __init__(self, *args, campaign, **options):
        super().__init__(*args, **options)
        self.offer("line", BudgetLine.objects.visible_to(self.actor).of(campaign).active())


class SettleForm(forms.Form):
    """One step of a commitment with what it asks for."""

    step = forms.ChoiceField(choices=[(name, name) for name in settlement.STEPS])
    amount = AmountField(label=_("Amount"))
    number = _text(_("Invoice number"), 80)
    reason = _text(_("Reason"), 500)


class ThresholdForm(ActForm):
    from_amount = AmountField(label=_("From"), required=True)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    role = forms.ChoiceField(label=_("Must be approved by"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["role"].choices = capped(one for one in Role.choices if one[0] != Role.VIEWER)


class TableForm(forms.Form):
    """A file, or what was copied from a sheet."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("CSV, Excel (.xlsx) or a Markdown table, up to 5 MB.")
    )
    text = forms.CharField(
        label=_("Or paste the table"), required=False, max_length=5_000_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("file") and not values.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste a table."))
        return values

    def content(self):
        """The bytes of whichever was given."""
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"].encode()
