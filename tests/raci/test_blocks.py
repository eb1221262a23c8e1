"""What the readiness board counts in the matrix is what the lint names, however the letters lie."""

import random

import pytest

from accounts.models import Membership
from campaigns.actions import add_function, add_member
from campaigns.models import CampaignFunction, CampaignMember
from core.querysets import how_many
from raci import actions
from raci.models import Letter, RaciHolder, RaciRow, blocks_of, findings_of, rows_of
from raci.rules.lint import BLOCKING
from tests import factories
from tests.raci.conftest import deliverable_of, task_in

FUNCTIONS = ("content", "legal", "media_buying")
LETTERS = ("", "", "R", "A", "RA", "C")


@pytest.fixture
def crowd(world):
    """A matrix of tasks, a deliverable, a decision, a heading and an archived task; columns of all kinds."""
    actor, campaign = world.actor, world.campaign
    agencies = [factories.organization(world.workspace, name=name) for name in ("Bao Media", "Empty House")]
    people = [factories.member(world.workspace, name=f"Person {n}") for n in range(5)]
    tasks = [task_in(campaign, f"Task {n}") for n in range(3)]
    actions.add_from_plan(actor, campaign=campaign)
    actions.add_from_plan(actor, campaign=campaign, deliverables=[deliverable_of(tasks[0])])
    actions.add_row(actor, campaign=campaign, kind="decision", title="Go live")
    actions.add_row(actor, campaign=campaign, kind="section", title="Before")
    type(tasks[2]).objects.filter(pk=tasks[2].pk).update(archived_at=campaign.created_at)
    add_member(actor, campaign=campaign, user=people[0], function="content")
    add_member(actor, campaign=campaign, user=people[1], function="content", organization=agencies[0])
    add_function(actor, campaign=campaign, function="legal", organization=agencies[0])
    columns = [{"kind": "person", "user": one} for one in people]
    columns += [{"kind": "function", "function": one} for one in FUNCTIONS]
    columns += [{"kind": "organization", "organization": one} for one in agencies]
    for column in columns:
        actions.add_holder(actor, campaign=campaign, **column)
    world.people, world.agencies = people, agencies
    return world


def shuffle(crowd, dice):
    """Other letters in the cells, other roles, houses and functions of the people."""
    of = {"workspace": crowd.workspace, "campaign": crowd.campaign}
    Letter.objects.all().delete()
    rows = RaciRow.objects.exclude(kind="section")
    holders = list(RaciHolder.objects.all())
    cells = [(row, dice.choice(holders), dice.choice(LETTERS)) for row in rows for _ in range(dice.randrange(4))]
    letters = {(row.pk, holder.pk, letter) for row, holder, text in cells for letter in text}
    Letter.objects.bulk_create(Letter(**of, row_id=row, holder_id=one, letter=letter) for row, one, letter in letters)
    for user in crowd.people:
        type(user).objects.filter(pk=user.pk).update(is_active=dice.random() < 0.7)
        chosen = {"role": dice.choice(["viewer", "member"]), "organization": dice.choice([None, *crowd.agencies])}
        Membership.objects.filter(user=user).update(**chosen)
    for member in CampaignMember.objects.filter(user__in=crowd.people):
        CampaignMember.objects.filter(pk=member.pk).update(organization=dice.choice([None, *crowd.agencies]))
    CampaignFunction.objects.update(organization=dice.choice([None, *crowd.agencies]))


def counted(crowd):
    wanted = blocks_of(crowd.actor, crowd.campaign)
    found = type(crowd.campaign).objects.filter(pk=crowd.campaign.pk).values_list(*map(how_many, wanted.values()))
    return dict(zip(wanted, found.get(), strict=True))


def test_the_board_counts_what_the_lint_names(crowd):
    assert rows_of(crowd.actor, crowd.campaign).count() == 4
    seen = dict.fromkeys(BLOCKING, 0)
    for seed in range(60):
        shuffle(crowd, random.Random(seed))
        named = [one.code for one in findings_of(crowd.actor, crowd.campaign) if one.code in BLOCKING]
        assert counted(crowd) == {code: named.count(code) for code in BLOCKING}, seed
        seen = {code: seen[code] + named.count(code) for code in BLOCKING}
    assert all(seen.values())
    rights = Letter.objects.filter(letter="A").count()
    assert rights  # the last shuffle is no empty matrix


def test_another_campaign_and_workspace_count_for_nothing(crowd, other):
    shuffle(crowd, random.Random(1))
    elsewhere = factories.campaign(crowd.workspace, crowd.owner, name="Spring", code="SPRING-27")
    assert not any(rows.exists() for rows in blocks_of(crowd.actor, elsewhere).values())
    assert not rows_of(other.actor, crowd.campaign).exists()
