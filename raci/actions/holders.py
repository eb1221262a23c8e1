"""Acts on the columns of the matrix: functions, persons and organisations."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once
from campaigns.choices import Function
from campaigns.models import CampaignFunction, CampaignMember
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import erase
from raci.actions.rows import next_position, place
from raci.choices import HolderKind
from raci.models import RaciHolder, cells_of
from raci.permissions import can_assign

MOST_HOLDERS = 100


def _named(kind, function, user, organization):
    """The one thing a column is, by its kind."""
    given = {HolderKind.FUNCTION: function, HolderKind.PERSON: user, HolderKind.ORGANIZATION: organization}
    if not given[kind] or sum(map(bool, given.values())) != 1:
        sentence = _("Name one function, person or organisation.")
        raise Invalid(sentence, code="holder", errors={"kind": sentence})


def make_holder(campaign, *, kind, function="", user=None, organization=None):
    """A column behind the last one, within an act."""
    _named(kind, function, user, organization)
    if RaciHolder.objects.of(campaign).count() >= MOST_HOLDERS:
        raise RuleBroken(
            _("A matrix has at most %(count)d columns.") % {"count": MOST_HOLDERS}, code="too_many_holders"
        )
    with once("kind", _("This column is there already.")):
        return RaciHolder.objects.create(
            workspace_id=campaign.workspace_id,
            campaign=campaign,
            kind=kind,
            function=function,
            user=user,
            organization=organization,
            position=next_position(RaciHolder, campaign),
        )


@transaction.atomic
def add_holder(actor, *, campaign, kind, function="", user=None, organization=None):
    """Add a column: a function, a person or an organisation."""
    require(can_assign(actor, campaign))
    holder = make_holder(campaign, kind=kind, function=function, user=user, organization=organization)
    record(actor, "raci.holder_added", holder, inverse={"remove_holders": [str(holder.pk)]})
    return holder


@transaction.atomic
def add_team(actor, *, campaign, kind):
    """Add a column for every function, person or organisation of the team that has none yet; answers the new ones."""
    require(can_assign(actor, campaign))
    known = set(RaciHolder.objects.of(campaign).values_list("function", "user_id", "organization_id"))
    wanted = [one for one in _team(campaign, kind) if _key(one) not in known]
    made = [make_holder(campaign, kind=kind, **one) for one in wanted]
    if made:
        inverse = {"remove_holders": [str(one.pk) for one in made]}
        record(actor, "raci.holders_added", campaign, changes={"columns": [None, len(made)]}, inverse=inverse)
    return made


def _key(one):
    user, organization = one.get("user"), one.get("organization")
    return one.get("function", ""), getattr(user, "pk", None), getattr(organization, "pk", None)


def _team(campaign, kind):
    members = CampaignMember.objects.of(campaign).select_related("user", "organization").order_by("user__name")
    described = CampaignFunction.objects.of(campaign).select_related("organization")
    if kind == HolderKind.PERSON:
        return [{"user": user} for user in dict.fromkeys(one.user for one in members)]
    if kind == HolderKind.ORGANIZATION:
        found = [one.organization for one in (*described, *members) if one.organization_id]
        return [{"organization": one} for one in dict.fromkeys(found)]
    held = {one.function for one in (*described, *members)}
    return [{"function": value} for value in Function.values if value in held]


def as_inverse(holder):
    """A column as undo puts it back."""
    return {
        name: getattr(holder, name) for name in ("id", "kind", "function", "user_id", "organization_id", "position")
    }


@transaction.atomic
def remove_holder(actor, *, holder, seen=None):
    """Take a column with its letters off the matrix. Can be undone."""
    require(can_assign(actor, holder))
    found = cells_of(holder.campaign, holder=holder).items()
    cells = [[str(row), str(holder.pk), text, ""] for (row, _holder), text in found]
    activity = record(actor, "raci.holder_removed", holder, inverse={"holders": [as_inverse(holder)], "cells": cells})
    erase(holder, seen=seen)
    return activity


@transaction.atomic
def reorder_holders(actor, *, campaign, holders):
    """Put columns into the order given; those not named follow."""
    require(can_assign(actor, campaign))
    if place(RaciHolder, campaign, [one.pk for one in holders if one.campaign_id == campaign.pk]):
        record(actor, "raci.holders_reordered", campaign)
    return holders
