"""REST: imports of files, and what was said about layouts."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from analytics.actions import imports as acts
from analytics.choices import ImportState
from analytics.models import ColumnMapping, Import
from campaigns.api.fields import CampaignFilter, CodedField
from campaigns.models import Campaign
from core.api.out import Out
from core.api.parsers import StrictJSONParser, strict_loads
from core.api.views import ResourceViewSet

BASE = ["id", "created_at", "updated_at", "lock_version"]
TOLD = [
    *("layout", "platform", "encoding", "delimiter", "header_row", "date_source", "period", "currency", "rows"),
    *("total_rows_skipped", "columns", "totals", "not_additive", "platform_totals", "tables", "warnings", "questions"),
    *("parts", "same_as"),
]


class QuestionOut(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    options = serializers.ListField()
    default = serializers.JSONField(allow_null=True)


class ImportFileOut(serializers.Serializer):
    """What was found in one file: the keys of `inspect_export`, the open questions, the answers, what was stored."""

    def to_representation(self, row):
        told = {name: row.report.get(name) for name in TOLD}
        return {
            "id": str(row.pk),
            "name": row.stored.name,
            "size": row.stored.size,
            "sha256": row.stored.sha256,
            **told,
            "questions": row.report.get("questions", []),
            "answers": row.answers,
            "fingerprint": row.fingerprint,
            "is_skipped": row.is_skipped,
            "error": row.error,
            "ad_account": row.ad_account_id and str(row.ad_account_id),
            "stored": {"figures": row.rows, "changed": row.changed, "removed": row.removed},
        }


class ImportOut(Out):
    campaign = serializers.CharField(source="campaign.code", allow_null=True, default=None)
    files = serializers.SerializerMethodField()
    job = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = [*BASE, "state", "campaign", "uploader", "committed_at", "files", "job"]

    def get_files(self, imported) -> list[dict]:
        return ImportFileOut(imported.files.all(), many=True).data

    def get_job(self, imported) -> str | None:
        """State of the background job that commits a large import."""
        if self.context["view"].action == "list" or imported.state != ImportState.PREVIEWED:
            return None
        job = acts.commit_job(imported)
        return job and job.state


class ImportIn(serializers.Serializer):
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), max_length=acts.MOST_FILES)
    campaign = CodedField(Campaign, required=False, allow_null=True)
    answers = serializers.JSONField(required=False, help_text=_("For all files, or by file name."))

    def to_internal_value(self, data):
        """`answers` comes as JSON text beside the files."""
        if not isinstance(data, dict):
            return super().to_internal_value(data)  # which says what is expected
        files = data.getlist("files") if hasattr(data, "getlist") else data.get("files")
        plain = {name: data[name] for name in ("campaign", "answers") if data.get(name) not in (None, "")}
        if isinstance(plain.get("answers"), str):
            plain["answers"] = _json(plain["answers"])
        return super().to_internal_value({**plain, "files": files or []})

    def validate_answers(self, answers):
        if not isinstance(answers, dict):
            raise serializers.ValidationError(_("Send the answers as an object: question code to answer."))
        return answers


def _json(text):
    try:
        return strict_loads(text)
    except (ValueError, RecursionError) as problem:
        raise serializers.ValidationError({"answers": _("The answers are not JSON we can read.")}) from problem


class AnswersIn(serializers.Serializer):
    answers = serializers.DictField(help_text=_("For all files, or by file name or id."))


class ImportFilter(CampaignFilter):
    state = filters.ChoiceFilter(choices=ImportState.choices)


class ImportViewSet(ResourceViewSet):
    model, out, filterset_class = Import, ImportOut, ImportFilter
    parser_classes = [StrictJSONParser, MultiPartParser]

    def rows(self):
        return super().rows().select_related("campaign", "workspace").prefetch_related("files__stored")

    @extend_schema(request={"multipart/form-data": ImportIn}, responses={201: ImportOut})
    def create(self, request):
        given = self.read(ImportIn)
        imported = acts.upload_files(
            self.actor, files=given["files"], campaign=given.get("campaign"), answers=given.get("answers")
        )
        return self.one(self.again(imported), 201)

    @extend_schema(request=AnswersIn, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def answers(self, request, pk):
        acts.answer_questions(self.actor, imported=self.find(), **self.read(AnswersIn))
        return self.one(self.find())

    @extend_schema(request=None, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def commit(self, request, pk):
        acts.commit_import(self.actor, imported=self.find())
        return self.one(self.find())

    @extend_schema(request=None, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def discard(self, request, pk):
        acts.discard_import(self.actor, imported=self.find())
        return self.one(self.find())

    @extend_schema(request=None, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, pk):
        acts.undo_import(self.actor, imported=self.find())
        return self.one(self.find())

    def again(self, imported):
        """The import as it is stored now, with what its answer shows."""
        return self.rows().get(pk=imported.pk)


class ColumnMappingOut(Out):
    class Meta:
        model = ColumnMapping
        fields = [*BASE, "fingerprint", "name", "platform", "answers"]


class ColumnMappingViewSet(ResourceViewSet):
    model, out = ColumnMapping, ColumnMappingOut

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        acts.forget_mapping(self.actor, mapping=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [("imports", ImportViewSet), ("column-mappings", ColumnMappingViewSet)]
PATHS = []
