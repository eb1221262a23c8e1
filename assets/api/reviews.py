"""REST: review routes, reviews, their steps, and verdicts."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organization
from assets import actions
from assets.api.standards import BASE
from assets.choices import Decision, Quorum, ReviewState, StepState
from assets.models import Review, ReviewRoute, ReviewStep, RouteLevel, StepReviewer, Verdict
from assets.rules.criteria import CRITERIA
from campaigns.api.fields import (
    ActiveInCampaignFilter,
    CampaignFilter,
    CodedField,
    PeopleField,
    PersonField,
    PersonOut,
    RowField,
)
from campaigns.choices import Function
from campaigns.models import Campaign
from core.api.fields import Part
from core.api.out import Out
from core.api.views import ResourceViewSet


class RouteLevelOut(Out):
    users = PersonOut(many=True)

    class Meta:
        model = RouteLevel
        fields = ["id", "position", "name", "criteria", "quorum", "quorum_count", "due_days", "is_private"]
        fields += ["functions", "users", "organization"]


class ReviewRouteOut(Out):
    """Without a campaign it is a template of the workspace. Levels of the same position run side by side."""

    levels = RouteLevelOut(many=True)

    class Meta:
        model = ReviewRoute
        fields = [*BASE, "campaign", "name", "note", "levels", "archived_at"]


class RouteLevelIn(Part):
    position = serializers.IntegerField(min_value=0, max_value=100)
    name = serializers.CharField(max_length=120)
    criteria = serializers.ListField(child=serializers.ChoiceField(list(CRITERIA)), required=False, max_length=10)
    quorum = serializers.ChoiceField(Quorum.choices, required=False)
    quorum_count = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)
    due_days = serializers.IntegerField(min_value=1, max_value=60, required=False)
    is_private = serializers.BooleanField(required=False)
    functions = serializers.ListField(child=serializers.ChoiceField(Function.choices), required=False, max_length=20)
    users = PeopleField(required=False)
    organization = RowField(Organization, active=True, required=False, allow_null=True)


class ReviewRouteChange(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    levels = RouteLevelIn(many=True)


class ReviewRouteIn(ReviewRouteChange):
    campaign = CodedField(Campaign, required=False, allow_null=True)


class RouteCopyIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    name = serializers.CharField(max_length=120, required=False)


class ReviewRouteViewSet(ResourceViewSet):
    model, out, filterset_class = ReviewRoute, ReviewRouteOut, ActiveInCampaignFilter

    def rows(self):
        return super().rows().with_levels()

    def again(self, row, status=200):
        return self.one(self.rows().get(pk=row.pk), status)

    @extend_schema(request=ReviewRouteIn, responses={201: ReviewRouteOut})
    def create(self, request):
        return self.again(actions.create_route(self.actor, **self.read(ReviewRouteIn)), 201)

    @extend_schema(request=ReviewRouteChange, responses=ReviewRouteOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(ReviewRouteChange, partial=True)
        return self.again(actions.update_route(self.actor, route=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_route(self.actor, route=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=RouteCopyIn, responses={201: ReviewRouteOut})
    @action(detail=True, methods=["post"])
    def copy(self, request, pk):
        """A campaign's own copy."""
        return self.again(actions.copy_route(self.actor, route=self.find(), **self.read(RouteCopyIn)), 201)

    @extend_schema(request=None, responses=ReviewRouteOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(actions.restore_route(self.actor, route=self.find()))


class StepReviewerOut(Out):
    user = PersonOut()
    added_by = PersonOut(allow_null=True)
    delegated_by = PersonOut(allow_null=True)

    class Meta:
        model = StepReviewer
        fields = ["user", "function", "due_date", "added_by", "delegated_by", "nudged_at", "released_at"]


class VerdictOut(Out):
    """What a reviewer said of the bytes `sha256`."""

    reviewer = PersonOut()

    class Meta:
        model = Verdict
        fields = ["id", "campaign", "version", "step", "reviewer", "decision", "words", "edits", "criteria", "sha256"]
        fields += ["route_name", "pack_versions", "at"]


class ReviewStepOut(Out):
    reviewers = StepReviewerOut(many=True)
    verdicts = VerdictOut(many=True)

    class Meta:
        model = ReviewStep
        fields = [*BASE, "campaign", "review", "round", "position", "name", "criteria", "quorum", "quorum_count"]
        fields += ["due_days", "is_private", "state", "opened_at", "ended_at", "reviewers", "verdicts"]


class ReviewOut(Out):
    submitted_by = PersonOut()

    class Meta:
        model = Review
        fields = [*BASE, "campaign", "asset", "version", "sha256", "route", "route_name", "state", "submitted_by"]
        fields += ["ended_at"]


class ReviewFilter(CampaignFilter):
    asset = filters.UUIDFilter(field_name="asset_id")
    state = filters.MultipleChoiceFilter(choices=ReviewState.choices)


class WithdrawIn(serializers.Serializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class NudgedOut(serializers.Serializer):
    reminded = serializers.IntegerField()


class ReviewViewSet(ResourceViewSet):
    model, out, filterset_class = Review, ReviewOut, ReviewFilter

    def rows(self):
        return super().rows().select_related("submitted_by", "asset", "campaign", "workspace", "version")

    @extend_schema(request=WithdrawIn, responses=ReviewOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        """撤回: take it back to go on working on the asset."""
        row = self.find()
        actions.withdraw(self.actor, review=row, **self.read(WithdrawIn))
        return self.one(self.rows().get(pk=row.pk))

    @extend_schema(request=None, responses=NudgedOut)
    @action(detail=True, methods=["post"])
    def nudge(self, request, pk):
        """催办: remind everybody who has not decided."""
        return Response({"reminded": actions.nudge(self.actor, review=self.find())})


class StepFilter(CampaignFilter):
    review = filters.UUIDFilter(field_name="review_id")
    asset = filters.UUIDFilter(field_name="review__asset_id")
    state = filters.MultipleChoiceFilter(choices=StepState.choices)
    mine = filters.BooleanFilter(method="that_wait")

    def that_wait(self, rows, name, value):
        """`?mine=true`: what waits for a verdict of the caller."""
        return rows.open_for(self.request._request.actor.user) if value else rows


class VerdictIn(serializers.Serializer):
    """`sha256` is that of the version the reviewer looked at; any other is refused."""

    decision = serializers.ChoiceField(Decision.choices)
    sha256 = serializers.CharField(max_length=64)
    words = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    edits = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    criteria = serializers.DictField(required=False)
    send_back_to = RowField(ReviewStep, required=False, allow_null=True)


class DelegateIn(serializers.Serializer):
    user = PersonField()
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ReviewerIn(serializers.Serializer):
    user = PersonField()


class ReviewStepViewSet(ResourceViewSet):
    model, out, filterset_class = ReviewStep, ReviewStepOut, StepFilter

    def rows(self):
        return super().rows().shown()

    def again(self, row, status=200):
        return self.one(self.rows().get(pk=row.pk), status)

    @extend_schema(request=VerdictIn, responses={201: VerdictOut})
    @action(detail=True, methods=["post"])
    def verdicts(self, request, pk):
        verdict = actions.give_verdict(self.actor, step=self.find(), **self.read(VerdictIn))
        return Response(VerdictOut(verdict, context=self.get_serializer_context()).data, status=201)

    @extend_schema(request=DelegateIn, responses=ReviewStepOut)
    @action(detail=True, methods=["post"])
    def delegate(self, request, pk):
        """转交: somebody else decides in one's place."""
        row = self.find()
        actions.delegate(self.actor, step=row, **self.read(DelegateIn))
        return self.again(row)

    @extend_schema(request=ReviewerIn, responses=ReviewStepOut)
    @action(detail=True, methods=["post"])
    def reviewers(self, request, pk):
        """加签: one more person is asked."""
        row = self.find()
        actions.add_reviewer(self.actor, step=row, **self.read(ReviewerIn))
        return self.again(row)


class VerdictFilter(CampaignFilter):
    version = filters.UUIDFilter(field_name="version_id")
    asset = filters.UUIDFilter(field_name="version__asset_id")
    decision = filters.MultipleChoiceFilter(choices=Decision.choices)


class VerdictViewSet(ResourceViewSet):
    model, out, filterset_class = Verdict, VerdictOut, VerdictFilter

    def rows(self):
        return super().rows().select_related("reviewer")


ROUTES = [
    ("review-routes", ReviewRouteViewSet),
    ("reviews", ReviewViewSet),
    ("review-steps", ReviewStepViewSet),
    ("verdicts", VerdictViewSet),
]
