"""Working calendars with their own days, and absences."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.choices import country_name
from accounts.forms import AbsenceForm, CalendarForm, DayForm, DaysForm, NewAbsenceForm, NewCalendarForm
from accounts.models import Absence, CalendarDay, WorkCalendar
from accounts.permissions import can_keep_absence, can_keep_calendar, can_manage
from accounts.rules import public_days
from accounts.views import form_page
from core.errors import PharosError, require
from core.text import whole

PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2100


def calendars(request, slug):
    rows = WorkCalendar.objects.visible_to(request.actor).listed()
    rows = sorted(rows, key=lambda row: (bool(row.user_id), bool(row.organization_id), row.name))
    this_year = timezone.localdate().year
    countries = {row.country for row in rows if row.country}
    for row in rows:
        row.week = _days_off(row)
    unpublished = [
        (country_name(country), year)
        for country in sorted(countries)
        for year in (this_year, this_year + 1)
        if public_days(country, year, get_language()) is None
    ]
    own = {row.user_id for row in rows}
    context = {"calendars": rows, "unpublished": unpublished, "may_manage": _manages(request)}
    return render(
        request, "accounts/calendars.html", context | {"may_add": _manages(request) or request.actor.user_id not in own}
    )


def _manages(request):
    return can_manage(request.actor, request.actor.workspace_id)


def _days_off(row):
    return [WEEKDAYS[int(digit)] for digit in row.days_off]


def calendar_add(request, slug):
    form = NewCalendarForm(request.POST or None, actor=request.actor)
    if form.carries_out(lambda **typed: actions.create_work_calendar(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return redirect("accounts:calendar", slug, form.result.pk)
    return form_page(request, "accounts/calendar_add.html", form)


def _calendar(request, pk):
    return get_object_or_404(WorkCalendar.objects.visible_to(request.actor).listed(), pk=pk)


def calendar(request, slug, pk):
    row = _calendar(request, pk)
    form = CalendarForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.update_work_calendar(request.actor, calendar=row, **typed)):
        messages.success(request, _("Saved. Plans that count by this calendar are worked out anew."))
        return redirect("accounts:calendar", slug, pk)
    return _calendar_page(request, row, form, DaysForm())


def _calendar_page(request, row, form, days_form):
    year = _year(request)
    public = public_days(row.country, year, get_language()) if row.country else ()
    context = {
        "calendar": row,
        "week": _days_off(row),
        "may_keep": can_keep_calendar(request.actor, row.user_id),
        "is_removable": bool(row.user_id or row.organization_id),
        "days_form": days_form,
        "days": list(row.days.filter(date__year=year)),
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "is_published": public is not None,
        "public": public or (),
    }
    wrong = days_form if days_form.is_bound else form
    return render(
        request,
        "accounts/calendar.html",
        {"form": form, **context},
        status=422 if wrong.is_bound and wrong.errors else 200,
    )


def _year(request):
    asked = request.GET.get("year", "")
    year = whole(asked, LAST_YEAR)
    return year if year and year >= FIRST_YEAR else timezone.localdate().year


@require_POST
def calendar_delete(request, slug, pk):
    row = _calendar(request, pk)
    try:
        actions.delete_work_calendar(request.actor, calendar=row)
        messages.success(request, _("%(name)s is deleted.") % {"name": row})
    except PharosError as error:
        messages.error(request, str(error))
    return redirect("accounts:calendars", slug)


@require_POST
def day_add(request, slug, pk):
    row = _calendar(request, pk)
    form = DaysForm(request.POST)
    if form.carries_out(lambda **typed: actions.set_calendar_days(request.actor, calendar=row, **typed)):
        messages.success(request, _("Saved. Plans that count by this calendar are worked out anew."))
        return redirect("accounts:calendar", slug, pk)
    return _calendar_page(request, row, CalendarForm(row=row), form)


def _day(request, pk):
    return get_object_or_404(CalendarDay.objects.visible_to(request.actor).select_related("calendar"), pk=pk)


def day(request, slug, pk):
    """Kind and name of an own day."""
    row = _day(request, pk)
    require(can_keep_calendar(request.actor, row.calendar.user_id))
    form = DayForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.update_calendar_day(request.actor, day=row, **typed)):
        messages.success(request, _("Saved. Plans that count by this calendar are worked out anew."))
        return redirect("accounts:calendar", slug, row.calendar_id)
    return form_page(request, "accounts/calendar_day.html", form, day=row, calendar=row.calendar)


@require_POST
def day_delete(request, slug, pk):
    day = _day(request, pk)
    actions.delete_calendar_day(request.actor, day=day)
    messages.success(request, _("%(name)s is deleted.") % {"name": day.name or day.date})
    return redirect("accounts:calendar", slug, day.calendar_id)


# --- absences -------------------------------------------------------------------------------------------------------


def absences(request, slug):
    today = timezone.localdate()
    rows = Absence.objects.visible_to(request.actor).select_related("user")
    is_past = request.GET.get("past") == "1"
    rows = (
        rows.filter(finish_date__lt=today).order_by("-start_date") if is_past else rows.filter(finish_date__gte=today)
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.may_keep = can_keep_absence(request.actor, row.user_id)
        row.is_now = row.start_date <= today <= row.finish_date
    return render(request, "accounts/absences.html", {"page": page, "is_past": is_past})


def absence_add(request, slug):
    form = NewAbsenceForm(request.POST or None, actor=request.actor)
    if form.carries_out(lambda **typed: actions.create_absence(request.actor, **typed)):
        messages.success(request, _("Saved. Plans that count by this calendar are worked out anew."))
        return redirect("accounts:absences", slug)
    return form_page(request, "accounts/absence.html", form)


def _absence(request, pk):
    return get_object_or_404(Absence.objects.visible_to(request.actor).select_related("user"), pk=pk)


def absence(request, slug, pk):
    row = _absence(request, pk)
    require(can_keep_absence(request.actor, row.user_id))
    form = AbsenceForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.update_absence(request.actor, absence=row, **typed)):
        messages.success(request, _("Saved. Plans that count by this calendar are worked out anew."))
        return redirect("accounts:absences", slug)
    return form_page(request, "accounts/absence.html", form, absence=row)


@require_POST
def absence_delete(request, slug, pk):
    row = _absence(request, pk)
    actions.delete_absence(request.actor, absence=row)
    messages.success(request, _("%(name)s is deleted.") % {"name": row})
    return redirect("accounts:absences", slug)
