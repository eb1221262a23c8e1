"""Expected ranges of a campaign's figures, and the source of record of its KPIs."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from analytics.choices import RangeKind
from analytics.models import ExpectedRange, KpiSource
from analytics.permissions.dashboard import can_set_ranges
from analytics.rules.ranges import FIXED, PLAN_PERCENT, Range
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import erase, swap

_RULE_KINDS = {RangeKind.FIXED: FIXED, RangeKind.PLAN: PLAN_PERCENT}


@transaction.atomic
def create_range(actor, *, campaign, metric, low=None, high=None, kind=RangeKind.FIXED, channel=None, kpi=None):
    """Say between what a metric should lie each day, of all channels or of one."""
    require(can_set_ranges(actor, campaign))
    _check(campaign, metric, kind, low, high, kpi)
    values = {"metric": metric, "low": low, "high": high, "kind": kind, "channel": channel, "kpi": kpi}
    row = _once(lambda: ExpectedRange.objects.create(workspace=actor.workspace, campaign=campaign, **values))
    record(actor, "analytics.range_created", row, changes={name: [None, value] for name, value in values.items()})
    return row


@transaction.atomic
def update_range(actor, *, expected, seen=None, **changes):
    """Change an expected range: metric, channel, KPI, kind or bounds."""
    require(can_set_ranges(actor, expected.campaign))
    now = {name: getattr(expected, name) for name in ("metric", "kind", "low", "high", "kpi")} | changes
    _check(expected.campaign, now["metric"], now["kind"], now["low"], now["high"], now["kpi"])
    diff = _once(lambda: swap(expected, seen=seen, **changes))
    if diff:
        record(actor, "analytics.range_changed", expected, changes=diff)
    return expected


@transaction.atomic
def delete_range(actor, *, expected, seen=None):
    """Expect nothing of that figure any more."""
    require(can_set_ranges(actor, expected.campaign))
    record(actor, "analytics.range_deleted", expected)
    erase(expected, seen=seen)


def _check(campaign, metric, kind, low, high, kpi):
    """The bounds say something and are in order; a share of the plan belongs to what a plan can be made for."""
    Range(low, high, _RULE_KINDS[kind])
    if kpi is not None and kpi.campaign_id != campaign.pk:
        _refuse("kpi", _("This KPI belongs to another campaign."))
    if kpi is not None and kpi.metric_id != metric.pk:
        _refuse("kpi", _("This KPI is about another metric."))
    if metric.kind in ("unique", "average"):
        sentence = _("“%(metric)s” is only ever stated for a period, so no day of it can be judged.")
        _refuse("metric", sentence % {"metric": metric})
    if kind == RangeKind.PLAN and min(bound for bound in (low, high) if bound is not None) < 0:
        raise RuleBroken(_("A share of the plan is never below zero."), code="range_negative")


def _refuse(field, sentence):
    raise Invalid(sentence, code="invalid", errors={field: sentence})


def _once(write):
    """One range for a metric and channel."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        sentence = _("There is a range for this metric and channel already.")
        raise Invalid(sentence, code="not_unique", errors={"metric": sentence}) from error


@transaction.atomic
def set_record_source(actor, *, kpi, source):
    """Name the source whose figures a KPI goes by; None: all matched figures together."""
    require(can_set_ranges(actor, kpi.campaign))
    row = KpiSource.objects.filter(kpi=kpi).select_related("source").first()
    before = row.source if row else None
    if before == source:
        return row
    if row is None:
        row = KpiSource.objects.create(workspace=actor.workspace, campaign=kpi.campaign, kpi=kpi, source=source)
    elif source is None:
        row.delete()
    else:
        swap(row, source=source)
    record(actor, "analytics.record_source_set", kpi, changes={"source": [before, source]})
    return row if source else None
