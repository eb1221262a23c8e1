"""The ledger: the one place that writes movements, and the balances they change in the same transaction."""

from django.db import transaction

from campaigns.actions.writing import today_of
from campaigns.models import BudgetLine, BudgetMovement
from campaigns.rules.budget import BALANCES, WAYS, check_amount, check_balances, effects
from core.locks import locked
from core.swap import swap


def person_of(actor):
    """Who answers for what is done: behind an API key the person who made it, so that a key is no second person."""
    return actor.key.made_by if actor.key else actor.user


def hold(*lines):
    """The lines as they are now, locked until the transaction ends; always in one order, so that no two wait for each
    other."""
    keys = [line.pk for line in lines if line is not None]
    fresh = {row.pk: row for row in locked(BudgetLine.objects.filter(pk__in=keys).order_by("pk"))}
    return [line and fresh[line.pk] for line in lines]


@transaction.atomic
def post(actor, *, kind, amount, reason, from_line=None, to_line=None, approved_by=None, request=None, commitment=None):
    """Write one movement and what it changes on its lines; RuleBroken when a balance would not allow it.

    The caller has asked for the permission. Sum of commitments <= approved holds three times: by this lock and check,
    by the compare-and-swap of the row, and by the database's own constraint.
    """
    source, goal = hold(from_line, to_line)
    line = source or goal
    check_amount(amount, line.currency)
    (of_source, of_goal) = WAYS[kind]
    ends = ((source and source.pk, of_source), (goal and goal.pk, of_goal))
    for key, changes in effects(amount, ends).items():
        if key is not None:
            _write(source if source is not None and source.pk == key else goal, changes, approved_by)
    return BudgetMovement.objects.create(
        workspace_id=line.workspace_id,
        campaign_id=line.campaign_id,
        kind=kind,
        date=today_of(line.campaign),
        amount=amount,
        currency=line.currency,
        from_line=source,
        from_account=of_source,
        to_line=goal,
        to_account=of_goal,
        reason=reason,
        made_by=person_of(actor),
        approved_by=approved_by or line.approved_by,
        request=request,
        commitment=commitment,
    )


def _write(line, changes, approved_by):
    after = {name: getattr(line, name) + changes.get(name, 0) for name in BALANCES}
    check_balances(line.name, tuple(after.values()), line.currency)
    swap(line, **after, **({"approved_by": approved_by} if approved_by else {}))
