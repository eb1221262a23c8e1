"""The budget through both doors: lines, requests with their levels, lock, commitments up to payment."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions import create_api_key
from analytics.models import DailyMetric
from campaigns import actions
from campaigns.actions import readiness
from campaigns.models import (
    ApprovalThreshold,
    BudgetLine,
    BudgetMovement,
    BudgetRequest,
    Commitment,
    ExchangeRate,
    budget_of,
)
from core.errors import Denied, Invalid, PharosError, RuleBroken
from core.models import Activity
from tests import factories
from tests.campaigns.conftest import Hands
from tests.tasks.conftest import run_jobs


def money(amount, currency="CNY"):
    return {"amount": str(amount), "currency": currency}


@dataclass
class Purse:
    """A world with a planner who asks and an owner who approves."""

    world: object
    planner: object
    line: object

    @property
    def asker(self):
        return factories.actor_of(self.planner, self.world.workspace)

    def approve(self, amount, line=None):
        row = actions.ask_for_budget(self.asker, line=line or self.line, amount=Decimal(amount), reason="Needed")
        actions.decide_budget(self.world.actor, request=row, decision="approve")
        (line or self.line).refresh_from_db()
        return row

    def commit(self, amount, title="Airtime"):
        row = actions.commit_budget(self.asker, line=self.line, title=title, amount=Decimal(amount))
        self.line.refresh_from_db()
        return row


@pytest.fixture
def purse(world):
    planner = factories.member(world.workspace, name="Paul Planner")
    line = actions.create_budget_line(
        world.actor, campaign=world.campaign, name="Search", planned_amount=Decimal(50_000)
    )
    return Purse(world, planner, line)


@pytest.fixture(params=["page", "api"])
def planning(request, world, purse):
    """The planner's hands."""
    return Hands(world, request.param, world.client(purse.planner))


def base(world):
    return f"c/{world.campaign.code}/budget/"


def balances(line):
    line = BudgetLine.objects.get(pk=line.pk)
    return line.approved_amount, line.committed_amount, line.paid_amount


# --- lines ----------------------------------------------------------------------------------------------------------


def test_a_line_is_planned(hands, world):
    typed = {"name": "KOL 达人", "category": "kol", "planned_amount": "12.5万", "currency": "CNY", "tax_rate": "6"}
    body = {"campaign": world.campaign.code, "name": "KOL 达人", "category": "kol", "tax_rate": "6"}
    body |= {"planned": money(125_000)}
    assert hands.act(page=base(world) + "new/", typed=typed, api="budget-lines/", body=body), hands.words
    line = BudgetLine.objects.get()
    assert (line.planned_amount, line.tax_rate, line.category, line.approved_amount) == (125_000, 6, "kol", 0)
    assert Activity.objects.get(subject_id=str(line.pk)).verb == "campaigns.budget_line_created"


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ({"planned_amount": "-1"}, {"planned": money(-1)}),
        ({"planned_amount": "1.005"}, {"planned": money("1.005")}),
        ({"tax_rate": "101"}, {"tax_rate": "101"}),
        ({"name": "Search"}, {"name": "Search"}),
        ({"name": " "}, {"name": " "}),
        ({"planned_amount": "100000000000"}, {"planned": money(100_000_000_000)}),
    ],
)
def test_a_line_that_cannot_be(hands, world, purse, typed, body):
    whole = {"name": "Other", "category": "media", "planned_amount": "5", "currency": "CNY", "tax_rate": "0"}
    sent = {"campaign": world.campaign.code, "name": "Other"}
    url = base(world) + "new/"
    assert not hands.act(page=url, typed=whole | typed, api="budget-lines/", body=sent | body)
    assert hands.answer.status_code in (400, 422)
    assert BudgetLine.objects.count() == 1


def test_a_line_changes_and_keeps_its_currency_once_money_moved(hands, world, purse):
    page, api = f"{base(world)}{purse.line.pk}/edit/", f"budget-lines/{purse.line.pk}/"
    typed = {"name": "Search", "category": "media", "planned_amount": "60000", "currency": "USD", "tax_rate": "0"}
    body = {"planned": money(60_000, "USD"), "currency": "USD"}
    lock = {"lock_version": 1}
    assert hands.act(page=page, typed=typed | lock, api=api, body=body, method="patch"), hands.words
    purse.line.refresh_from_db()
    assert (purse.line.currency, purse.line.planned_amount) == ("USD", 60_000)
    purse.approve(10)
    typed |= {"currency": "CNY", "lock_version": purse.line.lock_version}
    refused = {"planned": money(60_000), "currency": "CNY"}
    assert not hands.act(page=page, typed=typed, api=api, body=refused, method="patch")
    assert "currency" in hands.words


def test_archive_waits_for_the_money(hands, world, purse):
    purse.approve(10)
    page, api = f"{base(world)}{purse.line.pk}/archive/", f"budget-lines/{purse.line.pk}/archive/"
    assert not hands.act(page=page, api=api)
    assert "Give it back first" in hands.words
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(10), reason="Not needed", kind="reduce")
    actions.decide_budget(world.actor, request=row, decision="approve")
    assert hands.act(page=page, api=api), hands.words
    back = {"page": f"{base(world)}{purse.line.pk}/restore/", "api": f"budget-lines/{purse.line.pk}/restore/"}
    assert hands.act(**back)
    purse.line.refresh_from_db()
    assert purse.line.archived_at is None


def test_lock_and_unlock(hands, world, purse):
    everything = {"page": base(world) + "lock/", "api": "budget-lines/lock/", "body": {"campaign": world.campaign.code}}
    assert hands.act(**everything), hands.words
    purse.line.refresh_from_db()
    assert purse.line.locked_at is not None
    with pytest.raises(RuleBroken, match="locked"):
        actions.update_budget_line(world.actor, line=purse.line, planned_amount=Decimal(1))
    with pytest.raises(RuleBroken, match="locked"):
        actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(1), reason="More")
    page, api = f"{base(world)}{purse.line.pk}/unlock/", f"budget-lines/{purse.line.pk}/unlock/"
    assert not hands.act(page=page, typed={"reason": ""}, api=api, body={"reason": ""})
    assert hands.act(page=page, typed={"reason": "New wave"}, api=api, body={"reason": "New wave"}), hands.words
    purse.line.refresh_from_db()
    assert purse.line.locked_at is None
    assert Activity.objects.get(verb="campaigns.budget_line_unlocked").changes["reason"] == ["", "New wave"]


def test_a_line_with_an_open_request_is_not_locked(hands, world, purse):
    actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(10), reason="Needed")
    typed = {"line": str(purse.line.pk)}
    body = {"campaign": world.campaign.code, "lines": [str(purse.line.pk)]}
    assert not hands.act(page=base(world) + "lock/", typed=typed, api="budget-lines/lock/", body=body)
    assert "still open" in hands.words


def test_whoever_only_plans_does_not_lock(planning, world):
    body = {"campaign": world.campaign.code}
    assert not planning.act(page=base(world) + "lock/", api="budget-lines/lock/", body=body)
    assert planning.answer.status_code == 403


def test_a_viewer_reads_and_writes_nothing(onlooker, world, purse):
    page = {
        "page": base(world) + "new/",
        "api": "budget-lines/",
        "body": {"campaign": world.campaign.code, "name": "X"},
    }
    assert not onlooker.act(**page)
    assert onlooker.answer.status_code == 403
    assert onlooker.client.get(f"{world.w}/{base(world)}").status_code == 200
    assert onlooker.client.get("/api/v1/budget-lines/").json()["results"][0]["planned"] == money("50000.00")


# --- requests -------------------------------------------------------------------------------------------------------


def ask(hands, world, line, amount, **more):
    typed = {"kind": "raise", "amount": str(amount), "reason": "Needed", **more}
    body = {"line": str(line.pk), "amount": money(amount), "reason": "Needed", **more}
    return hands.act(page=f"{base(world)}{line.pk}/ask/", typed=typed, api="budget-requests/", body=body)


def decide(hands, world, row, decision="approve", words=""):
    said = {"decision": decision, "words": words}
    page, api = f"{base(world)}requests/{row.pk}/decide/", f"budget-requests/{row.pk}/decide/"
    return hands.act(page=page, typed=said, api=api, body=said)


def test_money_is_asked_for_and_approved(planning, world, purse):
    assert ask(planning, world, purse.line, 30_000), planning.words
    row = BudgetRequest.objects.get()
    owner = Hands(world, planning.door)
    assert decide(owner, world, row), owner.words
    assert balances(purse.line) == (30_000, 0, 0)
    move = BudgetMovement.objects.get()
    assert (move.kind, move.amount, move.reason, move.request) == ("approval", 30_000, "Needed", row)
    assert (move.made_by, move.approved_by) == (world.owner, world.owner)
    assert (move.from_line, move.from_account, move.to_line, move.to_account) == (
        None,
        "outside",
        purse.line,
        "available",
    )


def test_nobody_decides_on_a_request_of_their_own(hands, world, purse):
    row = actions.ask_for_budget(world.actor, line=purse.line, amount=Decimal(10), reason="Mine")
    assert not decide(hands, world, row)
    assert "request of their own" in hands.words
    assert balances(purse.line) == (0, 0, 0)


def test_a_key_is_no_second_person(world, purse):
    """What somebody asked for, their own API key does not approve; nor they what their key asked for."""
    until = timezone.now() + timedelta(days=1)
    _key, secret = create_api_key(world.actor, name="Mine", scopes=["*"], expires_at=until)
    hands = Hands(world, "api", Client(headers={"Authorization": f"Bearer {secret}"}))
    row = actions.ask_for_budget(world.actor, line=purse.line, amount=Decimal(10), reason="Mine")
    assert not decide(hands, world, row)
    assert "own_request" in hands.words
    actions.withdraw_request(world.actor, request=row)
    assert ask(hands, world, purse.line, 10), hands.words
    row = BudgetRequest.objects.open().get()
    assert row.requested_by == world.owner
    with pytest.raises(RuleBroken, match="own"):
        actions.decide_budget(world.actor, request=row, decision="approve")


def test_whoever_has_not_the_role_does_not_decide(planning, world, purse):
    row = actions.ask_for_budget(world.actor, line=purse.line, amount=Decimal(10), reason="Needed")
    assert not decide(planning, world, row)
    assert planning.answer.status_code == 403


def test_a_rejection_says_why_and_moves_nothing(hands, world, purse):
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(10), reason="Needed")
    assert not decide(hands, world, row, "reject")
    assert "Say why" in hands.words
    assert decide(hands, world, row, "reject", "Too dear"), hands.words
    row.refresh_from_db()
    assert (row.state, balances(purse.line)) == ("rejected", (0, 0, 0))
    assert not decide(hands, world, row)
    assert "decided already" in hands.words


def test_a_request_is_withdrawn_by_whoever_made_it(planning, world, purse):
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(10), reason="Needed")
    with pytest.raises(Denied):
        actions.withdraw_request(world.actor, request=row)
    page, api = f"{base(world)}requests/{row.pk}/withdraw/", f"budget-requests/{row.pk}/withdraw/"
    assert planning.act(page=page, api=api), planning.words
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert not planning.act(page=page, api=api)


def test_one_open_request_per_line(planning, world, purse):
    assert ask(planning, world, purse.line, 10)
    assert not ask(planning, world, purse.line, 10)
    assert "open request" in planning.words


def test_money_goes_to_another_line(planning, world, purse):
    other = actions.create_budget_line(world.actor, campaign=world.campaign, name="Social")
    purse.approve(100)
    assert not ask(planning, world, purse.line, 101, kind="transfer", to_line=str(other.pk))
    assert ask(planning, world, purse.line, 60, kind="transfer", to_line=str(other.pk)), planning.words
    assert decide(Hands(world, planning.door), world, BudgetRequest.objects.open().get())
    assert balances(purse.line) == (40, 0, 0)
    assert balances(other) == (60, 0, 0)


def test_a_transfer_stays_in_the_campaign_and_the_currency(world, purse):
    purse.approve(100)
    foreign = actions.create_budget_line(world.actor, campaign=world.campaign, name="Dollars", currency="USD")
    elsewhere = factories.campaign(world.workspace, world.owner)
    theirs = actions.create_budget_line(world.actor, campaign=elsewhere, name="Search")
    for goal in (foreign, theirs, purse.line, None):
        with pytest.raises(Invalid):
            actions.ask_for_budget(
                purse.asker, line=purse.line, to_line=goal, amount=Decimal(1), reason="x", kind="transfer"
            )


def test_what_was_spent_meanwhile_is_not_given_back(world, purse):
    purse.approve(100)
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(80), reason="Less", kind="reduce")
    purse.commit(50)
    with pytest.raises(RuleBroken, match="too little"):
        actions.decide_budget(world.actor, request=row, decision="approve")


def test_everything_planned_is_asked_for_at_once(planning, world, purse):
    actions.create_budget_line(world.actor, campaign=world.campaign, name="Social", planned_amount=Decimal(7))
    actions.create_budget_line(world.actor, campaign=world.campaign, name="Nothing planned")
    body = {"campaign": world.campaign.code}
    assert planning.act(page=base(world) + "ask/", api="budget-lines/ask-all/", body=body), planning.words
    assert sorted(BudgetRequest.objects.values_list("line__name", "amount")) == [("Search", 50_000), ("Social", 7)]
    assert not planning.act(page=base(world) + "ask/", api="budget-lines/ask-all/", body=body)


# --- thresholds -----------------------------------------------------------------------------------------------------


def test_thresholds_are_kept_by_managers(hands, world):
    typed = {"from_amount": "100000", "currency": "CNY", "role": "finance"}
    body = {"amount": money(100_000), "role": "finance"}
    assert hands.act(page="settings/approval-thresholds/", typed=typed, api="approval-thresholds/", body=body)
    row = ApprovalThreshold.objects.get()
    assert not hands.act(page="settings/approval-thresholds/", typed=typed, api="approval-thresholds/", body=body)
    refused = {"page": "settings/approval-thresholds/", "api": "approval-thresholds/"}
    assert not hands.act(**refused, typed=typed | {"role": "viewer"}, body=body | {"role": "viewer"})
    assert hands.answer.status_code in (400, 422)
    typed |= {"from_amount": "5", "lock_version": row.lock_version}
    page, api = f"settings/approval-thresholds/{row.pk}/", f"approval-thresholds/{row.pk}/"
    assert hands.act(page=page, typed=typed, api=api, body={"amount": money(5)}, method="patch"), hands.words
    row.refresh_from_db()
    assert row.from_amount == 5
    assert hands.act(page=page + "delete/", api=api, method="delete"), hands.words
    assert not ApprovalThreshold.objects.exists()


def test_several_levels_are_several_people(planning, world, purse):
    actions.create_threshold(world.actor, from_amount=Decimal(0), role="finance")
    actions.create_threshold(world.actor, from_amount=Decimal(10_000), role="manager")
    actions.create_threshold(world.actor, from_amount=Decimal(1_000_000), role="owner")
    finance = factories.member(world.workspace, role="finance", name="Fay Finance")
    manager = factories.member(world.workspace, role="manager", name="Max Manager")
    assert ask(planning, world, purse.line, 20_000), planning.words
    row = BudgetRequest.objects.get()
    assert list(row.approvals.values_list("level", "role")) == [(1, "finance"), (2, "manager")]
    assert not decide(Hands(world, planning.door, world.client(manager)), world, row)
    assert decide(Hands(world, planning.door, world.client(finance)), world, row)
    assert balances(purse.line) == (0, 0, 0)
    assert not decide(Hands(world, planning.door, world.client(finance)), world, row)
    assert decide(Hands(world, planning.door, world.client(manager)), world, row)
    assert balances(purse.line) == (20_000, 0, 0)
    move = BudgetMovement.objects.get()
    assert (move.approved_by.name, BudgetLine.objects.get().approved_by.name) == ("Max Manager", "Max Manager")


def test_an_owner_stands_in_once(world, purse):
    actions.create_threshold(world.actor, from_amount=Decimal(0), role="finance")
    actions.create_threshold(world.actor, from_amount=Decimal(10), role="manager")
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(20), reason="Needed")
    actions.decide_budget(world.actor, request=row, decision="approve")
    with pytest.raises(RuleBroken, match="another person"):
        actions.decide_budget(world.actor, request=row, decision="approve")


def test_a_sum_in_small_pieces_needs_the_same_approval(world, purse):
    actions.create_threshold(world.actor, from_amount=Decimal(100), role="owner")
    roles = [purse.approve(60).approvals.get().role for _ in range(2)]
    assert roles == ["", "owner"]


def test_a_threshold_in_another_currency_needs_the_rate_of_the_day(world, purse):
    line = actions.create_budget_line(world.actor, campaign=world.campaign, name="Dollars", currency="USD")
    actions.create_threshold(world.actor, from_amount=Decimal(700), role="owner")
    with pytest.raises(RuleBroken, match="no exchange rate from USD to CNY"):
        actions.ask_for_budget(purse.asker, line=line, amount=Decimal(100), reason="Needed")
    actions.set_rate(world.actor, date=line.planned_date, base="CNY", quote="USD", rate=Decimal("0.14"))
    row = actions.ask_for_budget(purse.asker, line=line, amount=Decimal(100), reason="Needed")
    assert row.approvals.get().role == "owner"


def test_the_mail_goes_to_whoever_decides_and_back(world, purse):
    finance = factories.member(world.workspace, role="finance", name="Fay Finance")
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(1234), reason="Banner week")
    assert run_jobs("campaigns.tell_deciders") == 1
    sent = {each.to[0]: each for each in mail.outbox}
    assert set(sent) == {world.owner.email, finance.email}
    assert "1,234.00 CNY" in sent[finance.email].subject and "Banner week" in sent[finance.email].body
    assert str(row.pk) in sent[finance.email].body
    mail.outbox.clear()
    finance = factories.actor_of(finance, world.workspace)
    actions.decide_budget(finance, request=row, decision="reject", words="Too dear")
    assert run_jobs("campaigns.tell_requester") == 1
    [told] = mail.outbox
    assert told.to == [purse.planner.email]
    assert "Fay Finance" in told.body and "Too dear" in told.body


# --- commitments ----------------------------------------------------------------------------------------------------


def book(hands, world, line, amount, title="Airtime"):
    typed = {"line": str(line.pk), "title": title, "amount": str(amount)}
    body = {"line": str(line.pk), "title": title, "amount": money(amount)}
    return hands.act(page=base(world) + "settlement/new/", typed=typed, api="commitments/", body=body)


def step(hands, world, name, **stated):
    row = Commitment.objects.get()
    body = {"step": name, **stated} | ({"amount": money(stated["amount"])} if "amount" in stated else {})
    page, api = f"{base(world)}settlement/{row.pk}/step/", f"commitments/{row.pk}/steps/"
    return hands.act(page=page, typed={"step": name, **stated}, api=api, body=body)


def test_never_more_is_committed_than_approved(planning, world, purse):
    purse.approve(100)
    assert book(planning, world, purse.line, "60.01"), planning.words
    assert not book(planning, world, purse.line, "40")
    assert "¥0.01 too little" in planning.words
    assert book(planning, world, purse.line, "39.99"), planning.words
    assert balances(purse.line) == (100, 100, 0)
    assert Commitment.objects.count() == BudgetMovement.objects.filter(kind="commitment").count() == 2


def test_from_booking_to_rebate(hands, world, purse):
    purse.approve(1000)
    purse.commit(800)
    assert not step(hands, world, "pay")
    assert "cannot take this step" in hands.words
    assert step(hands, world, "deliver", amount="700"), hands.words
    assert not step(hands, world, "make_good", amount="101", reason="Two more days")
    assert step(hands, world, "make_good", amount="60", reason="Two more days"), hands.words
    assert step(hands, world, "reconcile", amount="760"), hands.words
    assert balances(purse.line) == (1000, 760, 0)
    assert not step(hands, world, "invoice", number="")
    assert step(hands, world, "invoice", number="INV-7"), hands.words
    assert step(hands, world, "pay"), hands.words
    assert balances(purse.line) == (1000, 760, 760)
    assert not step(hands, world, "rebate", amount="761", reason="Yearly")
    assert step(hands, world, "rebate", amount="38", reason="5 %"), hands.words
    assert balances(purse.line) == (1000, 722, 722)
    row = Commitment.objects.get()
    assert (row.state, row.amount, row.rebate_amount, row.invoice_number) == ("paid", 760, 38, "INV-7")
    kinds = list(BudgetMovement.objects.filter(commitment=row).order_by("pk").values_list("kind", "amount"))
    assert kinds == [("commitment", 800), ("release", 40), ("payment", 760), ("rebate", 38)]


def test_more_than_booked_is_owed_only_if_it_is_there(hands, world, purse):
    purse.approve(100)
    purse.commit(80)
    assert step(hands, world, "deliver", amount="90")
    assert not step(hands, world, "reconcile", amount="101")
    assert step(hands, world, "reconcile", amount="95"), hands.words
    assert balances(purse.line) == (100, 95, 0)
    assert step(hands, world, "reopen", reason="Wrong figures"), hands.words
    assert step(hands, world, "reconcile", amount="70"), hands.words
    assert balances(purse.line) == (100, 70, 0)


def test_cancelling_gives_the_money_free(planning, world, purse):
    purse.approve(100)
    purse.commit(80)
    assert not step(planning, world, "cancel", reason=" ")
    assert step(planning, world, "cancel", reason="Show called off"), planning.words
    assert balances(purse.line) == (100, 0, 0)
    assert Commitment.objects.get().amount == 0


def test_payment_is_for_accountants(planning, world, purse):
    purse.approve(100)
    purse.commit(80)
    for name, stated in (("deliver", {"amount": "80"}), ("reconcile", {"amount": "80"}), ("invoice", {"number": "1"})):
        assert step(planning, world, name, **stated), planning.words
    assert not step(planning, world, "pay")
    assert balances(purse.line) == (100, 80, 0)


def test_the_words_of_a_commitment_change_and_its_amount_does_not(planning, world, purse):
    purse.approve(100)
    row = purse.commit(80)
    typed = {"title": "Airtime, prime", "reference": "PO-9", "amount": "1", "lock_version": row.lock_version}
    page, api = f"{base(world)}settlement/{row.pk}/edit/", f"commitments/{row.pk}/"
    body = {"title": "Airtime, prime", "reference": "PO-9"}
    assert planning.act(page=page, typed=typed, api=api, body=body, method="patch"), planning.words
    row.refresh_from_db()
    assert (row.title, row.reference, row.amount) == ("Airtime, prime", "PO-9", 80)


def test_the_ledger_is_not_written_to(world, purse, owner):
    purse.approve(100)
    move = BudgetMovement.objects.get()
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(owner, method)(f"/api/v1/budget-movements/{move.pk}/", content_type="application/json")
        assert answer.status_code in (403, 405)
    seen = owner.get(f"/api/v1/budget-movements/?line={purse.line.pk}").json()["results"]
    assert [(one["kind"], one["amount"]) for one in seen] == [("approval", money("100.00"))]


# --- sums -----------------------------------------------------------------------------------------------------------


def test_sums_take_the_rate_of_each_movements_day(world, purse, owner):
    line = actions.create_budget_line(
        world.actor, campaign=world.campaign, name="Dollars", currency="USD", planned_amount=Decimal(100), tax_rate=6
    )
    BudgetLine.objects.filter(pk=line.pk).update(planned_date=date(2026, 11, 2))
    purse.approve(20, line)
    purse.approve(10, line)
    first, second = BudgetMovement.objects.order_by("pk")
    BudgetMovement.objects.filter(pk=first.pk).update(date=date(2026, 11, 3))
    BudgetMovement.objects.filter(pk=second.pk).update(date=date(2026, 11, 4))
    for day, rate in ((2, "7"), (3, "7.1")):
        actions.set_rate(world.actor, date=date(2026, 11, day), base="USD", quote="CNY", rate=Decimal(rate))
    found = budget_of(world.actor, world.campaign)
    assert found.missing == [(date(2026, 11, 4), "USD")]
    assert [row.name for row in found.left_out] == ["Dollars"]
    assert found.total.planned == 50_000
    assert "2026-11-04" in owner.get(f"{world.c}/budget/").content.decode()
    ExchangeRate.objects.create(
        workspace=world.workspace, date=date(2026, 11, 4), base="CNY", quote="USD", rate=Decimal("0.125")
    )
    found = budget_of(world.actor, world.campaign)
    assert (found.total.planned, found.total.approved) == (50_700, Decimal("222.00"))  # 20 × 7.1 + 10 × 8
    taxed = budget_of(world.actor, world.campaign, with_tax=True)
    assert taxed.total.approved == Decimal("235.32")
    answer = owner.get(f"/api/v1/budget-lines/totals/?campaign={world.campaign.code}&tax=1").json()
    assert answer["total"]["approved"] == money("235.32")


def test_half_a_cent_goes_to_the_even_one(world):
    for name, amount in (("a", "0.01"), ("b", "0.01")):
        actions.create_budget_line(
            world.actor, campaign=world.campaign, name=name, planned_amount=Decimal(amount), tax_rate=25
        )
    found = budget_of(world.actor, world.campaign, with_tax=True)
    assert found.total.planned == Decimal("0.02")  # 0.025, rounded once
    assert [line.own.planned for line in found.lines] == [Decimal("0.01"), Decimal("0.01")]


@pytest.mark.parametrize("by", ["category", "phase", "channel"])
def test_lines_stand_in_groups(world, owner, by):
    phase = factories.phase(world.campaign, "Warm-up")
    values = {"phase": phase, "channel": factories.channel(world.workspace), "category": "kol"}
    actions.create_budget_line(world.actor, campaign=world.campaign, name="A", planned_amount=Decimal(5), **values)
    actions.create_budget_line(world.actor, campaign=world.campaign, name="B", planned_amount=Decimal(7))
    found = budget_of(world.actor, world.campaign, by=by)
    assert [group.total.planned for group in found.groups] == [5, 7]
    page = owner.get(f"{world.c}/budget/?by={by}").content.decode()
    assert all(group.label in page for group in found.groups)


# --- pages and files ------------------------------------------------------------------------------------------------


def test_pages_cost_few_queries(world, purse, owner, assert_budget):
    actions.create_threshold(world.actor, from_amount=Decimal(0), role="finance")
    for number in range(8):
        line = actions.create_budget_line(
            world.actor, campaign=world.campaign, name=f"Line {number}", planned_amount=Decimal(10)
        )
        row = actions.ask_for_budget(purse.asker, line=line, amount=Decimal(10), reason="Needed")
        if number % 2:
            actions.decide_budget(world.actor, request=row, decision="approve")
            actions.commit_budget(purse.asker, line=line, title=f"Order {number}", amount=Decimal(5))
    line = BudgetLine.objects.get(name="Line 1")
    commitment, request = Commitment.objects.first(), BudgetRequest.objects.first()
    for name, path in (
        ("campaigns:budget", ""),
        ("campaigns:budget-line", f"{line.pk}/"),
        ("campaigns:budget-requests", "requests/"),
        ("campaigns:budget-request", f"requests/{request.pk}/"),
        ("campaigns:settlement", "settlement/"),
        ("campaigns:commitment", f"settlement/{commitment.pk}/"),
        ("campaigns:budget-ledger", "ledger/"),
    ):
        with assert_budget(name):
            assert owner.get(f"{world.c}/budget/{path}").status_code == 200
    for noun in ("budget-lines", "budget-requests", "budget-movements", "commitments"):
        with assert_budget(f"api:{noun}-list"):
            assert len(owner.get(f"/api/v1/{noun}/").json()["results"]) >= 4


@pytest.mark.parametrize("path", ["", "ledger/", "settlement/"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports(world, purse, owner, path, kind):
    purse.approve(100)
    purse.commit(20, "=cmd()")
    answer = owner.get(f"{world.c}/budget/{path}?export={kind}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        assert re.search(r"\b20\.00", text) or (path == "" and "20" in text)
        assert not re.search(r"(^|,)=", text)


def test_bad_keys_are_not_found(world, purse, owner):
    assert owner.post(f"{world.c}/budget/lock/", {"line": "x"}).status_code == 404
    assert owner.get("/api/v1/budget-lines/totals/?campaign=none").status_code == 400


def test_an_archived_campaign_keeps_its_budget(world, purse):
    purse.approve(10)
    actions.archive_campaign(world.actor, campaign=world.campaign)
    line = BudgetLine.objects.get()
    for act in (
        lambda: actions.commit_budget(purse.asker, line=line, title="x", amount=Decimal(1)),
        lambda: actions.ask_for_budget(purse.asker, line=line, amount=Decimal(1), reason="x"),
        lambda: actions.lock_budget(world.actor, campaign=line.campaign),
    ):
        with pytest.raises(PharosError, match="archived"):
            act()


# --- what was spent, and who is waited for --------------------------------------------------------------------------


def cost_of(world, line, amount, **more):
    """A placement of a line that cost an amount on a day."""
    placement = factories.placement(world.campaign, budget_line=line)
    values = {"workspace": world.workspace, "campaign": world.campaign, "placement": placement, "metric": "cost"}
    values |= {"ad_account": factories.ad_account(world.workspace)}
    values |= {"channel": placement.channel, "date": date(2026, 11, 2), "date_to": date(2026, 11, 2)}
    return DailyMetric.objects.create(value=Decimal(amount), currency="CNY", **values, **more)


def test_what_was_spent_comes_from_the_figures_of_the_placements(world, purse, owner, assert_budget):
    cost_of(world, purse.line, "12.34")
    cost_of(world, purse.line, "0.66")
    cost_of(world, None, "5")
    with assert_budget("analytics:budget-spend"):
        page = owner.get(f"{world.c}/budget/spend/").content.decode()
    assert f'id="spend-{purse.line.pk}"' in page and "¥13.00" in page and "¥18.00" in page
    answer = owner.get(f"/api/v1/budget-spend/?campaign={world.campaign.code}").json()["results"]
    found = {one["line"]: one["spent"] for one in answer}
    assert found == {str(purse.line.pk): money("13.00"), None: money("5.00")}
    assert owner.get("/api/v1/budget-spend/?campaign=none").status_code == 400
    assert f"{world.c}/budget/spend/" in owner.get(f"{world.c}/budget/").content.decode()


def test_a_placement_belongs_to_a_line_of_its_campaign(hands, world, purse):
    placement = factories.placement(world.campaign)
    elsewhere = factories.campaign(world.workspace, world.owner)
    theirs = actions.create_budget_line(world.actor, campaign=elsewhere, name="Theirs")
    typed = {"name": placement.name, "code": placement.code, "channel": str(placement.channel_id), "currency": "CNY"}
    typed |= {"flights-TOTAL_FORMS": "0", "flights-INITIAL_FORMS": "0", "lock_version": placement.lock_version}
    page, api = f"c/{world.campaign.code}/placements/{placement.pk}/edit/", f"placements/{placement.pk}/"
    for line, is_taken in ((theirs, False), (purse.line, True)):
        body = {"budget_line": str(line.pk)}
        assert hands.act(page=page, typed=typed | body, api=api, body=body, method="patch") is is_taken, hands.words
    placement.refresh_from_db()
    assert placement.budget_line == purse.line
    answer = hands.client.get(f"/api/v1/placements/?budget_line={purse.line.pk}").json()["results"]
    assert [one["budget_line"] for one in answer] == [str(purse.line.pk)]


def test_my_work_shows_what_waits_for_me(world, purse):
    finance = factories.member(world.workspace, role="finance", name="Fay Finance")
    actions.create_threshold(world.actor, from_amount=Decimal(0), role="finance")
    row = actions.ask_for_budget(purse.asker, line=purse.line, amount=Decimal(10), reason="Needed")
    for user, is_waited_for in ((finance, True), (world.owner, True), (purse.planner, False)):
        client = world.client(user)
        for headers in ({}, {"HX-Request": "true"}):
            page = client.get(f"{world.w}/my-work/", headers=headers).content.decode()
            assert (str(row.pk) in page) is is_waited_for
        assert ("budget-decide" in page or f"requests/{row.pk}/" in page) is is_waited_for
    actions.decide_budget(world.actor, request=row, decision="approve")
    assert str(row.pk) not in world.client(finance).get(f"{world.w}/my-work/").content.decode()


def test_the_readiness_board_asks_for_a_locked_budget(world, purse):
    def state():
        lines = readiness.lines_of(world.actor, world.campaign, today=date(2026, 11, 1))
        return next(line for line in lines if line.code == "budget_locked")

    assert (state().state, state().count) == ("block", 1)
    actions.lock_budget(world.actor, campaign=world.campaign)
    assert state().state == "ok"


def test_the_cockpit_shows_what_is_approved(world, purse, owner):
    purse.approve(40_000)
    purse.commit(15_000)
    page = owner.get(f"{world.c}/").content.decode()
    assert "Approved" in page and "Committed" in page
