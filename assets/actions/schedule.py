"""Acts on the day by which an asset must be handed in: kept in its row, worked out anew when what it follows moves."""

from django.db import transaction

from accounts.models import WorkCalendar
from assets.models import Asset
from assets.rules.schedule import submit_by
from core.batch import write
from tasks.schedule.calendars import country_calendar

DEFAULT = "CN"  # where a workspace has no calendar of its own


def day_of(asset):
    """The day an asset must be handed in by, as its fields stand."""
    if asset.lead_days is None or asset.flight_date is None:
        return asset.due_date
    calendar = _calendars(asset.workspace_id).get(asset.organization_id) or _calendars(asset.workspace_id)[None]
    return submit_by(asset.due_date, asset.lead_days, asset.flight_date, calendar)


def _calendars(workspace_id):
    """{organisation id, None for the workspace: Calendar}."""
    found = {None: country_calendar(DEFAULT)}
    rows = WorkCalendar.objects.filter(workspace_id=workspace_id, user=None).prefetch_related("days")
    for row in rows:
        own = {day.date: day.is_working for day in row.days.all()}
        found[row.organization_id] = country_calendar(row.country, row.days_off, own, row.name)
    return found


@transaction.atomic
def reschedule(assets, flights=None):
    """Work out the days of these assets anew; `flights` are new first days {asset id: day or None} where they moved.

    The machine derives them, so that the logbook is silent.
    """
    calendars, moved = {}, []
    for asset in assets:
        known = calendars.get(asset.workspace_id) or _calendars(asset.workspace_id)
        calendars[asset.workspace_id] = known
        flight = (flights or {}).get(asset.pk, asset.flight_date)
        day = submit_by(asset.due_date, asset.lead_days, flight, known.get(asset.organization_id) or known[None])
        if (flight, day) != (asset.flight_date, asset.submit_by):
            moved.append((asset.pk, asset.lock_version, flight, day))
    return write(Asset, ["flight_date", "submit_by"], moved)


def set_flight_dates(flights):
    """Say on which day the earliest flight of assets begins: {asset id: day or None}. Called by who plans flights."""
    return reschedule(Asset.objects.filter(pk__in=flights), flights)
