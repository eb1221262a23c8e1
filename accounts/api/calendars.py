"""REST: working calendars, their own days, absences."""

from django.utils import timezone
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import actions, rules
from accounts.api.workspaces import STAMPS, VisibleField
from accounts.choices import AbsenceKind
from accounts.models import Absence, CalendarDay, Membership, Organization, User, WorkCalendar
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.text import whole


class MemberUserField(VisibleField):
    """The id of a person of the workspace."""

    def get_queryset(self):
        view = self.context.get("view")
        if view is None:
            return self.queryset
        members = Membership.objects.visible_to(view.actor).of_people()
        return User.objects.filter(pk__in=members.values("user_id"))


class WorkCalendarOut(Out):
    """Without organisation and user it is the workspace's. `days_off`: digits of the week, Monday is 0."""

    class Meta:
        model = WorkCalendar
        fields = ["id", "name", "country", "days_off", "organization", "user", *STAMPS]


class WorkCalendarChange(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    country = serializers.CharField(max_length=2, allow_blank=True, required=False)
    days_off = serializers.CharField(max_length=7, allow_blank=True, required=False)


class WorkCalendarIn(WorkCalendarChange):
    organization = VisibleField(Organization, allow_null=True, required=False)
    user = MemberUserField(User, allow_null=True, required=False)


class WorkCalendarFilter(filters.FilterSet):
    organization = filters.UUIDFilter(field_name="organization_id")
    user = filters.UUIDFilter(field_name="user_id")


class PublicDayOut(serializers.Serializer):
    date = serializers.DateField()
    is_working = serializers.BooleanField()
    name = serializers.CharField(allow_blank=True)


class YearOut(serializers.Serializer):
    """Public holidays and weekend days worked instead; `is_published` false: not decreed yet, the week alone counts."""

    year = serializers.IntegerField()
    is_published = serializers.BooleanField()
    days = PublicDayOut(many=True)


class WorkCalendarViewSet(ResourceViewSet):
    model, out, filterset_class = WorkCalendar, WorkCalendarOut, WorkCalendarFilter

    @extend_schema(request=WorkCalendarIn, responses={201: WorkCalendarOut})
    def create(self, request):
        return self.one(actions.create_work_calendar(self.actor, **self.read(WorkCalendarIn)), 201)

    @extend_schema(request=WorkCalendarChange(partial=True), responses=WorkCalendarOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(WorkCalendarChange, partial=True)
        return self.one(actions.update_work_calendar(self.actor, calendar=row, seen=self.seen(row), **typed))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_work_calendar(self.actor, calendar=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(parameters=[OpenApiParameter("year", int)], responses=YearOut)
    @action(detail=True, methods=["get"])
    def year(self, request, pk):
        """The public holidays of a year (this one, unless `year` says another) in the calendar's country."""
        year = asked_year(request.query_params.get("year"))
        days = rules.public_days(self.find().country, year, get_language())
        shown = [{"date": day, "is_working": worked, "name": name} for day, worked, name in days or ()]
        return Response({"year": year, "is_published": days is not None, "days": shown})


def asked_year(text):
    if not text:
        return timezone.localdate().year
    if (whole(text, 2100) or 0) < 2000:
        raise Invalid("2000–2100", code="year", errors={"year": "2000–2100"})
    return int(text)


class CalendarDayOut(Out):
    class Meta:
        model = CalendarDay
        fields = ["id", "calendar", "date", "is_working", "name", *STAMPS]


class CalendarDayChange(serializers.Serializer):
    is_working = serializers.BooleanField(required=False)
    name = serializers.CharField(max_length=120, allow_blank=True, required=False)


class CalendarDaysIn(CalendarDayChange):
    """A day, or all days up to `until`; what was said of them before is replaced."""

    calendar = VisibleField(WorkCalendar)
    date = PlanDateField()
    until = PlanDateField(required=False, allow_null=True)


class CalendarDayFilter(filters.FilterSet):
    calendar = filters.UUIDFilter(field_name="calendar_id")
    date_from = filters.DateFilter(field_name="date", lookup_expr="gte")
    date_to = filters.DateFilter(field_name="date", lookup_expr="lte")


class CalendarDayViewSet(ResourceViewSet):
    model, out, filterset_class = CalendarDay, CalendarDayOut, CalendarDayFilter

    def rows(self):
        return super().rows().select_related("calendar")

    @extend_schema(request=CalendarDaysIn, responses={201: CalendarDayOut(many=True)})
    def create(self, request):
        rows = actions.set_calendar_days(self.actor, **self.read(CalendarDaysIn))
        data = CalendarDayOut(rows, many=True).data
        return Response({"next": None, "previous": None, "results": data}, status=201)

    @extend_schema(request=CalendarDayChange(partial=True), responses=CalendarDayOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(CalendarDayChange, partial=True)
        return self.one(actions.update_calendar_day(self.actor, day=row, seen=self.seen(row), **typed))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_calendar_day(self.actor, day=row, seen=self.seen(row))
        return Response(status=204)


class AbsenceOut(Out):
    class Meta:
        model = Absence
        fields = ["id", "user", "kind", "start_date", "finish_date", "note", *STAMPS]


class AbsenceChange(serializers.Serializer):
    start_date = PlanDateField()
    finish_date = PlanDateField()
    kind = serializers.ChoiceField(AbsenceKind.choices, required=False)
    note = serializers.CharField(max_length=200, allow_blank=True, required=False)


class AbsenceIn(AbsenceChange):
    user = MemberUserField(User)


class AbsenceFilter(filters.FilterSet):
    user = filters.UUIDFilter(field_name="user_id")
    date_from = filters.DateFilter(field_name="finish_date", lookup_expr="gte")
    date_to = filters.DateFilter(field_name="start_date", lookup_expr="lte")


class AbsenceViewSet(ResourceViewSet):
    model, out, filterset_class = Absence, AbsenceOut, AbsenceFilter

    @extend_schema(request=AbsenceIn, responses={201: AbsenceOut})
    def create(self, request):
        return self.one(actions.create_absence(self.actor, **self.read(AbsenceIn)), 201)

    @extend_schema(request=AbsenceChange(partial=True), responses=AbsenceOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(AbsenceChange, partial=True)
        return self.one(actions.update_absence(self.actor, absence=row, seen=self.seen(row), **typed))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_absence(self.actor, absence=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [
    ("work-calendars", WorkCalendarViewSet),
    ("calendar-days", CalendarDayViewSet),
    ("absences", AbsenceViewSet),
]
