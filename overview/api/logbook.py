"""REST: the logbook and the search."""

import django_filters
from django.db.models import Value
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.fields import UNKNOWN, coded
from campaigns.models import Campaign
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet
from core.errors import Invalid
from core.models import Activity
from overview.querysets.found import KINDS, found
from overview.querysets.logbook import logbook
from overview.rules.verbs import spoken

MOST = 50


class ActivityOut(Out):
    """A line of the logbook; `sentence` is in the language asked for, `changes` is {field: [before, after]}."""

    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = ["id", "at", "verb", "sentence", "user_id", "user_name", "campaign_id"]
        fields += ["subject_type", "subject_id", "subject_label", "changes"]

    def get_sentence(self, row) -> str:
        return spoken(row.verb, row.subject_label)


class ActivityFilterSet(django_filters.FilterSet):
    campaign = django_filters.CharFilter(method="of_campaign", help_text="Code or id of a campaign.")
    person = django_filters.UUIDFilter(field_name="user_id")
    verb = django_filters.CharFilter()
    subject = django_filters.CharFilter(field_name="subject_id")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = Activity
        fields = []

    def of_campaign(self, rows, name, value):
        campaign = Campaign.objects.visible_to(self.request._request.actor).filter(**coded(value)).first()
        if campaign is None:
            raise Invalid(str(UNKNOWN), errors={"campaign": UNKNOWN})
        return rows.filter(campaign_id=campaign.pk)


class ActivityViewSet(ResourceViewSet):
    """The logbook, newest first. It is written by acts alone."""

    model, out = Activity, ActivityOut
    filterset_class = ActivityFilterSet

    def rows(self):
        return logbook(self.actor).annotate(lock_version=Value(1))  # a line never changes: one ETag for ever


class FoundOut(serializers.Serializer):
    """A found thing: its kind, id, name, and the code of the campaign it belongs to."""

    kind = serializers.CharField()
    id = serializers.CharField()
    label = serializers.CharField()
    campaign = serializers.CharField(allow_null=True)


class SearchOut(serializers.Serializer):
    results = FoundOut(many=True)


class SearchView(ActorMixin, APIView):
    """Things whose words begin like the words asked for; Chinese is found by its segments."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", str, required=True),
            OpenApiParameter("kind", str, enum=[kind.code for kind in KINDS]),
            OpenApiParameter("limit", int, description=f"Rows of each kind, at most {MOST}."),
        ],
        responses=SearchOut,
    )
    def get(self, request):
        kind, limit = request.query_params.get("kind", ""), request.query_params.get("limit", "10")
        if kind and kind not in {one.code for one in KINDS}:
            raise Invalid(str(UNKNOWN), errors={"kind": UNKNOWN})
        words, kinds = request.query_params.get("q", ""), (kind,) if kind else ()
        results = found(self.actor, words, limit=_limit(limit), kinds=kinds)
        return Response({"results": [_found(one, row) for one, rows in results for row in rows]})


def _limit(text):
    """A whole number of rows from 1 to MOST; anything else is said to be wrong."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST):
        sentence = _("Give a whole number from 1 to %(most)d.") % {"most": MOST}
        raise Invalid(sentence, errors={"limit": sentence})
    return int(text[:6])


def _found(kind, row):
    return {"kind": kind.code, "id": str(row.pk), "label": row.label, "campaign": row.campaign or None}
