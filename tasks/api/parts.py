"""REST: what hangs on a task (checklist, deliverables, files) and the tags of a campaign."""

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from campaigns.api.fields import CampaignFilter, CodedField, PersonOut, RowField
from campaigns.models import Campaign
from core.api.fields import FileOut
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ResourceViewSet
from core.files import served
from tasks.actions import checklist, deliverables, files, tags
from tasks.models import ChecklistItem, Deliverable, Tag, Task, TaskFile

BASE = ["id", "created_at", "updated_at", "lock_version"]
FORMS = [StrictJSONParser, MultiPartParser]
POSITION = {"min_value": 0, "max_value": 32_000, "required": False}


class OfTaskFilter(CampaignFilter):
    task = filters.UUIDFilter(field_name="task_id")


class OfTaskViewSet(ResourceViewSet):
    """Rows that hang on a task."""

    filterset_class = OfTaskFilter
    related = ("task", "campaign", "workspace")

    def rows(self):
        return super().rows().select_related(*self.related)

    def maybe_seen(self, row):
        """The version an act is meant for, where the client says it."""
        return self.seen(row) if "If-Match" in self.request.headers else None


class ChecklistItemOut(Out):
    done_by = PersonOut(allow_null=True)
    is_done = serializers.SerializerMethodField()

    class Meta:
        model = ChecklistItem
        fields = [*BASE, "campaign", "task", "text", "position", "is_done", "done_at", "done_by"]

    def get_is_done(self, item) -> bool:
        return item.done_at is not None


class ChecklistItemChange(serializers.Serializer):
    text = serializers.CharField(max_length=300)
    is_done = serializers.BooleanField(required=False)
    position = serializers.IntegerField(**POSITION)


class ChecklistItemIn(serializers.Serializer):
    task = RowField(Task, active=True)
    text = serializers.CharField(max_length=300)


class ChecklistItemViewSet(OfTaskViewSet):
    model, out = ChecklistItem, ChecklistItemOut
    related = (*OfTaskViewSet.related, "done_by")

    @extend_schema(request=ChecklistItemIn, responses={201: ChecklistItemOut})
    def create(self, request):
        return self.one(checklist.add_checklist_item(self.actor, **self.read(ChecklistItemIn)), 201)

    @extend_schema(request=ChecklistItemChange, responses=ChecklistItemOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(ChecklistItemChange, partial=True)
        return self.one(checklist.update_checklist_item(self.actor, item=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        checklist.remove_checklist_item(self.actor, item=row, seen=self.seen(row))
        return Response(status=204)


class DeliverableOut(Out):
    file = FileOut(allow_null=True)

    class Meta:
        model = Deliverable
        fields = [*BASE, "campaign", "task", "name", "criteria", "position", "delivered_at", "file"]


class DeliverableChange(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    criteria = serializers.CharField(max_length=300, required=False, allow_blank=True)
    position = serializers.IntegerField(**POSITION)


class DeliverableIn(serializers.Serializer):
    task = RowField(Task, active=True)
    name = serializers.CharField(max_length=200)
    criteria = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DeliveryIn(serializers.Serializer):
    file = serializers.FileField(required=False, allow_empty_file=True)


class DeliverableViewSet(OfTaskViewSet):
    model, out = Deliverable, DeliverableOut
    related = (*OfTaskViewSet.related, "file")
    parser_classes = FORMS

    @extend_schema(request=DeliverableIn, responses={201: DeliverableOut})
    def create(self, request):
        return self.one(deliverables.add_deliverable(self.actor, **self.read(DeliverableIn)), 201)

    @extend_schema(request=DeliverableChange, responses=DeliverableOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(DeliverableChange, partial=True)
        return self.one(deliverables.update_deliverable(self.actor, deliverable=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        deliverables.remove_deliverable(self.actor, deliverable=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request={"multipart/form-data": DeliveryIn}, responses=DeliverableOut)
    @action(detail=True, methods=["post"])
    def deliver(self, request, pk):
        """Hand it over, with or without a file."""
        row = self.find()
        upload = self.read(DeliveryIn).get("file")
        return self.one(deliverables.deliver(self.actor, deliverable=row, upload=upload, seen=self.maybe_seen(row)))

    @extend_schema(request=None, responses=DeliverableOut)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, pk):
        row = self.find()
        return self.one(deliverables.take_back_deliverable(self.actor, deliverable=row, seen=self.maybe_seen(row)))


class TaskFileOut(Out):
    file = FileOut()

    class Meta:
        model = TaskFile
        fields = [*BASE, "campaign", "task", "file"]


class TaskFileIn(serializers.Serializer):
    task = RowField(Task, active=True)
    file = serializers.FileField(allow_empty_file=True)


class TaskFileViewSet(OfTaskViewSet):
    model, out = TaskFile, TaskFileOut
    related = (*OfTaskViewSet.related, "file")
    parser_classes = FORMS

    @extend_schema(request={"multipart/form-data": TaskFileIn}, responses={201: TaskFileOut})
    def create(self, request):
        given = self.read(TaskFileIn)
        return self.one(files.attach_file(self.actor, task=given["task"], upload=given["file"]), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        files.remove_file(self.actor, attached=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request, pk):
        """The bytes of the file."""
        return served(self.find().file)


class TagOut(Out):
    class Meta:
        model = Tag
        fields = [*BASE, "campaign", "name"]


class TagChange(serializers.Serializer):
    name = serializers.CharField(max_length=40)


class TagIn(TagChange):
    campaign = CodedField(Campaign)


class TagViewSet(ResourceViewSet):
    model, out, filterset_class = Tag, TagOut, CampaignFilter

    @extend_schema(request=TagIn, responses={201: TagOut})
    def create(self, request):
        return self.one(tags.create_tag(self.actor, **self.read(TagIn)), 201)

    @extend_schema(request=TagChange, responses=TagOut)
    def partial_update(self, request, pk):
        row = self.find()
        return self.one(tags.rename_tag(self.actor, tag=row, seen=self.seen(row), **self.read(TagChange)))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        tags.delete_tag(self.actor, tag=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [
    ("checklist-items", ChecklistItemViewSet),
    ("deliverables", DeliverableViewSet),
    ("task-files", TaskFileViewSet),
    ("task-tags", TagViewSet),
]
