"""The settings of a source as a form: the call, how pages follow, what the columns mean, the schedule."""

import json
from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm, zones
from analytics.choices import SourceKind
from analytics.connectors.json_config import DIMENSIONS, LEVELS
from analytics.importers.names import heading
from placements.choices import CountingLevel
from placements.rules.platforms import NAMES

COLUMN, MICROS = "column:", "micros:"
AUTH = [
    ("none", _("no token")),
    ("bearer", _("Authorization: Bearer …")),
    ("header", _("a header")),
    ("query", _("a parameter")),
]
PAGING = [
    ("none", _("one answer holds everything")),
    ("page", _("page number")),
    ("offset", _("offset of the first row")),
    ("cursor", _("a marker in the answer")),
    ("next_url", _("the next address in the answer")),
]
WORDS = {
    "date": _("day"),
    "account_id": _("account id"),
    "account": _("account"),
    "campaign_id": _("campaign id"),
    "campaign": _("campaign"),
    "ad_group_id": _("ad group id"),
    "ad_group": _("ad group"),
    "ad_id": _("ad id"),
    "ad": _("ad"),
    "keyword": _("keyword"),
    "currency": _("currency"),
}
TEXTS = ("url", "method", "auth", "auth_name", "rows", "total", "error", "level", "currency", "dates")


class ObjectField(forms.JSONField):
    """A JSON object; nothing typed shows as nothing."""

    def prepare_value(self, value):
        return "" if value is None else super().prepare_value(value)


class PlainSourceForm(ActForm):
    """What every source has."""

    name = forms.CharField(label=_("Name"), max_length=120)
    settle_days = forms.IntegerField(label=_("Figures are final after … days"), min_value=0, max_value=90, initial=3)


class SourceForm(PlainSourceForm):
    """A JSON source. The fields of its columns are known once a page was fetched (`add_columns`)."""

    platform = forms.CharField(label=_("Platform"), max_length=40, required=False)
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_("With {from} and {to} where the first and the last day go."),
        widget=forms.TextInput(attrs={"placeholder": "https://api.example.com/report?from={from}&to={to}"}),
    )
    method = forms.ChoiceField(label=_("Method"), choices=[("GET", "GET"), ("POST", "POST")], required=False)
    body = ObjectField(label=_("Body (JSON)"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    auth = forms.ChoiceField(label=_("How the token is sent"), choices=AUTH)
    auth_name = forms.CharField(label=_("Name of the header or parameter"), max_length=80, required=False)
    token = forms.CharField(
        label=_("Token"),
        max_length=4000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
        help_text=_("Kept encrypted and never shown again. Empty: the token stays as it is."),
    )
    rows = forms.CharField(label=_("Path to the rows"), max_length=200, required=False, help_text=_("As in data.rows"))
    total = forms.CharField(label=_("Path to the number of rows"), max_length=200, required=False)
    error = forms.CharField(label=_("Path to an error"), max_length=200, required=False)
    paging_kind = forms.ChoiceField(label=_("How pages follow each other"), choices=PAGING)
    paging_parameter = forms.CharField(label=_("Parameter of the page"), max_length=80, required=False)
    paging_path = forms.CharField(label=_("Path to the next page"), max_length=200, required=False)
    paging_size_parameter = forms.CharField(label=_("Parameter of the page size"), max_length=80, required=False)
    paging_size = forms.IntegerField(label=_("Rows a page"), min_value=1, max_value=100_000, required=False)
    paging_first = forms.IntegerField(label=_("Number of the first page"), min_value=0, max_value=100, required=False)
    level = forms.ChoiceField(label=_("What a row is about"), initial="campaign")
    currency = forms.CharField(label=_("Currency, where no column tells it"), max_length=3, required=False)
    dates = forms.CharField(
        label=_("How days are written"),
        max_length=40,
        required=False,
        help_text=_("Only if neither 2026-11-23 nor 20261123: as in %d.%m.%Y"),
    )
    account_name = forms.CharField(label=_("Ad account"), max_length=160, required=False)
    account_id = forms.CharField(label=_("Id of the ad account"), max_length=120, required=False)
    includes_today = forms.BooleanField(label=_("The figures of today are there already"), required=False)
    every_minutes = forms.IntegerField(label=_("Pull every … minutes"), min_value=1, max_value=10_080, required=False)
    daily_at = forms.TimeField(
        label=_("or daily at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    look_back_days = forms.IntegerField(
        label=_("Look-back in days"),
        min_value=1,
        max_value=90,
        initial=3,
        help_text=_("Platforms correct the figures of past days; these are pulled again each time."),
    )

    def __init__(self, *args, metrics, row=None, time_zone="UTC", **options):
        self.base_fields["level"].choices = [(each, CountingLevel(each).label) for each in LEVELS]
        self.base_fields["time_zone"].choices = zones()
        if row is not None:
            options["initial"] = initial_of(row)
        else:
            options.setdefault("initial", {"time_zone": time_zone, "auth": "bearer", "paging_kind": "none"})
        super().__init__(*args, row=row, **options)
        self.meanings = [("", _("not used")), *sorted(WORDS.items()), *metrics]
        self.paths = []
        config = row.config if row is not None else {}
        told = [name.removeprefix(COLUMN) for name in self.data if name.startswith(COLUMN)]
        self.add_columns(told[:200] or list(config.get("columns", {})), config)

    def add_columns(self, paths, config=None):
        """A choice of meaning for each column, with what its name suggests."""
        config = config or {}
        columns, micros = config.get("columns", {}), config.get("micros", ())
        for path in paths:
            if path in self.paths:
                continue
            guess, in_micros = suggest(path, {code for code, _label in self.meanings})
            meaning = columns.get(path, "" if columns else guess)
            self.paths.append(path)
            self.fields[COLUMN + path] = forms.ChoiceField(
                label=path, choices=self.meanings, required=False, initial=meaning
            )
            self.fields[MICROS + path] = forms.BooleanField(
                label=_("millionths"), required=False, initial=meaning in micros if columns else in_micros
            )

    def suggest_anew(self, paths):
        """After a test: show what was found, with suggestions for what nobody has chosen yet."""
        known = set(self.paths)
        self.data = self.data.copy()
        self.add_columns(paths)
        for path in [path for path in paths if path not in known]:
            self.data[COLUMN + path] = self.fields[COLUMN + path].initial
            if self.fields[MICROS + path].initial:
                self.data[MICROS + path] = "on"

    def column_rows(self, samples=()):
        """(path, field of its meaning, field of millionths, sample values) for the page."""
        for path in self.paths:
            shown = [str(sample[path])[:40] for sample in samples if path in sample]
            yield path, self[COLUMN + path], self[MICROS + path], ", ".join(shown)

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    def clean_platform(self):
        """Known platforms by their code, others as they are typed."""
        typed = self.cleaned_data["platform"].strip()
        codes = {str(label).casefold(): code for code, label in NAMES.items()}
        return codes.get(typed.casefold(), typed.casefold().replace(" ", "_")) or "other"

    def config(self):
        """The settings as the connector reads them; empty values are left out."""
        typed = self.cleaned_data
        columns = {path: typed[COLUMN + path] for path in self.paths if typed.get(COLUMN + path)}
        paging = {name: typed[f"paging_{name}"] for name in ("kind", "parameter", "path", "size_parameter", "size")}
        config = {name: typed[name] for name in TEXTS} | {
            "body": typed["body"],
            "paging": {name: value for name, value in paging.items() if value},
            "columns": columns,
            "micros": [columns[path] for path in columns if typed.get(MICROS + path)],
            "account": {name: typed[f"account_{name}"] for name in ("name", "id") if typed[f"account_{name}"]},
            "includes_today": typed["includes_today"],
        }
        if typed["paging_first"] is not None:
            config["paging"]["first"] = typed["paging_first"]
        return {name: value for name, value in config.items() if value not in ("", None, [], {}, False)}

    def values(self):
        typed = self.cleaned_data
        names = ("name", "platform", "every_minutes", "daily_at", "time_zone", "look_back_days", "settle_days")
        values = {name: typed[name] for name in names} | {"config": self.config()}
        if self.row is None:
            return values | {"kind": SourceKind.JSON, "token": typed["token"]}
        return values | ({"token": typed["token"]} if typed["token"] else {})

    def _show(self, error):
        """What the settings as a whole lack stands above the form."""
        error.errors.pop("config", None)
        super()._show(error)


class PullForm(forms.Form):
    """The days of a pull by hand."""

    day_from = forms.DateField(label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    day_to = forms.DateField(label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    @classmethod
    def for_source(cls, source, today):
        """Proposes the look-back window."""
        first = today - timedelta(days=source.look_back_days)
        last = today if source.config.get("includes_today") else today - timedelta(days=1)
        return cls(initial={"day_from": first, "day_to": last})


def initial_of(source):
    """The fields of an existing source."""
    config, paging = source.config, source.config.get("paging") or {"kind": "none"}
    plain = ("name", "platform", "every_minutes", "daily_at", "time_zone", "look_back_days", "settle_days")
    initial = {name: getattr(source, name) for name in (*plain, "lock_version")}
    initial |= {name: config[name] for name in (*TEXTS, "body", "includes_today") if name in config}
    initial |= {f"paging_{name}": value for name, value in paging.items()}
    return initial | {f"account_{name}": value for name, value in (config.get("account") or {}).items()}


def suggest(path, meanings):
    """(meaning, in millionths?) that the name of a column suggests; ("", False) where it says nothing."""
    name = path.rpartition(".")[2]
    plain = name.casefold().replace("-", "_")
    if plain in DIMENSIONS:
        return plain, False
    renamed = {
        "day": "date",
        "stat_date": "date",
        "stat_time_day": "date",
        "spend": "cost",
        "campaign_name": "campaign",
    }
    renamed |= {"ad_group_name": "ad_group", "adgroup_name": "ad_group", "ad_name": "ad", "account_name": "account"}
    renamed |= {"adgroup_id": "ad_group_id", "advertiser_id": "account_id"}
    if plain in renamed:
        return renamed[plain], False
    known = heading(name).known
    if known and known.kind in ("metric", "dimension") and known.name in meanings:
        return known.name, known.micros
    return "", False


def columns_of(rows):
    """({path: value} of each row, paths in order): nested objects are opened, lists left out."""
    flat = [dict(_leaves(row, "")) for row in rows]
    return flat, list(dict.fromkeys(path for row in flat for path in row))


def _leaves(value, path):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif not isinstance(value, list):
        yield path, value


def json_of(value):
    """Sample rows as a person reads them."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)[:4000]
