"""Acts on campaigns."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.rules import check_time_zone
from campaigns.actions.readiness import has_brief, has_measurable_kpi, lines_of, snap
from campaigns.actions.writing import archive, once, restore, today_of, visible_changes
from campaigns.models import Brief, Campaign
from campaigns.permissions import can_create_campaign, can_lead, can_move, can_override, can_plan
from campaigns.rules import codes, states
from campaigns.rules.plan import check_currency, check_not_negative, check_period
from campaigns.rules.readiness import objections
from core.audit import record
from core.errors import RuleBroken, require
from core.search import segmented
from core.swap import swap


def _code_taken():
    return once("code", _("Another campaign has this code already."))


def _check(values):
    check_period(values["start_date"], values["finish_date"])
    check_currency(values["currency"])
    check_time_zone(values["time_zone"])
    check_not_negative(values["budget_amount"], "budget_amount")


def _search_text(name, code, markets):
    words = [word for market in markets for word in (market.code, *market.labels.values())]
    return segmented(name, code, *words)


@transaction.atomic
def create_campaign(
    actor,
    *,
    name,
    code="",
    owner,
    start_date,
    finish_date,
    currency,
    time_zone,
    budget_amount=None,
    brand_tone="",
    programme=None,
    markets=(),
):
    """Make a draft campaign with its empty brief; without a code one is made from its name and year."""
    require(can_create_campaign(actor))
    values = {
        "start_date": start_date,
        "finish_date": finish_date,
        "currency": currency,
        "time_zone": time_zone,
        "budget_amount": budget_amount,
    }
    _check(values)
    code = codes.clean(code) if code else _suggested(name, start_date.year)
    with _code_taken():
        campaign = Campaign.objects.create(
            workspace=actor.workspace,
            name=name,
            code=code,
            owner=owner,
            brand_tone=brand_tone,
            programme=programme,
            search_text=_search_text(name, code, markets),
            **values,
        )
    campaign.markets.set(markets)
    Brief.objects.create(workspace=actor.workspace, campaign=campaign)
    record(actor, "campaigns.campaign_created", campaign)
    return campaign


def _suggested(name, year):
    return codes.suggest(name, year, taken=list(Campaign.objects.values_list("code", flat=True)))


FIELDS = ("start_date", "finish_date", "currency", "time_zone", "budget_amount")


@transaction.atomic
def update_campaign(actor, *, campaign, seen=None, markets=None, **changes):
    """Change a campaign's own facts (any fields of `create_campaign`)."""
    require(can_plan(actor, campaign))
    _check({field: changes.get(field, getattr(campaign, field)) for field in FIELDS})
    if "code" in changes:
        changes["code"] = codes.clean(changes["code"])
    before = list(campaign.markets.all())
    chosen = before if markets is None else list(markets)
    text = _search_text(changes.get("name", campaign.name), changes.get("code", campaign.code), chosen)
    with _code_taken():
        diff = swap(campaign, seen=seen, search_text=text, **changes)
    diff = visible_changes(diff)
    if {market.pk for market in before} != {market.pk for market in chosen}:
        campaign.markets.set(chosen)
        diff["markets"] = [[str(market) for market in each] for each in (before, chosen)]
    record(actor, "campaigns.campaign_changed", campaign, changes=diff)
    return campaign


@transaction.atomic
def move_campaign(actor, *, campaign, step, reason="", seen=None):
    """Move a campaign on to its next state; `step` is the name of a transition, `reason` where one is asked for.

    A launch passes the readiness board and keeps it; a manager who launches with a reason overrides what is red.
    """
    require(can_move(actor, campaign))
    target = states.move(campaign.state, step, met=guards_met(campaign, reason))
    lines = _pass_gate(actor, campaign, reason) if step == "launch" else None
    diff = swap(campaign, seen=seen, state=target)
    if reason.strip():
        diff["reason"] = ["", reason.strip()]
    if lines is not None:
        overridden = reason.strip() if objections(lines) else ""
        snap(actor, campaign, lines, is_launch=True, override_reason=overridden)
    record(actor, "campaigns.campaign_moved", campaign, changes=diff)
    return campaign


def guards_met(campaign, reason=""):
    """The codes of the guards that hold for a campaign now."""
    met = {"dates_set", "owner_set", "gate_passed"}
    if has_brief(campaign):
        met.add("brief_written")
    if has_measurable_kpi(campaign):
        met.add("kpi_measurable")
    return met | ({"reason_given"} if reason.strip() else set())


def _pass_gate(actor, campaign, reason):
    """The lines of the board, if none blocks or a manager says why the launch goes ahead all the same."""
    lines = lines_of(actor, campaign, today=today_of(campaign))
    standing = objections(lines)
    if standing and not (reason.strip() and can_override(actor, campaign)):
        raise RuleBroken(" ".join(standing), code="gate_passed", things=standing)
    return lines


@transaction.atomic
def archive_campaign(actor, *, campaign, seen=None):
    """Archive a campaign with all that belongs to it; it can be restored."""
    require(can_lead(actor, campaign))
    return archive(actor, campaign, "campaign_archived", seen=seen)


@transaction.atomic
def restore_campaign(actor, *, campaign, seen=None):
    """Take a campaign out of the archive."""
    require(can_lead(actor, campaign))
    return restore(actor, campaign, "campaign_restored", seen=seen)
