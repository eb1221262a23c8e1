"""Acts on exchange rates."""

from django.db import transaction

from campaigns.models import ExchangeRate
from campaigns.permissions import can_rate
from campaigns.rules.rates import check_rate, parse_rows
from core.audit import record
from core.errors import require
from core.locks import locked
from core.swap import erase, swap


@transaction.atomic
def set_rate(actor, *, date, base, quote, rate, seen=None):
    """State how many units of `quote` one unit of `base` is on a day; a rate that is there already is corrected."""
    require(can_rate(actor))
    check_rate(base, quote, rate)
    row = ExchangeRate.objects.filter(workspace=actor.workspace, date=date, base=base, quote=quote).first()
    if row:
        record(actor, "campaigns.rate_set", row, changes=swap(row, seen=seen, rate=rate))
        return row
    row = ExchangeRate.objects.create(workspace=actor.workspace, date=date, base=base, quote=quote, rate=rate)
    record(actor, "campaigns.rate_set", row)
    return row


@transaction.atomic
def paste_rates(actor, *, text):
    """Set many rates from pasted rows of day, from, to, rate; all or none. Returns how many."""
    require(can_rate(actor))
    typed = {tuple(key): rate for *key, rate in parse_rows(text)}
    stored = ExchangeRate.objects.filter(workspace=actor.workspace, date__in={day for day, _base, _quote in typed})
    old = {(row.date, row.base, row.quote): row for row in locked(stored.order_by("pk"))}
    for key in typed.keys() & old.keys():
        swap(old[key], rate=typed[key])
    ExchangeRate.objects.bulk_create(
        ExchangeRate(workspace=actor.workspace, date=key[0], base=key[1], quote=key[2], rate=rate)
        for key, rate in typed.items()
        if key not in old
    )
    record(actor, "campaigns.rates_pasted", actor.workspace, changes={"rows": [0, len(typed)]})
    return len(typed)


@transaction.atomic
def delete_rate(actor, *, rate, seen=None):
    """Take an exchange rate back."""
    require(can_rate(actor))
    record(actor, "campaigns.rate_deleted", rate)
    erase(rate, seen=seen)
