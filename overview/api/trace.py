"""REST: traceability of a campaign, for one node and as a report of coverage."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.fields import UNKNOWN, coded
from campaigns.models import Campaign
from core.api.views import ActorMixin
from core.errors import Invalid
from overview.querysets.trace import KINDS, SENTENCES, coverage, graph_of

CAMPAIGN = OpenApiParameter("campaign", str, required=True, description="Code or id of a campaign.")
NODE = OpenApiParameter("node", str, required=True, description="Kind and id of a thing, such as kpi:0198….")


class TraceNode(serializers.Serializer):
    """A thing of the chain goal → KPI → placement → task; `state` is empty where it has none."""

    key = serializers.CharField()
    kind = serializers.ChoiceField([(kind.code, kind.code) for kind in KINDS])
    id = serializers.UUIDField()
    label = serializers.CharField()
    state = serializers.CharField(allow_blank=True)


class TraceLink(serializers.Serializer):
    """`lower` serves `upper`; both are keys of nodes."""

    upper = serializers.CharField()
    lower = serializers.CharField()


class TraceOut(serializers.Serializer):
    """A node with all it serves (nearest first), all that serves it, and the links between them."""

    node = TraceNode()
    ancestors = TraceNode(many=True)
    descendants = TraceNode(many=True)
    links = TraceLink(many=True)


class GapOut(serializers.Serializer):
    """A question of coverage: how many of the kind there are, and those that lack what is asked for."""

    code = serializers.ChoiceField(list(SENTENCES))
    label = serializers.CharField()
    kind = serializers.CharField()
    total = serializers.IntegerField()
    missing = serializers.IntegerField()
    nodes = TraceNode(many=True)


class CoverageOut(serializers.Serializer):
    gaps = GapOut(many=True)


class _OfCampaign(ActorMixin, APIView):
    def graph(self):
        """The graph of the campaign that the request names."""
        asked = self.request.query_params.get("campaign", "")
        rows = Campaign.objects.visible_to(self.actor).select_related("workspace")
        campaign = rows.filter(**coded(asked)).first() if asked else None
        if campaign is None:
            raise Invalid(str(UNKNOWN), errors={"campaign": UNKNOWN})
        return graph_of(self.actor, campaign)


class TraceView(_OfCampaign):
    """All ancestors and descendants of one thing."""

    @extend_schema(operation_id="trace", parameters=[CAMPAIGN, NODE], responses=TraceOut)
    def get(self, request):
        graph, key = self.graph(), request.query_params.get("node", "")
        if key not in graph.nodes:
            raise Http404
        above, below = graph.ancestors(key), graph.descendants(key)
        keys = {key, *(node.key for node in above), *(node.key for node in below)}
        links = [{"upper": upper, "lower": lower} for upper, lower in sorted(graph.links_within(keys))]
        answer = {"node": graph.nodes[key], "ancestors": above, "descendants": below, "links": links}
        return Response(TraceOut(answer).data)


class CoverageView(_OfCampaign):
    """What serves nothing, and what nothing serves."""

    @extend_schema(operation_id="coverage", parameters=[CAMPAIGN], responses=CoverageOut)
    def get(self, request):
        gaps = [
            {
                "code": gap.code,
                "label": str(SENTENCES[gap.code]),
                "kind": gap.kind,
                "total": total,
                "missing": len(nodes),
                "nodes": nodes,
            }
            for gap, nodes, total in coverage(self.graph())
        ]
        return Response(CoverageOut({"gaps": gaps}).data)
