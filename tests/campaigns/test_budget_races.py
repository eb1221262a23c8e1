"""Many people at one line: however many commit at once, never a cent more than is approved."""

import random
import threading
from collections import Counter
from decimal import Decimal

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django_scopes import scope

from campaigns import actions
from campaigns.actions import ledger
from campaigns.models import BudgetApproval, BudgetLine, BudgetMovement, BudgetRequest, Commitment
from core.errors import PharosError
from core.querysets import ExactSum
from tests import conftest, factories

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 32
CENTS = Decimal("0.01")


@pytest.fixture
def purse(on_file):
    """Lines with approved money, and one who spends it."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        spender = factories.member(world.workspace, name="Sue Spender")
        yield world, factories.actor_of(spender, world.workspace)


def lines_of(world, spender, number, amount):
    found = []
    for n in range(number):
        line = actions.create_budget_line(world.actor, campaign=world.campaign, name=f"Line {n}")
        row = actions.ask_for_budget(spender, line=line, amount=amount, reason="Needed")
        actions.decide_budget(world.actor, request=row, decision="approve")
        line.refresh_from_db()
        found.append(line)
    return found


def at_once(world, work):
    """What came of `work(number, chance)` in 32 threads: {outcome: how often}; a fault of the database by its name."""
    outcomes, start = [], threading.Barrier(THREADS)

    def run(number):
        chance = random.Random(number)
        start.wait()
        with scope(workspace=world.workspace.pk):
            for act in work(number, chance):
                outcomes.append(tried(act))
        connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def tried(act):
    """Do it; a busy database is asked again, as a person would press the button again."""
    for _turn in range(20):
        try:
            act()
            return "done"
        except PharosError as refused:
            return refused.code
        except OperationalError:
            continue
        except DatabaseError as fault:
            return type(fault).__name__
    return "busy"


def committing(lines, spender, each, largest):
    """Work that commits `each` amounts to lines read before anybody began."""

    def work(number, chance):
        for turn in range(each):
            line = chance.choice(lines)
            amount = CENTS * chance.randint(1, largest)
            title = f"{number}-{turn}"
            yield lambda line=line, amount=amount, title=title: actions.commit_budget(
                spender, line=line, title=title, amount=amount
            )

    return work


def over(lines):
    """By how much more was committed than approved on any line, by the ledger."""
    found = []
    for line in lines:
        sums, moved = Counter(), BudgetMovement.objects.touching(line).values_list("kind").order_by()
        for kind, total in moved.annotate(ExactSum("amount")):
            sums[kind] = total
        found.append(max(sums["commitment"] - sums["approval"], Decimal(0)))
    return found


def check_books(lines):
    """Ledger, cached balances and commitments say the same, and no line is over."""
    for line in lines:
        row = BudgetLine.objects.get(pk=line.pk)
        moved = BudgetMovement.objects.touching(line)
        committed = moved.filter(kind="commitment").aggregate(v=ExactSum("amount"))["v"] or 0
        held = Commitment.objects.filter(line=line).aggregate(v=ExactSum("amount"))["v"] or 0
        assert row.committed_amount == committed == held <= row.approved_amount
        assert Commitment.objects.filter(line=line).count() == moved.filter(kind="commitment").count()
    assert over(lines) == [0] * len(lines)


def test_32_threads_at_one_line_are_never_a_cent_over(purse):
    world, spender = purse
    lines = lines_of(world, spender, 1, Decimal("500.00"))
    outcomes = at_once(world, committing(lines, spender, 8, 1000))
    assert set(outcomes) == {"done", "over_budget"}, outcomes
    assert sum(outcomes.values()) == THREADS * 8
    check_books(lines)
    assert BudgetLine.objects.get().available_amount < 10  # nobody was refused what was there


@pytest.mark.load
def test_10_000_commitments_over_ten_lines(purse):
    world, spender = purse
    lines = lines_of(world, spender, 10, Decimal("4000.00"))
    outcomes = at_once(world, committing(lines, spender, 313, 1000))
    print(outcomes)
    assert set(outcomes) == {"done", "over_budget"}, outcomes
    assert sum(outcomes.values()) == THREADS * 313 > 10_000
    check_books(lines)


def without_guards(monkeypatch):
    """The loop one would write without thinking: trust what was read before, write what was worked out."""

    def naive(row, *, seen=None, **changes):
        type(row)._base_manager.filter(pk=row.pk).update(**changes)
        return changes

    def trusting(*lines):
        return list(lines)

    monkeypatch.setattr(ledger, "hold", trusting)
    monkeypatch.setattr(ledger, "swap", naive)


def test_without_the_guards_the_line_is_overspent(purse, monkeypatch):
    """The control: the same 32 threads, the same books, and the line is over."""
    world, spender = purse
    lines = lines_of(world, spender, 1, Decimal("500.00"))
    without_guards(monkeypatch)
    at_once(world, committing(lines, spender, 8, 1000))
    assert over(lines) != [0]
    with pytest.raises(AssertionError):
        check_books(lines)


def test_the_database_alone_says_no(purse):
    """Without lock and rule the CHECK still refuses a balance over what is approved."""
    world, spender = purse
    [line] = lines_of(world, spender, 1, Decimal("5.00"))
    with pytest.raises(DatabaseError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(committed_amount=Decimal("5.01"))
    assert connection.needs_rollback is False


def test_one_decision_however_many_decide(purse):
    world, spender = purse
    [line] = lines_of(world, spender, 1, Decimal("1.00"))
    row = actions.ask_for_budget(spender, line=line, amount=Decimal(100), reason="Needed")
    people = [factories.member(world.workspace, role="finance", name=f"Fay {n}") for n in range(THREADS)]
    deciders = [factories.actor_of(person, world.workspace) for person in people]

    def work(number, chance):
        seen = BudgetRequest.objects.get(pk=row.pk)
        decision = chance.choice(["approve", "reject"])
        yield lambda: actions.decide_budget(deciders[number], request=seen, decision=decision, words="So be it")

    outcomes = at_once(world, work)
    assert outcomes["done"] == 1, outcomes
    row.refresh_from_db()
    level = BudgetApproval.objects.get(request=row)
    assert (row.state == "approved") == (level.decision == "approve")
    line.refresh_from_db()
    assert line.approved_amount == (101 if row.state == "approved" else 1)


def test_a_commitment_is_paid_once(purse):
    world, spender = purse
    [line] = lines_of(world, spender, 1, Decimal("100.00"))
    row = actions.commit_budget(spender, line=line, title="Airtime", amount=Decimal(60))
    for step, said in (
        ("deliver", {"amount": Decimal(60)}),
        ("reconcile", {"amount": Decimal(60)}),
        ("invoice", {"number": "1"}),
    ):
        row = actions.settle(world.actor, commitment=row, step=step, **said)

    def work(number, chance):
        seen = Commitment.objects.get(pk=row.pk)
        yield lambda: actions.settle(world.actor, commitment=seen, step="pay")

    outcomes = at_once(world, work)
    assert outcomes["done"] == 1, outcomes
    line.refresh_from_db()
    assert (line.committed_amount, line.paid_amount) == (60, 60)
    assert BudgetMovement.objects.filter(kind="payment").count() == 1
