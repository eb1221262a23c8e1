"""Fields that several forms use: plan days, exact figures, people and words of the workspace."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from accounts.models import Membership
from campaigns.rules import figures
from core.errors import Invalid
from core.money import decimal_text

RANGE = _("Use a day between 2000 and 2100.")


class PlanDateField(forms.DateField):
    """A day of a plan, typed in the browser's own calendar."""

    default_validators = [MinValueValidator(date(2000, 1, 1), RANGE), MaxValueValidator(date(2100, 12, 31), RANGE)]

    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": "2000-01-01", "max": "2100-12-31"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


class FigureField(forms.DecimalField):
    """An exact figure: shown without empty digits behind the point."""

    def __init__(self, *, max_digits=24, decimal_places=6, **options):
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, widget=widget, **options)

    def prepare_value(self, value):
        return decimal_text(value) if isinstance(value, Decimal) else value


class AmountField(forms.CharField):
    """An amount or a share as people write it: 1,234.50 · ¥1,234 · 1.2万."""

    def __init__(self, **options):
        super().__init__(
            required=options.pop("required", False),
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"}),
            **options,
        )

    def clean(self, value):
        try:
            return figures.parse_figure(super().clean(value))
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value):
        return f"{value:f}".rstrip("0").rstrip(".") if hasattr(value, "as_tuple") and value % 1 else _whole(value)


def _whole(value):
    return f"{value:.0f}" if hasattr(value, "as_tuple") else value


class PersonField(forms.ModelChoiceField):
    """A person of the workspace; the value is the User."""

    def __init__(self, **options):
        super().__init__(queryset=None, to_field_name="user_id", **options)

    def prepare_value(self, value):
        return value.user_id if isinstance(value, Membership) else getattr(value, "pk", value)

    def label_from_instance(self, membership):
        return str(membership.user)

    def to_python(self, value):
        membership = super().to_python(value)
        return membership.user if membership else None

    def has_changed(self, initial, data):
        return str(getattr(initial, "pk", initial) or "") != str(data or "")


def people_of(actor):
    """The persons of the workspace, as memberships, by name."""
    return Membership.objects.visible_to(actor).of_people().select_related("user").order_by("user__name")


class Names(ModelChoiceIterator):
    """Options of rows that show one of their columns: a thousand are read as (id, name), and no rows are made."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", self.field.shown)


class Menu(forms.Select):
    """A menu of very many options: they are one group, and each is no more than is written of it."""

    def optgroups(self, name, value, attrs=None):
        marks = dict.fromkeys(value, self.checked_attribute)
        pairs = ((str(key), label) for key, label in self.choices)
        return [(None, [{"value": key, "label": label, "attrs": marks.get(key)} for key, label in pairs], 0)]


def offer_names(field, rows, shown="name"):
    """Let a field choose among rows, of which the column `shown` is what `str(row)` says."""
    if type(field.widget) is forms.Select:  # not where several are ticked
        field.widget = Menu(field.widget.attrs)
        field.widget.is_required = field.required
    field.iterator, field.shown = Names, shown
    field.queryset = rows


class PlanForm(ActForm):
    """A form of the plan: knows the actor, and offers only what this actor may see.

    `people` are the options of its menus of persons where several forms of a page share them: asked for once.
    """

    def __init__(self, *args, actor, people=None, **options):
        super().__init__(*args, **options)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.queryset = people_of(actor)
                if people is not None:
                    field.widget.choices = [("", field.empty_label or "---------"), *people]

    def offer(self, name, rows):
        """Let a field choose among rows."""
        self.fields[name].queryset = rows

    def offer_names(self, name, rows, shown="name"):
        """The same of rows that may be many and show no more than one column."""
        offer_names(self.fields[name], rows, shown)


def capped(choices):
    """Choices with a capital letter, as menus show them."""
    return [(value, capfirst(label)) for value, label in choices]
