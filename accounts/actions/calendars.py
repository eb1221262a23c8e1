"""Acts on working calendars and absences. Whoever plans by them hears `working_days_changed`."""

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import permissions, rules
from accounts.models import Absence, CalendarDay, Membership, WorkCalendar
from accounts.signals import working_days_changed
from core.audit import record
from core.errors import RuleBroken, require
from core.swap import erase, swap

MOST_DAYS = 366


def _tell(workspace_id, user_id=None):
    working_days_changed.send(sender=WorkCalendar, workspace_id=workspace_id, user_id=user_id)


def give_calendar(workspace):
    """The calendar a new workspace begins with: the public holidays of the country its time zone lies in."""
    with translation.override(workspace.language):
        name = _("Working days")
    country = rules.country_of_zone(workspace.time_zone)
    return WorkCalendar.objects.create(workspace=workspace, name=name, country=country)


def _write_once(write):
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        raise RuleBroken(_("There is a calendar for this already."), code="calendar_exists") from error


def _check_owner(actor, organization, user):
    if organization and user:
        raise rules.invalid("user", _("A calendar belongs to an organisation or a person, not to both."))
    if user and not Membership.objects.filter(workspace_id=actor.workspace_id, user=user).exists():
        raise rules.invalid("user", _("Choose somebody of this workspace."))


@transaction.atomic
def create_work_calendar(actor, *, name, country="", days_off="56", organization=None, user=None):
    """Give the workspace, an organisation or a person working days of their own."""
    require(permissions.can_keep_calendar(actor, user.pk if user else None))
    rules.check_name(name)
    _check_owner(actor, organization, user)
    values = {"name": name.strip(), "country": rules.check_country(country), "days_off": rules.check_days_off(days_off)}
    own = {"workspace": actor.workspace, "organization": organization, "user": user}
    calendar = _write_once(lambda: WorkCalendar.objects.create(**own, **values))
    record(actor, "accounts.calendar_created", calendar)
    _tell(actor.workspace_id)
    return calendar


@transaction.atomic
def update_work_calendar(actor, *, calendar, seen=None, **changes):
    """Change a calendar's name, country or the days off of its week."""
    require(permissions.can_keep_calendar(actor, calendar.user_id))
    if "name" in changes:
        rules.check_name(changes["name"])
    if "country" in changes:
        changes["country"] = rules.check_country(changes["country"])
    if "days_off" in changes:
        changes["days_off"] = rules.check_days_off(changes["days_off"])
    diff = swap(calendar, seen=seen, **changes)
    if diff:
        record(actor, "accounts.calendar_changed", calendar, changes=diff)
        _tell(calendar.workspace_id)
    return calendar


@transaction.atomic
def delete_work_calendar(actor, *, calendar, seen=None):
    """Take an organisation's or a person's calendar away: the workspace's holds for them again."""
    require(permissions.can_keep_calendar(actor, calendar.user_id))
    if not calendar.user_id and not calendar.organization_id:
        raise RuleBroken(_("This is the calendar of the workspace; it stays."), code="calendar_of_the_workspace")
    record(actor, "accounts.calendar_deleted", calendar)
    workspace_id = calendar.workspace_id
    erase(calendar, seen=seen)
    _tell(workspace_id)


# --- own days -------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_calendar_days(actor, *, calendar, date, until=None, is_working=False, name=""):
    """Say that a day (or all days up to another one) is worked or off, whatever the week and the country say."""
    require(permissions.can_keep_calendar(actor, calendar.user_id))
    days = rules.days_of(date, until or date, most=MOST_DAYS)
    rows = [
        CalendarDay(workspace_id=calendar.workspace_id, calendar=calendar, date=day, is_working=is_working, name=name)
        for day in days
    ]
    CalendarDay.objects.filter(calendar=calendar, date__in=days).delete()
    CalendarDay.objects.bulk_create(rows)
    changes = {
        "days": [None, f"{days[0]} – {days[-1]}" if len(days) > 1 else days[0]],
        "is_working": [None, is_working],
    }
    record(actor, "accounts.calendar_days_set", calendar, changes=changes)
    _tell(calendar.workspace_id)
    return rows


@transaction.atomic
def update_calendar_day(actor, *, day, seen=None, **changes):
    """Change an own day's kind or name."""
    require(permissions.can_keep_calendar(actor, day.calendar.user_id))
    diff = swap(day, seen=seen, **changes)
    if diff:
        record(actor, "accounts.calendar_days_set", day.calendar, changes=diff)
        _tell(day.workspace_id)
    return day


@transaction.atomic
def delete_calendar_day(actor, *, day, seen=None):
    """Take an own day away: week and country decide again."""
    require(permissions.can_keep_calendar(actor, day.calendar.user_id))
    record(actor, "accounts.calendar_day_removed", day.calendar, changes={"date": [day.date, None]})
    workspace_id = day.workspace_id
    erase(day, seen=seen)
    _tell(workspace_id)


# --- absences -------------------------------------------------------------------------------------------------------


def _check_absence(start_date, finish_date):
    rules.days_of(start_date, finish_date, most=MOST_DAYS)


@transaction.atomic
def create_absence(actor, *, user, start_date, finish_date, kind="leave", note=""):
    """Say that a person does not work on these days, both included: one's own, or as a manager anybody's."""
    require(permissions.can_keep_absence(actor, user.pk))
    _check_owner(actor, None, user)
    _check_absence(start_date, finish_date)
    days = {"start_date": start_date, "finish_date": finish_date}
    absence = Absence.objects.create(workspace=actor.workspace, user=user, kind=kind, note=note, **days)
    record(actor, "accounts.absence_created", absence)
    _tell(actor.workspace_id, user.pk)
    return absence


@transaction.atomic
def update_absence(actor, *, absence, seen=None, **changes):
    """Change an absence's days, kind or note."""
    require(permissions.can_keep_absence(actor, absence.user_id))
    _check_absence(changes.get("start_date", absence.start_date), changes.get("finish_date", absence.finish_date))
    diff = swap(absence, seen=seen, **changes)
    if diff:
        record(actor, "accounts.absence_changed", absence, changes=diff)
        _tell(absence.workspace_id, absence.user_id)
    return absence


@transaction.atomic
def delete_absence(actor, *, absence, seen=None):
    """Take an absence back."""
    require(permissions.can_keep_absence(actor, absence.user_id))
    record(actor, "accounts.absence_deleted", absence)
    workspace_id, user_id = absence.workspace_id, absence.user_id
    erase(absence, seen=seen)
    _tell(workspace_id, user_id)
