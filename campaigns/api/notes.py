"""REST: annotations, comments, exchange rates."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import UNKNOWN, CampaignFilter, CodedField, PersonOut, RowField
from campaigns.choices import AnnotationKind
from campaigns.models import Annotation, Campaign, Comment, ExchangeRate
from campaigns.querysets import subject_of
from campaigns.rules import mentions
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid


class AnnotationOut(Out):
    author = PersonOut(allow_null=True)

    class Meta:
        model = Annotation
        fields = [*BASE, "campaign", "kind", "text", "start_date", "finish_date", "author"]


class AnnotationIn(serializers.Serializer):
    kind = serializers.ChoiceField(choices=AnnotationKind.choices, required=False)
    text = serializers.CharField(max_length=300)
    start_date = PlanDateField()
    finish_date = PlanDateField(required=False)


class NewAnnotationIn(AnnotationIn):
    campaign = CodedField(Campaign, required=False, allow_null=True)


class AnnotationFilter(CampaignFilter):
    start = filters.DateFilter(field_name="finish_date", lookup_expr="gte")
    end = filters.DateFilter(field_name="start_date", lookup_expr="lte")

    kind = filters.ChoiceFilter(choices=AnnotationKind.choices)


class AnnotationViewSet(ResourceViewSet):
    """Annotations; `?start=` and `?end=` list those that touch these days."""

    model, out, filterset_class = Annotation, AnnotationOut, AnnotationFilter

    def rows(self):
        return super().rows().select_related("author")

    @extend_schema(request=NewAnnotationIn, responses={201: AnnotationOut})
    def create(self, request):
        return self.one(actions.annotate(self.actor, **self.read(NewAnnotationIn)), 201)

    @extend_schema(request=AnnotationIn, responses=AnnotationOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(AnnotationIn, partial=True)
        return self.one(actions.update_annotation(self.actor, annotation=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_annotation(self.actor, annotation=row, seen=self.seen(row))
        return Response(status=204)


class CommentOut(Out):
    author = PersonOut()
    text = serializers.SerializerMethodField(help_text="People named in it stand as @[Name](user id).")
    mentions = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = [*BASE, "campaign", "subject_type", "subject_id", "parent", "text", "mentions", "author", "edited_at"]
        fields += ["archived_at"]

    def get_text(self, comment) -> str:
        return "" if comment.archived_at else comment.text

    def get_mentions(self, comment) -> list[str]:
        """The ids of the people it names."""
        return [] if comment.archived_at else [str(key) for key in mentions.mentioned(comment.text)]


class CommentIn(serializers.Serializer):
    text = serializers.CharField(max_length=5000, help_text="@Name or @[Name](user id) names a person.")


class NewCommentIn(CommentIn):
    campaign = CodedField(Campaign)
    subject_type = serializers.CharField(max_length=80, help_text="campaigns.kpi, placements.placement …")
    subject_id = serializers.UUIDField()
    parent = RowField(Comment, required=False, allow_null=True)


class CommentFilter(CampaignFilter):
    subject_type = filters.CharFilter()
    subject_id = filters.UUIDFilter()


class CommentViewSet(ResourceViewSet):
    model, out, filterset_class = Comment, CommentOut, CommentFilter

    def rows(self):
        return super().rows().select_related("author")

    @extend_schema(request=NewCommentIn, responses={201: CommentOut})
    def create(self, request):
        values = self.read(NewCommentIn)
        kind, key = values.pop("subject_type"), values.pop("subject_id")
        subject = subject_of(self.actor, values["campaign"], kind, key)
        if subject is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"subject_id": UNKNOWN})
        return self.one(actions.add_comment(self.actor, subject=subject, **values), 201)

    @extend_schema(request=CommentIn, responses=CommentOut)
    def partial_update(self, request, pk):
        row = self.find()
        text = self.read(CommentIn)["text"]
        return self.one(actions.edit_comment(self.actor, comment=row, seen=self.seen(row), text=text))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_comment(self.actor, comment=row, seen=self.seen(row))
        return Response(status=204)


class RateField(serializers.DecimalField):
    """Units of `quote` for one of `base`, ten digits behind the point."""

    def __init__(self, **options):
        super().__init__(max_digits=20, decimal_places=10, normalize_output=True, **options)


class RateOut(Out):
    rate = RateField()

    class Meta:
        model = ExchangeRate
        fields = [*BASE, "date", "base", "quote", "rate"]


class RateChangeIn(serializers.Serializer):
    rate = RateField()


class RateIn(RateChangeIn):
    date = PlanDateField()
    base = serializers.CharField(min_length=3, max_length=3)
    quote = serializers.CharField(min_length=3, max_length=3)


class RatesIn(serializers.Serializer):
    text = serializers.CharField(max_length=200_000, help_text="Rows of day, from, to, rate, parted by tabs.")


class RatesOut(serializers.Serializer):
    rows = serializers.IntegerField()


class RateFilter(filters.FilterSet):
    start = filters.DateFilter(field_name="date", lookup_expr="gte")
    end = filters.DateFilter(field_name="date", lookup_expr="lte")

    date = filters.DateFilter()
    base = filters.CharFilter()
    quote = filters.CharFilter()


class RateViewSet(ResourceViewSet):
    model, out, filterset_class = ExchangeRate, RateOut, RateFilter

    @extend_schema(request=RateIn, responses={201: RateOut})
    def create(self, request):
        """State a rate; one that is there for the day and pair is corrected."""
        return self.one(actions.set_rate(self.actor, **self.read(RateIn)), 201)

    @extend_schema(request=RateChangeIn, responses=RateOut)
    def partial_update(self, request, pk):
        row = self.find()
        names = {"date": row.date, "base": row.base, "quote": row.quote}
        return self.one(
            actions.set_rate(self.actor, seen=self.seen(row), **names, rate=self.read(RateChangeIn)["rate"])
        )

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_rate(self.actor, rate=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=RatesIn, responses=RatesOut)
    @action(detail=False, methods=["post"])
    def paste(self, request):
        """Set many rates from pasted rows; all or none."""
        return Response({"rows": actions.paste_rates(self.actor, text=self.read(RatesIn)["text"])})


ROUTES = [("annotations", AnnotationViewSet), ("comments", CommentViewSet), ("exchange-rates", RateViewSet)]
