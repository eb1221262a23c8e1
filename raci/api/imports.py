"""REST: a matrix from a file: what it would change, then the change itself, and back."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from campaigns.api.fields import CodedField
from campaigns.models import Campaign
from core.api.parsers import StrictJSONParser
from core.api.views import ActorMixin
from core.errors import Invalid
from core.models import Activity
from core.text import whole
from raci import actions
from raci.actions.imports import look_at, sheet_of
from raci.importers import Answers
from raci.importers.preview import SUPPORTS


class RaciImportIn(serializers.Serializer):
    """A file (multipart), or the text of a CSV or of a Markdown table. With `preview` nothing is written."""

    campaign = CodedField(Campaign, active=True)
    file = serializers.FileField(required=False)
    text = serializers.CharField(required=False, max_length=5_000_000, trim_whitespace=False)
    preview = serializers.BooleanField(required=False, default=False)
    columns = serializers.DictField(
        child=serializers.CharField(max_length=80),
        required=False,
        help_text='Per title: "holder:<id>", "function:content", "person:<id>", "organization:<id>" or "skip".',
    )
    rows = serializers.DictField(
        child=serializers.CharField(max_length=80),
        required=False,
        help_text='Per line number: "row:<id>", "task:<id>", "deliverable:<id>", "new" or "skip".',
    )
    support = serializers.ChoiceField(choices=[(one, one) for one in SUPPORTS], required=False, default="C")
    digest = serializers.CharField(max_length=64, required=False, help_text="Of the preview that was looked at.")

    def validate_rows(self, rows):
        if not all(whole(line) is not None for line in rows):
            raise serializers.ValidationError(_("Name rows by their line numbers."))
        return {int(line): key for line, key in rows.items()}


class ImportedColumn(serializers.Serializer):
    title = serializers.CharField()
    state = serializers.CharField(help_text="there, added, unknown, skipped")
    key = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)


class ImportedRow(serializers.Serializer):
    line = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField(help_text="there, added, skipped")
    key = serializers.CharField(allow_null=True)
    note = serializers.CharField()


class ImportedCell(serializers.Serializer):
    line = serializers.IntegerField()
    column = serializers.CharField()
    state = serializers.CharField(help_text="added, changed, removed")
    before = serializers.CharField()
    after = serializers.CharField()


class ImportFault(serializers.Serializer):
    line = serializers.IntegerField(help_text="0: of the whole column")
    column = serializers.CharField()
    detail = serializers.CharField()


class RaciImportOut(serializers.Serializer):
    """What the file changes. `activity` names the act once it is done: undo goes by it."""

    digest = serializers.CharField()
    is_ready = serializers.BooleanField(help_text="No fault, and every column is known.")
    has_support = serializers.BooleanField(help_text="The file uses the S of RASCI; `support` says what it becomes.")
    support = serializers.CharField()
    counted = serializers.DictField(child=serializers.IntegerField())
    columns = ImportedColumn(many=True)
    rows = ImportedRow(many=True)
    cells = ImportedCell(many=True)
    faults = ImportFault(many=True)
    activity = serializers.UUIDField(allow_null=True)


def as_dict(seen, activity=None):
    """A preview as the answer lists it."""
    titles = [one.title for one in seen.columns]
    place = lambda one: {"key": one.place and one.place.key}  # noqa: E731
    return {
        **{name: getattr(seen, name) for name in ("digest", "is_ready", "has_support", "support", "faults")},
        "counted": seen.counted(),
        "columns": [
            {"title": one.title, "state": one.state, "name": one.place and one.place.name, **place(one)}
            for one in seen.columns
        ],
        "rows": [
            {"line": one.line.number, "title": one.line.title, "kind": one.kind, "state": one.state, **place(one)}
            | {"note": one.note}
            for one in seen.rows
        ],
        "cells": [
            {"line": one.line, "column": titles[one.column], "state": one.state, "before": one.before}
            | {"after": one.after}
            for one in seen.cells
        ],
        "activity": activity and activity.pk,
    }


class ImportViewSet(ActorMixin, GenericViewSet):
    """Matrices from files: `preview` shows each change, without it the file is applied as one act."""

    model, serializer_class, pagination_class, filter_backends = Activity, RaciImportOut, None, []
    parser_classes = [StrictJSONParser, MultiPartParser]

    @extend_schema(request=RaciImportIn, responses={200: RaciImportOut, 201: RaciImportOut})
    def create(self, request):
        values = self.read(RaciImportIn)
        campaign, answers = values["campaign"], _answers(values)
        sheet = sheet_of(_content(values))
        if values["preview"]:
            return Response(
                RaciImportOut(as_dict(look_at(self.actor, campaign=campaign, sheet=sheet, answers=answers))).data
            )
        activity, seen = actions.apply_import(
            self.actor, campaign=campaign, sheet=sheet, answers=answers, digest=values.get("digest")
        )
        return Response(RaciImportOut(as_dict(seen, activity)).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def undo(self, request, pk):
        """Take an import back; refused where letters have changed since."""
        activity = Activity.objects.filter(
            pk=pk, workspace_id=self.actor.workspace_id, verb="raci.matrix_imported"
        ).first()
        campaigns = Campaign.objects.visible_to(self.actor)
        campaign = activity and campaigns.filter(pk=activity.campaign_id).first()
        if campaign is None:
            raise Http404
        actions.undo(self.actor, campaign=campaign, activity=activity)
        return Response(status=204)


def _answers(values):
    return Answers(columns=values.get("columns", {}), rows=values.get("rows", {}), support=values["support"])


def _content(values):
    if values.get("file"):
        return values["file"].read()
    if values.get("text"):
        return values["text"].encode()
    sentence = _("Send a file, or the text of a table.")
    raise Invalid(sentence, code="required", errors={"file": sentence})


ROUTES = [("raci-imports", ImportViewSet)]
