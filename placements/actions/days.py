"""Acts on the plan per day: many cells in one transaction and few statements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.permissions import can_plan
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.locks import locked
from core.money import decimal_text, minor_digits
from placements.actions.checking import check_open
from placements.models import DayAllocation, Placement
from placements.permissions import can_place
from placements.rules import prices, spread, states

MEASURES = ("amount", "quantity")
QUANTITY_PLACES = 4
MOST_LOGGED = 60
LARGEST_BATCH = 20_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Cell:
    """One planned figure to write: `value` None clears it; `was` is what the person saw there (`...`: not told)."""

    placement: object  # id
    date: date
    measure: str
    value: Decimal | None
    was: Decimal | type(...) | None = ...
    currency: str = ""  # where the figure came with one, it must be the placement's

    @property
    def key(self):
        return str(self.placement), self.date


@transaction.atomic
def set_days(actor, *, campaign, cells):
    """Write planned amounts and quantities of a campaign's placements: all cells, or none and each fault named.

    Raises Invalid (faults) or RuleBroken (somebody else changed a cell) with `cells`: a list of {"placement", "date",
    "measure", "detail", "now"?}. Returns the number of figures that changed.
    """
    require(can_place(actor, campaign))
    if len(cells) > LARGEST_BATCH:
        raise Invalid(_("Send at most %(count)d cells at once.") % {"count": LARGEST_BATCH}, code="too_many_cells")
    rows = _placements(campaign, cells)
    _refuse(Invalid, "cells_invalid", [(cell, words) for cell in cells if (words := _fault(cell, rows))])
    stored = _stored(cells)
    _refuse(RuleBroken, "cells_changed", [(cell, _changed(cell)) for cell in cells if _is_stale(cell, stored)], stored)
    moved = _write(cells, rows, stored)
    if moved:
        touched = {rows[str(cell.placement)] for cell, _before in moved}
        subject = next(iter(touched)) if len(touched) == 1 else campaign
        record(actor, "placements.days_set", subject, changes=_log(moved, rows, len(touched)), campaign_id=campaign.pk)
    return len(moved)


def _placements(campaign, cells):
    ids = {str(cell.placement) for cell in cells}
    found = locked(Placement.objects.filter(campaign=campaign, pk__in=ids).order_by("pk"))
    return {str(row.pk): row for row in found}


def _fault(cell, rows):
    """What is wrong with a cell, or an empty string."""
    placement = rows.get(str(cell.placement))
    if placement is None:
        return _("There is no such placement in this campaign.")
    if placement.archived_at or placement.state in states.FINAL:
        return _("“%(name)s” is closed; its plan stays as it is.") % {"name": placement}
    if not FIRST_DAY <= cell.date <= LAST_DAY:
        return _("Use a day between 2000 and 2100.")
    if cell.currency and cell.currency != placement.currency:
        return _("This placement is planned in %(currency)s.") % {"currency": placement.currency}
    places = minor_digits(placement.currency) if cell.measure == "amount" else QUANTITY_PLACES
    return prices.amount_fault(cell.value, places)


def _stored(cells):
    """{(placement id, day): DayAllocation} of what is planned at these cells now."""
    days = [cell.date for cell in cells]
    if not days:
        return {}
    rows = DayAllocation.objects.filter(
        placement__in={str(cell.placement) for cell in cells}, date__gte=min(days), date__lte=max(days)
    )
    return {(str(row.placement_id), row.date): row for row in rows}


def _now(cell, stored):
    row = stored.get(cell.key)
    return getattr(row, cell.measure) if row else None


def _is_stale(cell, stored):
    """Somebody wrote another figure there than the one the person saw, and not the one they want."""
    return cell.was is not ... and _now(cell, stored) not in (cell.was, cell.value)


def _changed(cell):
    return _("Somebody else changed this cell. Enter your figure again to keep it.")


def _refuse(kind, code, faults, stored=None):
    if not faults:
        return
    listed = [
        {
            "placement": str(cell.placement),
            "date": cell.date.isoformat(),
            "measure": cell.measure,
            "detail": str(words),
            **({"now": text(_now(cell, stored))} if stored is not None else {}),
        }
        for cell, words in faults
    ]
    raise kind(str(faults[0][1]), code=code, cells=listed)


def text(value):
    """A figure as JSON carries it."""
    return None if value is None else decimal_text(value)


def _write(cells, rows, stored):
    """Upsert and clear; [(cell, figure before)] of what really moved."""
    moved, changed = [], {}
    for cell in cells:
        row = changed.get(cell.key) or stored.get(cell.key) or _new(cell, rows)
        before = getattr(row, cell.measure)
        if before != cell.value:
            setattr(row, cell.measure, cell.value)
            changed[cell.key] = row
            moved.append((cell, before))
    empty = [row.pk for row in changed.values() if row.amount is None and row.quantity is None]
    DayAllocation.objects.filter(pk__in=empty).delete()
    _upsert([row for row in changed.values() if row.amount is not None or row.quantity is not None])
    return moved


def _new(cell, rows):
    placement = rows[str(cell.placement)]
    return DayAllocation(
        workspace_id=placement.workspace_id,
        campaign_id=placement.campaign_id,
        placement=placement,
        date=cell.date,
        lock_version=0,
    )


def _upsert(rows):
    """Insert, or overwrite where the day is planned already (also when somebody planned it just now)."""
    now = timezone.now()
    DayAllocation.objects.bulk_create(
        (
            DayAllocation(
                workspace_id=row.workspace_id,
                campaign_id=row.campaign_id,
                placement_id=row.placement_id,
                date=row.date,
                amount=row.amount,
                quantity=row.quantity,
                lock_version=row.lock_version + 1,
                updated_at=now,
            )
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["placement", "date"],
        update_fields=["amount", "quantity", "lock_version", "updated_at"],
    )


def _log(moved, rows, touched):
    """{"CODE 2026-11-01 amount": [before, after]} of the first cells, and how many there were."""
    lines = {
        f"{rows[str(cell.placement)].code + ' ' if touched > 1 else ''}{cell.date} {cell.measure}": [before, cell.value]
        for cell, before in moved[:MOST_LOGGED]
    }
    return {"cells": [None, len(moved)]} | lines


@transaction.atomic
def spread_budget(actor, *, placement, mode, weekdays=(), total=None, measure="amount"):
    """Plan a total (default: the budget, else the net price) over the days of the flights, exact to the minor unit.

    It replaces the placement's whole plan of that measure. `mode`: even, weekdays (seven weights from Monday), front.
    """
    require(can_plan(actor, placement))
    check_open(placement)
    if total is None and measure == "amount":
        total = placement.budget_amount if placement.budget_amount is not None else placement.net_price
    if total is None:
        sentence = _("Say how much is to be spread.")
        raise Invalid(sentence, code="total", errors={"total": sentence})
    days = spread.flight_days([(one.start_date, one.finish_date) for one in placement.flights.all()])
    places = minor_digits(placement.currency) if measure == "amount" else 0
    parts = spread.spread(total, days, spread.weights_of(days, mode, weekdays), places)
    for row in placement.days.all():
        if getattr(row, measure) is not None:
            parts.setdefault(row.date, None)
    cells = [Cell(placement.pk, day, measure, value or None) for day, value in parts.items()]
    set_days(actor, campaign=placement.campaign, cells=cells)
    return placement
