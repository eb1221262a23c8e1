"""What an address asks of the figures: period, comparison, metrics, grouping, filters, currency; for both doors."""

from dataclasses import replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models.summary import Question, catalogue_of
from analytics.rules import periods
from analytics.rules.metrics import known
from analytics.rules.summary import GROUPS
from campaigns.models import Campaign, Channel
from core.errors import Invalid
from core.money import is_currency
from placements.models import AdAccount, Placement

STANDARD = ("cost", "impressions", "clicks", "ctr", "cpc", "conversions", "cpa", "revenue")
MOST_METRICS = 24
_FILTERS = (("channels", Channel), ("placements", Placement), ("accounts", AdAccount))


class Asked:
    """A read address: `question`, `choice` (the periods), `metrics` (the catalogue) and `today`."""

    def __init__(self, actor, params, *, campaign=None, group_by="", default_metrics=STANDARD, default_period=None):
        self.params, self.campaign = params, campaign
        self.today = periods.today_in((campaign or actor.workspace).time_zone, timezone.now())
        self.metrics = catalogue_of(actor)
        days = (campaign.start_date, campaign.finish_date) if campaign else None
        self.choice = periods.read(params, self.today, days, default_period or periods.DEFAULT)
        self.question = Question(
            period=self.choice.period,
            metrics=_metrics(",".join(_all(params, "metrics")), self.metrics, default_metrics),
            group_by=_group(params.get("group_by") or group_by),
            campaign=campaign,
            currency=_currency(params.get("currency")),
            **{name: _chosen(actor, params, name, model, campaign) for name, model in _FILTERS},
        )

    @property
    def before(self):
        """The same question of the period it is compared with; None without comparison."""
        comparison = self.choice.comparison
        return replace(self.question, period=comparison) if comparison else None


def campaign_asked(actor, value):
    """The campaign of a code or id; Invalid with one sentence for an unknown and for a foreign one."""
    if not value:
        return None
    key = _uuid(value)
    found = Campaign.objects.visible_to(actor).filter(**({"pk": key} if key else {"code": value[:40]})).first()
    return found or _unknown("campaign", value)


def _metrics(text, metrics, default):
    codes = [code.strip() for code in text.split(",") if code.strip()]
    if len(codes) > MOST_METRICS:
        raise Invalid(_("Ask for %(most)d metrics at most.") % {"most": MOST_METRICS}, code="metrics_too_many")
    for code in codes:
        known(code, metrics)
    return tuple(dict.fromkeys(codes or (code for code in default if code in metrics)))


def _group(name):
    if name and name not in GROUPS:
        raise Invalid(
            _("Figures are grouped by %(groups)s.") % {"groups": ", ".join(GROUPS)},
            code="group_unknown",
            errors={"group_by": _("There is no such grouping.")},
        )
    return name


def _currency(code):
    if code and not is_currency(code):
        sentence = _("Use a three-letter ISO 4217 currency code.")
        raise Invalid(sentence, code="currency_unknown", errors={"currency": sentence})
    return code or ""


def _chosen(actor, params, name, model, campaign):
    """Keys of the rows named by `?channels=a,b`; `?channel=a` is the same for one, and may be repeated."""
    wanted = _named(params, name)
    if not wanted:
        return ()
    rows = model.objects.visible_to(actor)
    if campaign and model is Placement:
        rows = rows.filter(campaign=campaign)
    has_code = model is not AdAccount
    by_name = {str(row.pk): row.pk for row in rows.filter(pk__in=filter(None, map(_uuid, wanted)))}
    if has_code and (model is not Placement or campaign):
        by_name |= dict(rows.filter(code__in=wanted).values_list("code", "pk"))
    return tuple(by_name.get(text) or _unknown(name, text) for text in wanted)


def _named(params, name):
    texts = [text for key in (name, name[:-1]) for text in _all(params, key)]
    return list(dict.fromkeys(text.strip() for text in ",".join(texts).split(",") if text.strip()))[:200]


def _all(params, key):
    found = params.getlist(key) if hasattr(params, "getlist") else [params.get(key)]
    return [text for text in found if text]


def _unknown(name, value):
    sentence = _("There is nothing called “%(value)s” here.") % {"value": value[:60]}
    raise Invalid(sentence, code="unknown", errors={name: sentence})


def _uuid(text):
    try:
        return UUID(text)
    except ValueError:
        return None
