"""REST: the logbook and the search."""

import django_filters
from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.fields import UNKNOWN, coded
from campaigns.models import Campaign
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet
from core.errors import Invalid
from core.models import Activity, AuditEvent
from overview.querysets.found import KINDS, found
from overview.querysets.logbook import chosen, events, logbook
from overview.querysets.told import public, told
from overview.rules.verbs import APPS, spoken

MOST = 50


class ToldOut(serializers.Serializer):
    """What changed, in the language asked for; an empty text where there was or is nothing."""

    label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ActivityOut(Out):
    """A line of the logbook; `sentence` and `told` are in the language asked for, `changes` is {field: [before, after]}
    as it is kept. Addresses of others are left out for all but managers."""

    sentence = serializers.SerializerMethodField()
    told = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = ["id", "at", "verb", "sentence", "user_id", "user_name", "campaign_id", "event_id"]
        fields += ["subject_type", "subject_id", "subject_label", "changes", "told", "undone_at"]

    def get_sentence(self, row) -> str:
        return spoken(row.verb, row.subject_label)

    @extend_schema_field(ToldOut(many=True))
    def get_told(self, row):
        names = ("label", "before", "after")
        return [dict(zip(names, one, strict=True)) for one in told(row, self._actor)]

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "array"}})
    def get_changes(self, row):
        return public(row, self._actor)

    @property
    def _actor(self):
        return self.context["request"]._request.actor


class _OfCampaign(django_filters.FilterSet):
    campaign = django_filters.CharFilter(method="of_campaign", help_text="Code or id of a campaign.")

    def of_campaign(self, rows, name, value):
        campaign = Campaign.objects.visible_to(self.request._request.actor).filter(**coded(value)).first()
        if campaign is None:
            raise Invalid(str(UNKNOWN), errors={"campaign": UNKNOWN})
        return rows.filter(campaign_id=campaign.pk)


class ActivityFilterSet(_OfCampaign):
    """The filters of the page; `person` is whoever did it: a person, a seat, or the service behind a key."""

    person = django_filters.UUIDFilter(field_name="user_id")
    verb = django_filters.CharFilter()
    area = django_filters.ChoiceFilter(choices=list(APPS.items()), method="fitting")
    kind = django_filters.CharFilter(field_name="subject_type", help_text="Kind of thing, such as campaigns.kpi.")
    subject = django_filters.CharFilter(field_name="subject_id")
    q = django_filters.CharFilter(method="fitting", help_text="Words of the thing's name or of who did it.")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = Activity
        fields = []

    def fitting(self, rows, name, value):
        return chosen(rows, {name: value})


class ActivityViewSet(ResourceViewSet):
    """The logbook, newest first. It is written by acts alone."""

    model, out = Activity, ActivityOut
    filterset_class = ActivityFilterSet

    def rows(self):
        # of a line only undone_at may change
        undone = Case(When(undone_at=None, then=Value(1)), default=Value(2), output_field=IntegerField())
        return logbook(self.actor).annotate(lock_version=undone)


class AuditEventOut(Out):
    """One request or job: who, from where, by which door or key; `sequence` and `hash` once it is sealed."""

    class Meta:
        model = AuditEvent
        fields = [
            "id",
            "at",
            "user_id",
            "user_name",
            "door_id",
            "key_id",
            "ip",
            "request_id",
            "method",
            "path",
            "route",
        ]
        fields += ["job", "sequence", "digest", "prev_hash", "hash"]


class AuditEventFilterSet(django_filters.FilterSet):
    person = django_filters.UUIDFilter(field_name="user_id")
    key = django_filters.UUIDFilter(field_name="key_id")
    route = django_filters.CharFilter()
    request = django_filters.CharFilter(field_name="request_id", help_text="The X-Request-Id of an answer.")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEvent
        fields = []


class AuditEventViewSet(ResourceViewSet):
    """The events of the workspace with their seals, newest first; for owners and managers."""

    model, out = AuditEvent, AuditEventOut
    filterset_class = AuditEventFilterSet

    def rows(self):
        return events(self.actor)


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
