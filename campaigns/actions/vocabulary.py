"""Acts on metrics, channels and markets."""

import json
from pathlib import Path

from django.db import transaction

from campaigns.models import Channel, Market, Metric

NAMES = {"time_zone": "zone"}  # where the data file calls a field otherwise
DATA = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_vocabulary(actor, *, workspace):
    """Give a workspace the built-in words it lacks, and refresh those it has; own words stay."""
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
            update_fields=["labels", "position", "is_builtin", *fields],
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
