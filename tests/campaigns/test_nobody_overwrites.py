"""Of two who work on the same thing the second is told; nothing vanishes unseen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions import create_api_key
from campaigns import actions
from campaigns.choices import Function
from campaigns.models import Campaign, CampaignMember, ExchangeRate, Market
from core.errors import Stale
from core.models import Activity
from core.swap import swap
from tests import factories

DAY = date(2026, 11, 5)


def a_phase(world):
    days = {"start_date": DAY, "finish_date": DAY}
    return actions.create_phase(world.actor, campaign=world.campaign, name="Warm-up", **days), "phase", "delete_phase"


def a_note(world):
    note = actions.annotate(world.actor, campaign=world.campaign, text="Sale", start_date=DAY)
    return note, "annotation", "delete_annotation"


def a_rate(world):
    rate = actions.set_rate(world.actor, date=DAY, base="USD", quote="CNY", rate=Decimal(7))
    return rate, "rate", "delete_rate"


def a_member(world):
    words = {"campaign": world.campaign, "user": world.owner, "function": Function.DATA}
    return actions.add_member(world.actor, **words), "member", "remove_member"


def a_share(world):
    actions.save_brief(world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": "Autumn"}])
    agency = factories.organization(world.workspace, name="Blue Fox")
    brief = world.campaign.brief
    brief.refresh_from_db()
    share = actions.share_section(world.actor, brief=brief, section="core_goal", organization=agency)
    return share, "share", "unshare_section"


@pytest.mark.parametrize("make", [a_phase, a_note, a_rate, a_member, a_share])
def test_what_changed_meanwhile_is_not_deleted(world, make):
    row, word, act = make(world)
    type(row).objects.filter(pk=row.pk).update(lock_version=2)
    with pytest.raises(Stale):
        getattr(actions, act)(world.actor, **{word: row})
    assert type(row).objects.filter(pk=row.pk).exists()
    getattr(actions, act)(world.actor, **{word: row}, seen=2)
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_a_pasted_rate_is_a_change_like_any_other(world, owner):
    rate = actions.set_rate(world.actor, date=DAY, base="USD", quote="CNY", rate=Decimal(7))
    address = f"/api/v1/exchange-rates/{rate.pk}/"
    read = owner.get(address)
    text = "2026-11-05\tUSD\tCNY\t7.5\n2026-11-06\tUSD\tCNY\t7.6\n"
    assert actions.paste_rates(world.actor, text=text) == 2
    late = owner.patch(address, {"rate": "9"}, "application/json", headers={"If-Match": read["ETag"]})
    assert late.status_code == 412
    assert actions.paste_rates(world.actor, text=text) == 2  # the same once more changes nothing
    assert list(ExchangeRate.objects.order_by("date").values_list("rate", "lock_version")) == [
        (Decimal("7.5"), 2),
        (Decimal("7.6"), 1),
    ]


def test_targets_by_phase_are_not_overwritten_from_an_old_page(plan):
    phase, _word, _act = a_phase(plan.world)
    address = f"{plan.world.c}/kpis/{plan.kpi.pk}/targets/"
    typed = {"phases": "1", f"phase-{phase.pk}": "100", "lock_version": plan.kpi.lock_version}
    client = plan.world.client()
    assert client.post(address, typed).status_code == 302
    late = client.post(address, typed | {f"phase-{phase.pk}": "900"})
    assert late.status_code == 422 and "900" in late.content.decode()
    assert [target.value for target in plan.kpi.targets.all()] == [100]


def test_other_markets_stand_in_the_logbook(world):
    france = Market.objects.first()
    actions.update_campaign(world.actor, campaign=world.campaign, markets=[france])
    line = Activity.objects.filter(verb="campaigns.campaign_changed").latest("at")
    assert line.changes == {"markets": [[], [france.label]]}
    assert list(world.campaign.markets.all()) == [france]
    seen = world.campaign.lock_version
    swap(Campaign.objects.get(), name="Other")
    with pytest.raises(Stale):
        actions.update_campaign(world.actor, campaign=world.campaign, seen=seen, markets=[])
    assert list(world.campaign.markets.all()) == [france]


def test_a_campaign_made_by_a_key_belongs_to_the_person_behind_it(world, client):
    expires = timezone.now() + timedelta(days=1)
    _key, secret = create_api_key(world.actor, name="CRM", scopes=["campaigns:write"], expires_at=expires)
    body = {"name": "By key", "start_date": "2026-11-01", "finish_date": "2026-11-30"}
    body |= {"currency": "CNY", "time_zone": "Asia/Shanghai"}
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.post("/api/v1/campaigns/", body, "application/json", headers=bearer).status_code == 201
    assert Campaign.objects.get(name="By key").owner == world.owner
    assert not CampaignMember.objects.exists()
