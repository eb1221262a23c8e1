"""Acts on metrics, channels and markets."""

import json
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.rules import check_time_zone
from campaigns.actions.writing import archive, once, refuse_if_attached, restore
from campaigns.choices import MetricKind
from campaigns.models import Channel, Market, Metric
from campaigns.permissions import can_name
from campaigns.rules import vocabulary as rules
from campaigns.rules.plan import check_currency
from core.audit import record
from core.errors import RuleBroken, require
from core.swap import swap

NAMES = {"time_zone": "zone"}  # where the data file calls a field otherwise
DATA = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_vocabulary(actor, *, workspace):
    """Give a workspace the built-in words it lacks, and refresh those it has; own words and own labels stay."""
    for model, name, fields in (
        (Metric, "metrics", ("kind", "unit", "direction", "formula", "decimals")),
        (Channel, "channels", ()),
        (Market, "markets", ("currency", "time_zone")),
    ):
        rows = [_word(model, workspace, place, entry, fields) for place, entry in enumerate(_entries(name))]
        model._base_manager.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["workspace", "code"],
            update_fields=["position", "is_builtin", *fields],
        )


def _entries(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def _word(model, workspace, place, entry, fields):
    values = {
        field: entry.get(NAMES.get(field, field)) or model._meta.get_field(field).get_default() for field in fields
    }
    return model(
        workspace=workspace, code=entry["code"], labels=entry["label"], position=place, is_builtin=True, **values
    )


@transaction.atomic
def add_word(actor, *, model, code, labels, **values):
    """Add an own metric, channel or market (`model`) to the workspace's words.

    `values`: for a metric kind, unit, direction, formula, decimals; for a market currency and time_zone.
    """
    require(can_name(actor))
    code = code.lower() if model is Metric else code  # formulas name metrics in lower case
    rules.check_code(code)
    labels = rules.clean_labels(labels)
    _check_values(model, code, values)
    with once("code", _("There is a word with this code already.")):
        word = model.objects.create(
            workspace=actor.workspace, code=code, labels=labels, position=model.objects.count(), **values
        )
    record(actor, "campaigns.word_added", word)
    return word


def _check_values(model, code, values):
    if model is Metric:
        known = dict(Metric.objects.exclude(code=code).values_list("code", "formula"))
        rules.check_formula(code, values.get("kind", MetricKind.ADDITIVE), values.get("formula", ""), known)
    if values.get("currency"):
        check_currency(values["currency"])
    if values.get("time_zone"):
        check_time_zone(values["time_zone"])


@transaction.atomic
def update_word(actor, *, word, seen=None, labels=None, **changes):
    """Rename a word; own words may change in everything but their code, built-in ones in their labels only."""
    require(can_name(actor))
    changes = {field: value for field, value in changes.items() if getattr(word, field) != value}
    if word.is_builtin and changes:
        raise RuleBroken(_("Of a built-in word only the labels can be changed."), code="builtin")
    now = {field: getattr(word, field) for field in ("kind", "formula") if hasattr(word, field)}
    _check_values(type(word), word.code, now | changes)
    if labels is not None:
        changes["labels"] = rules.clean_labels(labels)
    record(actor, "campaigns.word_changed", word, changes=swap(word, seen=seen, **changes))
    return word


@transaction.atomic
def archive_word(actor, *, word, seen=None):
    """Archive a word; refused with the list of what still uses it."""
    require(can_name(actor))
    if isinstance(word, Metric):
        users = [
            metric
            for metric in Metric.objects.active().exclude(formula="")
            if word.code in rules.names_in(metric.formula)
        ]
        refuse_if_attached(word, [metric.label for metric in users])
    refuse_if_attached(word)
    return archive(actor, word, "word_archived", seen=seen)


@transaction.atomic
def restore_word(actor, *, word, seen=None):
    """Take a word out of the archive."""
    require(can_name(actor))
    return restore(actor, word, "word_restored", seen=seen)
