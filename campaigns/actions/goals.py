"""Acts on the goal tree."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.actions.writing import archive, refuse_if_attached, restore
from campaigns.choices import RollUp
from campaigns.models import Goal
from campaigns.permissions import can_plan
from campaigns.rules.plan import check_not_negative, check_parent
from core.audit import record
from core.errors import Invalid, require
from core.swap import swap

WRONG_CAMPAIGN = _("This belongs to another campaign.")


def check_campaign(campaign, **things):
    """Invalid unless each thing (goal, phase, parent …) belongs to the campaign; None is fine."""
    for field, thing in things.items():
        if thing is not None and thing.campaign_id != campaign.pk:
            raise Invalid(WRONG_CAMPAIGN, code="other_campaign", errors={field: WRONG_CAMPAIGN})


def _parents(campaign):
    return dict(Goal.objects.active().of(campaign).values_list("pk", "parent_id"))


@transaction.atomic
def create_goal(actor, *, campaign, title, parent=None, owner=None, roll_up=RollUp.MEAN, weight=1, position=None):
    """Add a goal at the end of its parent's goals (or at `position`)."""
    require(can_plan(actor, campaign))
    check_campaign(campaign, parent=parent)
    check_not_negative(weight, "weight")
    if parent:
        check_parent(_parents(campaign), None, parent.pk)
    siblings = Goal.objects.active().of(campaign).filter(parent=parent)
    goal = Goal.objects.create(
        workspace=campaign.workspace,
        campaign=campaign,
        parent=parent,
        title=title,
        owner=owner,
        roll_up=roll_up,
        weight=weight,
        position=siblings.count() if position is None else position,
    )
    record(actor, "campaigns.goal_created", goal)
    return goal


@transaction.atomic
def update_goal(actor, *, goal, seen=None, **changes):
    """Change a goal's title, owner, roll-up or weight."""
    require(can_plan(actor, goal))
    check_not_negative(changes.get("weight"), "weight")
    diff = swap(goal, seen=seen, **changes)
    record(actor, "campaigns.goal_changed", goal, changes=diff)
    return goal


@transaction.atomic
def move_goal(actor, *, goal, parent, position=None, seen=None):
    """Put a goal below another one (None: to the top) and at a place among its goals (None: the end)."""
    require(can_plan(actor, goal))
    check_campaign(goal.campaign, parent=parent)
    check_parent(_parents(goal.campaign), goal.pk, parent.pk if parent else None)
    siblings = list(Goal.objects.active().of(goal.campaign).filter(parent=parent).exclude(pk=goal.pk))
    place = len(siblings) if position is None else max(0, min(position, len(siblings)))
    diff = swap(goal, seen=seen, parent=parent, position=place)
    for number, sibling in enumerate([*siblings[:place], None, *siblings[place:]]):
        if sibling is not None:
            swap(sibling, position=number)
    record(actor, "campaigns.goal_moved", goal, changes=diff)
    return goal


@transaction.atomic
def archive_goal(actor, *, goal, seen=None):
    """Archive a goal; refused with the list of goals and KPIs below it."""
    require(can_plan(actor, goal))
    below = [*goal.children.active(), *goal.kpis.active()]
    refuse_if_attached(goal, [str(each) for each in below])
    refuse_if_attached(goal)
    return archive(actor, goal, "goal_archived", seen=seen)


@transaction.atomic
def restore_goal(actor, *, goal, seen=None):
    """Take a goal out of the archive; below an archived goal it comes back at the top."""
    require(can_plan(actor, goal))
    if goal.parent and goal.parent.archived_at:
        swap(goal, seen=seen, parent=None)
        seen = None
    return restore(actor, goal, "goal_restored", seen=seen)
