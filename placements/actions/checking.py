"""What the acts on placements share: the fields, whether they may stand together, and their flights."""

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.rules.plan import check_currency, check_period
from core.errors import Invalid, RuleBroken, Stale
from core.search import segmented
from placements.models import Flight, Placement
from placements.rules import names, plan, prices

AMOUNTS = ("budget_amount", "list_price", "net_price", "daily_cap")
PERCENTS = ("discount", "rebate", "tax_rate")
TEXTS = ("platform", "position", "targeting", "day_parting", "bonus", "landing_url", "monitoring_code", "platform_id")
TEXTS += ("utm_campaign", "utm_content", "status_reason", "note")
LINKS = ("channel", "phase", "budget_line", "ad_account", "organization", "owner")
CHOSEN = ("buying_model", "account_status", "creative_status")
FIELDS = frozenset(("name", "code", "currency", *AMOUNTS, *PERCENTS, *TEXTS, *LINKS, *CHOSEN))
PRICES = ("list_price", "discount", "net_price")


def checked(campaign, row, changes):
    """The changes ready to write to `row` (a stored or a new Placement): cleaned, worked out, or refused."""
    unknown = set(changes) - FIELDS
    if unknown:
        raise TypeError(f"A placement has no {', '.join(sorted(unknown))}.")
    values = dict(changes)
    check_campaign(campaign, phase=values.get("phase"), budget_line=values.get("budget_line"))
    if "code" in values:
        values["code"] = names.clean_code(values["code"])
    currency = values.get("currency", row.currency)
    check_currency(currency)
    check_currency_free(row, currency)
    prices.check_percents({name: values[name] for name in PERCENTS if name in values})
    prices.check_amounts({name: values.get(name, getattr(row, name)) for name in AMOUNTS}, currency)
    values |= priced(row, values, currency)
    seen = {name: values.get(name, getattr(row, name)) for name in ("name", "code", "platform", "position")}
    return values | {"search_text": segmented(*seen.values())}


def check_currency_free(row, currency):
    """A placement keeps its currency while days are planned in it."""
    if not row._state.adding and row.currency != currency and row.days.filter(amount__isnull=False).exists():
        sentence = _("Days are planned in %(currency)s. Clear them before you change the currency.")
        raise RuleBroken(sentence % {"currency": row.currency}, code="currency_in_use")


def priced(row, values, currency):
    """Discount and net price; what the person left as it was follows what they changed."""
    if not any(name in values for name in PRICES):
        return {}
    before = {name: getattr(row, name) for name in PRICES}
    now = {name: values.get(name, before[name]) for name in PRICES}
    moved = {name for name in PRICES if now[name] != before[name]}
    if "net_price" not in moved and moved:
        now["net_price"] = now["net_price"] if now["list_price"] is None else None
    elif "discount" not in moved and moved and before["discount"] is not None:
        now["discount"] = None
    discount, net_price = prices.settle(**now, currency=currency)
    return {"list_price": now["list_price"], "discount": discount, "net_price": net_price}


def check_flights(flights):
    """Flights [(first day, last day)] that can be stored: none reversed, endless or begun twice on a day."""
    for start, finish in flights:
        check_period(start, finish)
        if (finish - start).days >= plan.LONGEST_FLIGHT:
            sentence = _("A flight may last two years at most.")
            raise Invalid(sentence, code="flight_too_long", errors={"finish_date": sentence})
    if len({start for start, _finish in flights}) < len(flights):
        sentence = _("Two flights start on the same day.")
        raise Invalid(sentence, code="flight_twice", errors={"start_date": sentence})


def write_flights(placement, flights, before=None):
    """Make the placement's flights these; the diff [before, after] in words, empty when nothing changed.

    `before` are those it has, where the caller knows them.
    """
    check_flights(flights)
    before = placement.flights.all() if before is None else before
    before = {(one.start_date, one.finish_date): one for one in before}
    wanted = set(flights)
    gone = [one.pk for key, one in before.items() if key not in wanted]
    new = sorted(wanted - set(before))
    if not gone and not new:
        return {}
    if gone:
        Flight.objects.filter(pk__in=gone).delete()
    Flight.objects.bulk_create(
        Flight(
            workspace_id=placement.workspace_id,
            campaign_id=placement.campaign_id,
            placement=placement,
            start_date=start,
            finish_date=finish,
        )
        for start, finish in new
    )
    forget(placement)
    return {"flights": [[f"{a} – {b}" for a, b in sorted(each)] for each in (before, wanted)]}


def write_kpis(placement, kpis, before=None):
    """Link the placement to these KPIs of its campaign; the diff, empty when nothing changed. `before` as above."""
    for kpi in kpis:
        check_campaign(placement.campaign, kpis=kpi)
    before = placement.kpis.all() if before is None else before
    before, after = {kpi.pk: kpi.name for kpi in before}, {kpi.pk: kpi.name for kpi in kpis}
    if before.keys() == after.keys():
        return {}
    placement.kpis.set(kpis)
    forget(placement)
    return {"kpis": [sorted(before.values()), sorted(after.values())]}


def forget(placement):
    """Drop what was read ahead, so that the next look sees what was written."""
    getattr(placement, "_prefetched_objects_cache", {}).clear()


def touch(placement, seen=None):
    """Count the row up because a part of it (flights, KPIs) changed; Stale when somebody was quicker."""
    seen = placement.lock_version if seen is None else seen
    now = timezone.now()
    rows = Placement.objects.filter(pk=placement.pk, lock_version=seen)
    if not rows.update(lock_version=F("lock_version") + 1, updated_at=now):
        raise Stale()
    placement.lock_version, placement.updated_at = seen + 1, now


def check_open(placement):
    """Archived placements are restored before anything is done with them."""
    if placement.archived_at is not None:
        raise RuleBroken(_("This placement is archived. Restore it first."), code="archived")
