"""REST: objects of the platforms, what they may be, and whose figures theirs are."""

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from analytics.actions import matching as acts
from analytics.models import ExternalObject, ObjectLink
from campaigns.api.fields import UNKNOWN, CampaignFilter, CodedField, RowField, coded
from campaigns.models import Campaign
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet
from core.errors import Invalid
from placements.models import AdAccount, Placement

BASE = ["id", "created_at", "updated_at", "lock_version"]
MOST_LINKS = 1000


class ObjectLinkOut(Out):
    campaign = serializers.CharField(source="campaign.code")

    class Meta:
        model = ObjectLink
        fields = [*BASE, "object", "campaign", "placement", "valid_from", "valid_to", "how"]


class ExternalObjectOut(Out):
    account = serializers.CharField(source="account_link.ad_account_id")
    source = serializers.CharField(source="account_link.source_id")
    links = ObjectLinkOut(many=True)

    class Meta:
        model = ExternalObject
        fields = [
            "id",
            "level",
            "external_id",
            "name",
            "parent",
            "utm",
            "account",
            "source",
            "stays_unassigned",
            "links",
        ]


class ExternalObjectFilter(filters.FilterSet):
    """`linked=false` lists what is unassigned at the counting level of its account."""

    linked = filters.BooleanFilter(method="is_linked")
    campaign = filters.CharFilter(method="of_campaign")
    account = filters.UUIDFilter(field_name="account_link__ad_account_id")
    level = filters.CharFilter()
    q = filters.CharFilter(field_name="name", lookup_expr="icontains")

    def is_linked(self, rows, name, value):
        accounts = AdAccount.objects.visible_to(self.request._request.actor)
        return rows.exclude(links=None) if value else rows.filter(pk__in=acts.unlinked(accounts))

    def of_campaign(self, rows, name, value):
        return rows.filter(links__campaign=campaign_named(self.request, value)).distinct()


def campaign_named(request, value):
    """The campaign of a code or id, or a refusal that says no more than that there is none."""
    campaign = Campaign.objects.visible_to(request._request.actor).filter(**coded(value)).first()
    if campaign is None:
        raise Invalid(str(UNKNOWN), code="invalid", errors={"campaign": UNKNOWN})
    return campaign


class ExternalObjectViewSet(ResourceViewSet):
    model, out, filterset_class = ExternalObject, ExternalObjectOut, ExternalObjectFilter
    lookup_value_regex = "[0-9]{1,18}"

    def rows(self):
        return super().rows().select_related("account_link").prefetch_related("links__campaign")

    def retrieve(self, request, pk):
        return self.one(self.find())

    @extend_schema(request=None, responses={200: None})
    @action(detail=False, methods=["post"], url_path="match-again", url_name="match-again")
    def match_again(self, request):
        """Let the rules look at everything unassigned once more."""
        accounts = AdAccount.objects.visible_to(self.actor)
        return Response({"matched": acts.match_again(self.actor, ad_accounts=accounts)})


class SuggestionOut(serializers.Serializer):
    placement = serializers.UUIDField()
    score = serializers.IntegerField()
    reason = serializers.CharField()


class MatchSuggestionOut(serializers.Serializer):
    """What the rules say of an unassigned object: best placement first."""

    object = ExternalObjectOut()
    how = serializers.CharField(allow_null=True)
    suggestions = SuggestionOut(many=True)


class MatchSuggestionViewSet(ActorMixin, viewsets.GenericViewSet):
    """Unassigned objects with the placements they may belong to."""

    model, out, filterset_class = ExternalObject, MatchSuggestionOut, ExternalObjectFilter

    def rows(self):
        open_objects = acts.unlinked(AdAccount.objects.visible_to(self.actor))
        rows = super().rows().filter(pk__in=open_objects).prefetch_related("links__campaign")
        return rows.select_related("account_link__ad_account__channel", "parent__parent")

    @extend_schema(
        responses=MatchSuggestionOut(many=True), parameters=[OpenApiParameter("limit", int, description="At most 100.")]
    )
    def list(self, request):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        found = acts.suggestions(self.actor, rows)
        lines = [{"object": row, "how": found[row.pk].how, "suggestions": suggested(found[row.pk])} for row in rows]
        return self.get_paginated_response(MatchSuggestionOut(lines, many=True).data)


def suggested(match):
    """Suggestions of a Match; one that is decided suggests what it decided."""
    if match.is_decided and match.placement:
        return [{"placement": match.placement, "score": 100, "reason": match.reason}]
    return [{"placement": one.placement, "score": one.score, "reason": one.reason} for one in match.suggestions]


class LinkIn(serializers.Serializer):
    object = serializers.IntegerField(min_value=1, max_value=2**62)
    placement = RowField(Placement, required=False, allow_null=True)
    campaign = CodedField(Campaign, required=False, allow_null=True)
    valid_from = PlanDateField(required=False, allow_null=True)
    valid_to = PlanDateField(required=False, allow_null=True)

    def validate(self, data):
        if not data.get("placement") and not data.get("campaign"):
            raise serializers.ValidationError({"placement": _("Name a placement or a campaign.")})
        return data


class LinksIn(serializers.Serializer):
    links = LinkIn(many=True, allow_empty=False)

    def validate_links(self, links):
        if len(links) > MOST_LINKS:
            raise serializers.ValidationError(_("Send at most %(most)d links at once.") % {"most": MOST_LINKS})
        return links


class ObjectLinkFilter(CampaignFilter):
    placement = filters.UUIDFilter(field_name="placement_id")
    how = filters.CharFilter()


class ObjectLinkViewSet(ResourceViewSet):
    model, out, filterset_class = ObjectLink, ObjectLinkOut, ObjectLinkFilter

    def rows(self):
        rows = super().rows().select_related("campaign")
        return rows.filter(campaign__in=Campaign.objects.visible_to(self.actor))

    @extend_schema(request=LinksIn, responses={201: ObjectLinkOut(many=True)})
    def create(self, request):
        """Link many objects at once: all of them, or none."""
        links = self.read(LinksIn)["links"]
        objects = ExternalObject.objects.visible_to(self.actor).filter(pk__in=[link["object"] for link in links])
        known = {row.pk: row for row in objects.select_related("account_link")}
        choices = [_choice(link, known) for link in links]
        made = acts.link_objects(self.actor, choices=choices)
        return Response(ObjectLinkOut(made, many=True).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        acts.unlink(self.actor, link=row, seen=self.seen(row))
        return Response(status=204)


def _choice(link, known):
    found, placement = known.get(link["object"]), link.get("placement")
    if found is None:
        raise Invalid(str(UNKNOWN), code="invalid", errors={"object": UNKNOWN})
    campaign = link.get("campaign") or placement.campaign
    return found, campaign, placement, link.get("valid_from"), link.get("valid_to")


ROUTES = [
    ("external-objects", ExternalObjectViewSet),
    ("match-suggestions", MatchSuggestionViewSet),
    ("object-links", ObjectLinkViewSet),
]
PATHS = []
