"""The questions of an import as one form, and the screen that says what the columns of an unknown layout mean."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.importers.names import vocabulary
from campaigns.models import Metric
from core.money import CODES as CURRENCIES
from core.time import time_zones
from placements.choices import CountingLevel

SHARED = {"account", "currency"}  # asked once for all files of a platform
NEW = "new"
ORDERS = [("dmy", gettext_lazy("day first: 31/01")), ("mdy", gettext_lazy("month first: 01/31"))]
SIGNS = [("point", gettext_lazy("1,234.50")), ("comma", gettext_lazy("1.234,50"))]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class UploadForm(forms.Form):
    """Only what stands beside the files: they are read from the request as they come."""

    campaign = forms.ModelChoiceField(None, required=False, label=gettext_lazy("Campaign"))

    def __init__(self, *args, campaigns, **options):
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = campaigns
        self.fields["campaign"].empty_label = _("all campaigns")


class Group:
    """One question for one or more files."""

    def __init__(self, number, question):
        self.name, self.question, self.files, self.fields = f"q{number}", question, [], []


def groups_of(files):
    """The open questions of the files; the same question about files of one platform is asked once."""
    found = {}
    for row in files:
        if row.is_skipped or row.error:
            continue
        for question in row.report.get("questions", ()):
            code = question["code"]
            like = (row.platform, question["text"], str(question["default"]))
            key = (code, *like) if code in SHARED else (code, str(row.pk))
            group = found.setdefault(key, Group(len(found), question))
            group.files.append(row)
    return list(found.values())


class QuestionsForm(forms.Form):
    """All open questions of an import. `answers()` is what `actions.imports.answer_questions` takes."""

    def __init__(self, *args, files, **options):
        super().__init__(*args, **options)
        self.groups = groups_of(files)
        for group in self.groups:
            build = getattr(self, f"add_{group.question['code']}", self.add_choice)
            build(group)

    def add(self, group, name, field, initial=None):
        """Add a field to a group."""
        full = f"{group.name}_{name}"
        field.initial = initial
        self.fields[full] = field
        group.fields.append(self[full])

    def add_choice(self, group):
        question = group.question
        labels = {"date_order": dict(ORDERS), "number_format": dict(SIGNS)}.get(question["code"], {})
        choices = [(value, labels.get(value, value)) for value in question["options"]]
        self.add(group, "value", forms.ChoiceField(label=_("Answer"), choices=choices), question["default"])

    def add_counting_level(self, group):
        names = dict(CountingLevel.choices)
        choices = [(value, capfirst(names[value])) for value in group.question["options"]]
        self.add(group, "value", forms.ChoiceField(label=_("Level"), choices=choices), group.question["default"])

    def add_currency(self, group):
        first = [code for code in group.question["options"] if code in CURRENCIES]
        codes = first + sorted(CURRENCIES - set(first))
        field = forms.ChoiceField(label=_("Currency"), choices=[("", "—"), *((code, code) for code in codes)])
        self.add(group, "value", field, group.question["default"])

    def add_period(self, group):
        default = group.question["default"] or {}
        for name, label in (("from", _("First day")), ("to", _("Last day"))):
            self.add(group, name, forms.DateField(label=label, widget=DayInput()), default.get(name))

    def add_account(self, group):
        question = group.question
        known = [(option["value"], option["label"]) for option in question["options"]]
        choices = [*known, (NEW, _("a new ad account"))]
        default = question["default"] if isinstance(question["default"], str) else NEW
        new = question["new"]
        zones = [(name, name) for name in sorted(time_zones())]
        codes = [(code, code) for code in sorted(CURRENCIES)]
        self.add(group, "value", forms.ChoiceField(label=_("Ad account"), choices=choices), default)
        self.add(group, "name", forms.CharField(label=_("Name"), max_length=160, required=False), new["name"])
        platform = forms.CharField(label=_("Platform"), max_length=40, required=False)
        self.add(group, "platform", platform, new["platform"])
        self.add(
            group, "currency", forms.ChoiceField(label=_("Currency"), choices=codes, required=False), new["currency"]
        )
        zone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)
        self.add(group, "time_zone", zone, new["time_zone"])

    def answers(self):
        """`{file id: {question code: answer}}` of the cleaned form."""
        found = {}
        for group in self.groups:
            answer = self._answer(group)
            for row in group.files:
                found.setdefault(str(row.pk), {})[group.question["code"]] = answer
        return found

    def _answer(self, group):
        given = {name: self.cleaned_data.get(f"{group.name}_{name}") for name in ("value", "from", "to")}
        if group.question["code"] == "period":
            return {"from": given["from"].isoformat(), "to": given["to"].isoformat()}
        if group.question["code"] == "account" and given["value"] == NEW:
            names = ("name", "platform", "currency", "time_zone")
            return {name: self.cleaned_data.get(f"{group.name}_{name}") for name in names}
        return given["value"]


def dimension_names():
    """(code, label) of what a column may be besides a metric, the usual ones first and named."""
    named = {
        "date": _("day"),
        "hour": _("hour"),
        "week": _("week"),
        "month": _("month"),
        "period_start": _("first day"),
        "period_end": _("last day"),
        "account": _("account"),
        "account_id": _("account id"),
        "campaign": _("campaign"),
        "campaign_id": _("campaign id"),
        "ad_group": _("ad group"),
        "ad_group_id": _("ad group id"),
        "ad": _("ad"),
        "ad_id": _("ad id"),
        "keyword": _("keyword"),
        "search_term": _("search term"),
        "page": _("page"),
        "event_name": _("event"),
        "currency": _("currency"),
        "device": _("device"),
        "network": _("network"),
        "gender": _("gender"),
        "age": _("age"),
        "country": _("country"),
    }
    others = sorted({known.name for known in vocabulary().values() if known.kind == "dimension"} - set(named))
    return [*named.items(), *((code, code.replace("_", " ")) for code in others)]


class MappingForm(forms.Form):
    """What each column of a file means. `columns` are bound fields with five sample values each."""

    level = forms.ChoiceField(label=gettext_lazy("Rows are figures of"), required=False)
    date_order = forms.ChoiceField(label=gettext_lazy("Days are written"), required=False)
    number_format = forms.ChoiceField(label=gettext_lazy("Decimals are written"), required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    remember_as = forms.CharField(
        label=gettext_lazy("Remember this layout as"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Later files with the same columns are read the same way."),
    )

    def __init__(self, *args, row, workspace_id, **options):
        super().__init__(*args, prefix=f"map-{row.pk}", **options)
        self.row = row
        auto = ("", _("as found"))
        self._fill("level", [auto, *((value, capfirst(label)) for value, label in CountingLevel.choices)])
        self._fill("date_order", [auto, *ORDERS])
        self._fill("number_format", [auto, *SIGNS])
        self._fill("currency", [auto, *((code, code) for code in sorted(CURRENCIES))])
        self.columns = self._add_columns(_meanings(workspace_id))

    def _fill(self, name, choices):
        self.fields[name].choices = choices
        self.fields[name].initial = self.row.answers.get(name, "")

    def _add_columns(self, meanings):
        found, seen = [], set()
        for table in self.row.report.get("samples", ()):
            for index, header in enumerate(table["header"]):
                if not header.strip() or header in seen:
                    continue
                seen.add(header)
                name = f"c{len(found)}"
                now = table["columns"].get(header.strip()) or ""
                now = "" if now.startswith("derived:") else now
                field = forms.ChoiceField(choices=meanings, required=False, label=header.strip(), initial=now)
                self.fields[name] = field
                values = [cells[index] for cells in table["rows"] if index < len(cells)]
                found.append((header, self[name], values))
        return found

    def answers(self):
        """The answers of this file as `answer_questions` takes them."""
        columns = {header.strip(): self.cleaned_data[field.name] or None for header, field, _values in self.columns}
        plain = ("level", "date_order", "number_format", "currency", "remember_as")
        given = {name: self.cleaned_data[name] or None for name in plain}
        return {str(self.row.pk): {"columns": columns, **given}}


def _meanings(workspace_id):
    """Choices of a column: nothing, a metric of the vocabulary, a dimension."""
    metrics = Metric.objects.filter(workspace_id=workspace_id, archived_at=None, is_builtin=True)
    named = [(row.code, row.label) for row in metrics]
    return [("", _("leave out")), (_("Metrics"), named), (_("Dimensions"), dimension_names())]
