"""REST: a register from a file: what it would become, then the import itself."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from campaigns.api.fields import CodedField
from campaigns.models import Campaign
from core.api.parsers import StrictJSONParser
from core.api.views import ActorMixin
from core.errors import Invalid
from risks import actions
from risks.actions.imports import listed, look_at, sheet_of
from risks.importers import TARGETS
from risks.models import Risk


class RiskImportIn(serializers.Serializer):
    """A file (multipart), or the text of a CSV or of a Markdown table. With `preview` nothing is written."""

    campaign = CodedField(Campaign, active=True)
    file = serializers.FileField(required=False)
    text = serializers.CharField(required=False, max_length=5_000_000, trim_whitespace=False)
    preview = serializers.BooleanField(required=False, default=False)
    without_faulty = serializers.BooleanField(required=False, default=False, help_text="Leave out rows with faults.")
    targets = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        max_length=60,
        help_text=f"What each column means, in their order: {', '.join(TARGETS)}. Guessed by the titles when left out.",
    )


class ImportedRiskFault(serializers.Serializer):
    line = serializers.IntegerField()
    column = serializers.CharField()
    detail = serializers.CharField()


class ImportedRisk(serializers.Serializer):
    line = serializers.IntegerField()
    values = serializers.DictField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())


class RiskImportOut(serializers.Serializer):
    """What each column means, what each row becomes, how scales were read; `risks` are the ids once it is done."""

    titles = serializers.ListField(child=serializers.CharField())
    targets = serializers.ListField(child=serializers.CharField())
    rows = ImportedRisk(many=True)
    faults = ImportedRiskFault(many=True)
    scales = serializers.ListField(child=serializers.CharField())
    kept = serializers.ListField(child=serializers.CharField(), help_text="Columns kept in the notes.")
    skipped = serializers.ListField(child=serializers.CharField(), help_text="Columns left out.")
    risks = serializers.ListField(child=serializers.UUIDField())


def as_dict(seen, made=()):
    """A preview as the answer lists it."""
    rows = [{"line": row.number, "values": row.values, "notes": row.notes} for row in seen.rows]
    lists = {name: getattr(seen, name) for name in ("titles", "targets", "scales", "kept", "skipped")}
    return {**lists, "rows": rows, "faults": listed(seen), "risks": [risk.pk for risk in made]}


class RiskImportViewSet(ActorMixin, GenericViewSet):
    """Registers from files: `preview` shows each row, without it the sound rows become risks."""

    model, serializer_class, pagination_class, filter_backends = Risk, RiskImportOut, None, []
    parser_classes = [StrictJSONParser, MultiPartParser]

    @extend_schema(request=RiskImportIn, responses={200: RiskImportOut, 201: RiskImportOut})
    def create(self, request):
        values = self.read(RiskImportIn)
        sheet, named = sheet_of(_content(values)), {"campaign": values["campaign"], "targets": values.get("targets")}
        if values["preview"]:
            return Response(RiskImportOut(as_dict(look_at(self.actor, sheet=sheet, **named))).data)
        leave_out = values["without_faulty"]
        made, seen = actions.import_risks(self.actor, sheet=sheet, without_faulty=leave_out, **named)
        return Response(RiskImportOut(as_dict(seen, made)).data, status=201)


def _content(values):
    if values.get("file"):
        return values["file"].read()
    if values.get("text"):
        return values["text"].encode()
    sentence = _("Send a file, or the text of a table.")
    raise Invalid(sentence, code="required", errors={"file": sentence})


ROUTES = [("risk-imports", RiskImportViewSet)]
