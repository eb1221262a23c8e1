"""Processes that commit money, killed in the middle of it: the books are balanced, and no line is over."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_scopes import scope

from campaigns import actions
from campaigns.models import BudgetLine, BudgetMovement, Commitment
from core.models import Activity
from core.querysets import ExactSum
from tests import conftest, factories

pytestmark = [pytest.mark.kill, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
KILLS, APPROVED = 12, Decimal("3000.00")
SPENDER = textwrap.dedent("""
    import sys, django
    django.setup()
    from decimal import Decimal
    from django_scopes import scopes_disabled
    from accounts.models import User, Workspace
    from campaigns import actions
    from campaigns.models import BudgetLine
    from core.errors import PharosError
    from tests.factories import actor_of
    with scopes_disabled():
        line, user = BudgetLine.objects.get(pk=sys.argv[1]), User.objects.get(pk=sys.argv[2])
        actor = actor_of(user, line.workspace)
        print("ready", flush=True)
        for number in range(100_000):
            try:
                actions.commit_budget(actor, line=line, title=str(number), amount=Decimal("0.97"))
            except PharosError:
                break
""")


def spending(line, user):
    """A process of its own that commits until nothing is left."""
    base = connection.settings_dict
    url = f"postgresql://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR), "PHAROS_TESTING": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SPENDER, str(line.pk), str(user.pk)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline().strip() == b"ready"
    return process


def test_killed_in_the_middle_the_books_are_balanced():
    world = conftest.build()
    chance = random.Random(7)
    with scope(workspace=world.workspace.pk):
        spender = factories.member(world.workspace, name="Sue Spender")
        line = actions.create_budget_line(world.actor, campaign=world.campaign, name="Search")
        asker = factories.actor_of(spender, world.workspace)
        row = actions.ask_for_budget(asker, line=line, amount=APPROVED, reason="Needed")
        actions.decide_budget(world.actor, request=row, decision="approve")
        killed = 0
        for _turn in range(KILLS):
            process = spending(line, spender)
            time.sleep(chance.uniform(0.01, 0.4))
            killed += process.poll() is None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            check(line)
        assert killed == KILLS
        assert Commitment.objects.count() > KILLS


def check(line):
    """Balance, ledger, commitments and logbook tell of the same acts."""
    row = BudgetLine.objects.get(pk=line.pk)
    moves = BudgetMovement.objects.filter(kind="commitment")
    committed = moves.aggregate(sum=ExactSum("amount"))["sum"] or 0
    assert row.committed_amount == committed <= row.approved_amount == APPROVED
    assert Commitment.objects.count() == moves.count()
    assert Activity.objects.filter(verb="campaigns.commitment_booked").count() == moves.count()
