"""REST: the whole plan of a campaign in one answer, for drawing it."""

from django.http import Http404, HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.models import Campaign
from core.api.views import ActorMixin
from tasks.gantt.feed import dumped
from tasks.models.feed import PlanReader

FeedOut = inline_serializer(
    "PlanFeed",
    {
        "version": serializers.CharField(help_text="The ETag: changes with everything shown here."),
        "plan": serializers.DictField(allow_null=True, help_text="Id, direction, start, launch and warnings."),
        "today": serializers.DateField(help_text="Today in the campaign's zone."),
        "calendar": serializers.DictField(help_text="Runs of days off, as numbers; years not published yet."),
        "epoch": serializers.DateField(help_text="Day 0: days are counted from here, 0 means none."),
        "fields": serializers.ListField(child=serializers.CharField(), help_text="Names of the columns of `tasks`."),
        "kinds": serializers.ListField(child=serializers.CharField()),
        "states": serializers.ListField(child=serializers.CharField()),
        "count": serializers.IntegerField(),
        "tasks": serializers.ListField(help_text="Columns; one of equal values is that value. Ids: 16 bytes each."),
        "link_fields": serializers.ListField(child=serializers.CharField()),
        "link_kinds": serializers.ListField(child=serializers.CharField()),
        "link_count": serializers.IntegerField(),
        "links": serializers.ListField(help_text="Columns; ends are places of tasks."),
        "phases": serializers.ListField(help_text="[id, name, start, finish, promotion wave]"),
        "people": serializers.ListField(help_text="[id, name]"),
        "channels": serializers.ListField(help_text="[id, label]"),
        "organizations": serializers.ListField(help_text="[id, name]"),
        "baseline": serializers.DictField(allow_null=True, help_text="Id, name, and [task, start, finish] each."),
    },
)
BASELINE = OpenApiParameter("baseline", OpenApiTypes.UUID, description="Also the days of this baseline.")


class FeedView(ActorMixin, APIView):
    model = Campaign

    @extend_schema(operation_id="work_plans_feed", parameters=[BASELINE], responses=FeedOut)
    def get(self, request, pk):
        campaign = Campaign.objects.visible_to(self.actor).filter(pk=pk).first()
        if campaign is None:
            raise Http404
        reader = PlanReader(campaign)
        baseline = self.baseline(reader)
        version = reader.version(baseline)
        headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}
        if self.request.headers.get("If-None-Match", "").removeprefix("W/") == headers["ETag"]:
            return Response(status=304, headers=headers)
        content = dumped({"version": version, **reader.feed(baseline)})
        return HttpResponse(content, content_type="application/json", headers=headers)

    def baseline(self, reader):
        """The baseline asked for; 404 for one the campaign does not have."""
        key = self.request.query_params.get("baseline")
        if not key:
            return None
        found = reader.baseline(serializers.UUIDField().run_validation(key))
        if found is None:
            raise Http404
        return found


PATHS = [path("work-plans/<uuid:pk>/feed/", FeedView.as_view(), name="work-plan-feed")]
