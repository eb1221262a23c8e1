"""REST: sums of figures out of the roll-up, and the figures themselves."""

from datetime import date, timedelta

from django.urls import path
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics.api.push import PushMixin
from analytics.forms.asking import Asked, campaign_asked
from analytics.models import AccountLink, Fact
from analytics.models.summary import answer, stated
from analytics.querysets import FactQuerySet
from analytics.rules.periods import COMPARISONS, PERIODS
from analytics.rules.summary import DAY, GROUPS, change
from campaigns.api.fields import UNKNOWN
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.money import decimal_text
from placements.models import Placement

SORTED_UP_TO = timedelta(days=14)
MOST_MISSING = 31  # days named in one warning


def text(value):
    """A figure as the API writes it: plain digits, null where undefined."""
    return None if value is None else decimal_text(value)


def texts(values):
    """`{metric: text}`."""
    return {code: text(value) for code, value in values.items()}


def parameter(name, description, enum=None):
    """A query parameter of the schema."""
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, enum=enum)


GROUP_PARAMETER = parameter("group_by", "How lines are grouped.", list(GROUPS))
PERIOD_PARAMETERS = [
    parameter("period", "A named period; or give from and to.", list(PERIODS)),
    parameter("from", "First day, 2026-11-01."),
    parameter("to", "Last day, included."),
    parameter("compare", "The period to compare with.", list(COMPARISONS)),
]
FILTER_PARAMETERS = [
    parameter("campaign", "Code or id."),
    parameter("metrics", "Codes of metrics, parted by commas."),
    parameter("channels", "Codes or ids of channels, parted by commas."),
    parameter("placements", "Ids of placements (codes too, with a campaign), parted by commas."),
    parameter("accounts", "Ids of ad accounts, parted by commas."),
    parameter("currency", "Convert all money into this currency by the rate of each day."),
]


class PeriodOut(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField()
    name = serializers.CharField()


class GroupOut(serializers.Serializer):
    """One line. `values` {metric: figure or null}; `money` {currency: {metric: figure}} where there are several."""

    key = serializers.CharField(allow_null=True)
    label = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField(allow_null=True))
    complete = serializers.BooleanField()


class StatedOut(serializers.Serializer):
    """A figure that may not be summed, as the platform stated it."""

    metric = serializers.CharField()
    value = serializers.CharField()
    level = serializers.CharField()
    object = serializers.CharField()
    account = serializers.CharField()
    source = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()


class SummaryOut(serializers.Serializer):
    """Sums of a period. Ratios are reckoned from the sums, undefined ones are null."""

    period = PeriodOut()
    currency = serializers.CharField(allow_null=True)
    results = GroupOut(many=True)
    totals = serializers.DictField(child=serializers.CharField(allow_null=True))
    totals_by_currency = serializers.DictField()
    unassigned = serializers.DictField(child=serializers.CharField(allow_null=True))
    unassigned_by_currency = serializers.DictField()
    platform_total = serializers.DictField(child=serializers.CharField(allow_null=True))
    platform_total_by_currency = serializers.DictField()
    not_additive = StatedOut(many=True)
    missing_rates = serializers.ListField()
    comparison = serializers.DictField(allow_null=True)
    complete = serializers.BooleanField()
    warnings = serializers.ListField(child=serializers.CharField())


def summary_of(asked, found, statements, before=None):
    """The JSON of an answer."""
    question, metrics = asked.question, asked.metrics
    lines = {
        "totals": found.totals,
        "unassigned": found.unassigned,
        "platform_total": found.platform_total,
    }
    body = {
        "period": period_of(question.period),
        "currency": found.currency,
        "results": [line_of(found, group) for group in found.groups],
    }
    for name, sums in lines.items():
        body[name] = texts(found.values(sums))
        body[f"{name}_by_currency"] = by_currency(found, sums)
    return body | {
        "not_additive": [stated_of(fact) for fact in statements],
        "missing_rates": missing_rates(found, question.currency),
        "comparison": comparison_of(found, before),
        "complete": found.is_complete,
        "warnings": warnings_of(found, metrics, statements),
    }


def period_of(period):
    """A period as JSON."""
    return {"first": period.first.isoformat(), "last": period.last.isoformat(), "name": period.name}


def by_currency(found, sums):
    """Money per currency, where it is not converted."""
    stated_money = sums.by_currency(found.question.metrics, found.metrics)
    return {currency: texts(values) for currency, values in stated_money.items()}


def line_of(found, group):
    """One line of the results; an account's has its unassigned figures and its total beside the matched ones."""
    key = group.key.isoformat() if found.question.group_by == DAY else group.key and str(group.key)
    line = {"key": key, "label": key if found.question.group_by == DAY else group.label, "code": group.code}
    line |= {"values": texts(found.values(group.sums)), "money": by_currency(found, group.sums)}
    if found.question.group_by == "account":
        line["unassigned"] = texts(found.values(group.unassigned))
        line["platform_total"] = texts(found.values(group.sums + group.unassigned))
    return line | {"complete": group.sums.is_complete and group.unassigned.is_complete}


def stated_of(fact):
    """A stated figure as JSON."""
    return {
        "metric": fact.metric,
        "value": text(fact.value),
        "level": fact.object.level,
        "object": str(fact.object),
        "account": str(fact.account_link.ad_account),
        "source": str(fact.account_link.source),
        "first": fact.date_from.isoformat(),
        "last": fact.date_to.isoformat(),
    }


def missing_rates(found, currency):
    """Which rates have to be stated before all money can be converted."""
    lacking = sorted(found.platform_total.unconverted)
    return [{"date": day.isoformat(), "base": base, "quote": currency} for day, base in lacking]


def comparison_of(found, before):
    """The totals of the period before and the relative change; null without comparison."""
    if before is None:
        return None
    now, then = found.values(found.totals), before.values(before.totals)
    return {
        "period": period_of(before.question.period),
        "totals": texts(then),
        "change": texts({code: value and round(value, 6) for code, value in change(now, then).items()}),
    }


def warnings_of(found, metrics, statements):
    """What a reader of the sums has to know, in sentences."""
    warnings = []
    if found.has_spans and found.question.group_by == DAY:
        warnings.append(_("Rows that state several days at once are in the totals, but in no single day."))
    if found.currency is None and len(found.platform_total.money) > 1:
        warnings.append(_("There are several currencies: money is stated for each; name one to convert it."))
    if found.platform_total.unconverted:
        warnings.append(_("Exchange rates are missing, so money is not converted; see missing_rates."))
    if missing := found.missing():
        days = ", ".join(day.isoformat() for day in missing[:MOST_MISSING])
        warnings.append(_("There are no figures of these days: %(days)s.") % {"days": days})
    if not found.platform_total.is_complete:
        warnings.append(_("Figures of some days are still arriving."))
    if any(metrics[code].is_stated_only for code in found.question.metrics):
        warnings.append(_("Unique counts and averages are never summed; they stand under not_additive as stated."))
    return warnings


class SummaryView(APIView):
    """Sums of figures by day, channel, placement, campaign or account."""

    @extend_schema(
        parameters=[GROUP_PARAMETER, *FILTER_PARAMETERS, *PERIOD_PARAMETERS],
        responses=SummaryOut,
    )
    def get(self, request):
        actor = request._request.actor
        params = request.query_params
        asked = Asked(actor, params, campaign=campaign_asked(actor, params.get("campaign")))
        found = answer(actor, asked.question, asked.metrics, today=asked.today)
        before = answer(actor, asked.before, asked.metrics, today=asked.today) if asked.before else None
        return Response(summary_of(asked, found, stated(actor, asked.question, asked.metrics), before))


class FactOut(Out):
    """One figure of one object as a source delivered it. `hour` -1: the whole day. `date_to` is included."""

    object = serializers.CharField(source="object.external_id")
    object_name = serializers.CharField(source="object.name")
    level = serializers.CharField(source="object.level")
    account = serializers.CharField(source="account_link.ad_account_id")
    source = serializers.CharField(source="account_link.source.name")
    value = serializers.DecimalField(max_digits=24, decimal_places=6, normalize_output=True)

    class Meta:
        model = Fact
        fields = ["id", "object", "object_name", "level", "account", "source", "date_from", "date_to", "hour"]
        fields += ["breakdown", "metric", "value", "currency", "is_final", "fetched_at"]


class FactFilter(filters.FilterSet):
    """Narrow the figures down; an unknown campaign or placement is refused."""

    campaign = filters.CharFilter(method="of_campaign")
    placement = filters.UUIDFilter(method="of_placement")
    account = filters.UUIDFilter(method="of_account")
    source = filters.UUIDFilter(field_name="account_link__source_id")
    level = filters.CharFilter(field_name="object__level")
    object = filters.CharFilter(field_name="object__external_id")
    metric = filters.CharFilter()
    breakdown = filters.CharFilter()
    start = filters.DateFilter(method="from_day")
    end = filters.DateFilter(field_name="date_to", lookup_expr="lte")

    def of_account(self, rows, name, value):
        """By the keys of its links: the newest of an account are then found without reading all it has."""
        links = AccountLink.objects.visible_to(self.request._request.actor).filter(ad_account=value)
        keys = list(links.values_list("pk", flat=True)[:2])
        return rows.filter(account_link=keys[0]) if len(keys) == 1 else rows.filter(account_link__in=links)

    def from_day(self, rows, name, value):
        """The days of a short period are looked up and sorted; of a long one the newest are walked until enough fit."""
        asked = self.form.cleaned_data
        is_long = (asked.get("end") or date.max) - value > SORTED_UP_TO
        if is_long or not asked.get("account"):
            return rows.walked_from(value)
        return rows.filter(workspace=self.request._request.actor.workspace_id, date_from__gte=value)

    def of_campaign(self, rows, name, value):
        campaign = campaign_asked(self.request._request.actor, value)
        return rows.filter(object__links__campaign=campaign).distinct()

    def of_placement(self, rows, name, value):
        found = Placement.objects.visible_to(self.request._request.actor).filter(pk=value).first()
        if found is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"placement": UNKNOWN})
        return rows.of_placement(found)


class FactViewSet(PushMixin, ResourceViewSet):
    """The figures behind the sums: every source, level, hour and breakdown, kept apart."""

    model, out, filterset_class = Fact, FactOut, FactFilter
    lookup_value_regex = r"\d{1,18}"

    def rows(self):
        """Not `Fact.objects`: SQLite would gather all that the scope's workspace has, to sort it for a page."""
        return FactQuerySet(Fact).visible_to(self.actor).select_related("object", "account_link__source")


ROUTES = [("facts", FactViewSet)]
PATHS = [path("facts/summary/", SummaryView.as_view(), name="facts-summary")]
