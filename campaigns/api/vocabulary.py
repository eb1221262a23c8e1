"""REST: metrics, channels, markets."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import ActiveFilter
from campaigns.choices import MetricKind, MetricUnit
from campaigns.models import Channel, Market, Metric
from campaigns.rules.vocabulary import LONGEST_LABEL
from core.api.out import Out
from core.api.views import ResourceViewSet

WORD = [*BASE, "code", "label", "labels", "is_builtin", "position", "archived_at"]
DIRECTIONS = ("increase", "decrease", "neutral")


class LabelsField(serializers.DictField):
    """{"en": …, "zh-hans": …}."""

    child = serializers.CharField(max_length=LONGEST_LABEL, allow_blank=True)


class ChannelOut(Out):
    label = serializers.CharField(read_only=True)
    labels = LabelsField()

    class Meta:
        model = Channel
        fields = WORD


class MarketOut(ChannelOut):
    class Meta:
        model = Market
        fields = [*WORD, "currency", "time_zone"]


class MetricOut(ChannelOut):
    class Meta:
        model = Metric
        fields = [*WORD, "kind", "unit", "direction", "formula", "decimals"]


class ChannelIn(serializers.Serializer):
    labels = LabelsField()


class MarketIn(ChannelIn):
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=50, required=False, allow_blank=True)


class MetricIn(ChannelIn):
    kind = serializers.ChoiceField(choices=MetricKind.choices, required=False)
    unit = serializers.ChoiceField(choices=MetricUnit.choices, required=False)
    direction = serializers.ChoiceField(choices=DIRECTIONS, required=False)
    formula = serializers.CharField(max_length=200, required=False, allow_blank=True)
    decimals = serializers.IntegerField(min_value=0, max_value=6, required=False)


class NewChannelIn(ChannelIn):
    code = serializers.CharField(max_length=40)


class NewMarketIn(MarketIn):
    code = serializers.CharField(max_length=40)


class NewMetricIn(MetricIn):
    code = serializers.CharField(max_length=40)


class WordFilter(ActiveFilter):
    code = filters.CharFilter()


class MetricFilter(WordFilter):
    kind = filters.ChoiceFilter(choices=MetricKind.choices)


class WordViewSet(ResourceViewSet):
    """What the three kinds of words have in common; `new_in` and `change_in` are their input."""

    new_in = change_in = None

    def create(self, request):
        return self.one(actions.add_word(self.actor, model=self.model, **self.read(self.new_in)), 201)

    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(self.change_in, partial=True)
        return self.one(actions.update_word(self.actor, word=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_word(self.actor, word=row, seen=self.seen(row))
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_word(self.actor, word=self.find()))


SCHEMAS = {"create": ("new_in", 201), "partial_update": ("change_in", 200), "restore": (None, 200)}


def described(viewset):
    """Name a kind's input and output in the schema."""
    texts = {
        act: extend_schema(request=getattr(viewset, given) if given else None, responses={status: viewset.out})
        for act, (given, status) in SCHEMAS.items()
    }
    return extend_schema_view(**texts)(viewset)


@described
class MetricViewSet(WordViewSet):
    model, out, filterset_class, new_in, change_in = Metric, MetricOut, MetricFilter, NewMetricIn, MetricIn


@described
class ChannelViewSet(WordViewSet):
    model, out, filterset_class, new_in, change_in = Channel, ChannelOut, WordFilter, NewChannelIn, ChannelIn


@described
class MarketViewSet(WordViewSet):
    model, out, filterset_class, new_in, change_in = Market, MarketOut, WordFilter, NewMarketIn, MarketIn


ROUTES = [("metrics", MetricViewSet), ("channels", ChannelViewSet), ("markets", MarketViewSet)]
