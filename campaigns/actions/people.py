"""Acts on the people of a campaign: members, functions with their duties, delegates, contact points."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once, refuse_if_attached
from campaigns.models import CampaignFunction, CampaignMember, ContactPoint, Delegation
from campaigns.permissions import can_plan
from campaigns.rules.people import check_contact, check_delegation
from core.audit import record
from core.errors import require
from core.locks import locked
from core.swap import erase, swap


@transaction.atomic
def add_member(actor, *, campaign, user, function, organization=None):
    """Give a person a function in a campaign; one person may have several."""
    require(can_plan(actor, campaign))
    with once("function", _("This person has this function already.")):
        member = CampaignMember.objects.create(
            workspace=campaign.workspace, campaign=campaign, user=user, function=function, organization=organization
        )
    record(actor, "campaigns.member_added", member)
    return member


@transaction.atomic
def remove_member(actor, *, member, seen=None):
    """Take a function in a campaign away from a person."""
    require(can_plan(actor, member))
    record(actor, "campaigns.member_removed", member)
    erase(member, seen=seen)


def _described():
    return once("function", _("This function is described already."))


@transaction.atomic
def add_function(actor, *, campaign, function, duties="", boundary="", organization=None, position=0):
    """Say what a function of a campaign does, where that ends, and which organisation holds it, if one does."""
    require(can_plan(actor, campaign))
    with _described():
        row = CampaignFunction.objects.create(
            workspace=campaign.workspace,
            campaign=campaign,
            function=function,
            duties=duties,
            boundary=boundary,
            organization=organization,
            position=position,
        )
    record(actor, "campaigns.function_added", row)
    return row


@transaction.atomic
def update_function(actor, *, function, seen=None, **changes):
    """Change a function's duties, boundary or organisation."""
    require(can_plan(actor, function))
    diff = swap(function, seen=seen, **changes)
    record(actor, "campaigns.function_changed", function, changes=diff)
    return function


@transaction.atomic
def remove_function(actor, *, function, seen=None):
    """Take a function off the campaign; refused while persons hold it."""
    require(can_plan(actor, function))
    holders = CampaignMember.objects.of(function.campaign).filter(function=function.function).select_related("user")
    refuse_if_attached(function, [member.user.name for member in holders])
    record(actor, "campaigns.function_removed", function)
    erase(function, seen=seen)


def _other_days(member, but=None):
    """(first, last) of the member's delegations, except one; the member is locked, so that two acts see each other."""
    locked(CampaignMember.objects.filter(pk=member.pk)).get()
    rows = Delegation.objects.filter(member=member).exclude(pk=but)
    return list(rows.values_list("start_date", "finish_date"))


@transaction.atomic
def add_delegation(actor, *, member, delegate, start_date, finish_date, note=""):
    """Let somebody stand in for a member on some days, both included."""
    require(can_plan(actor, member))
    others = _other_days(member)
    check_delegation(member=member.user_id, delegate=delegate.pk, start=start_date, finish=finish_date, others=others)
    row = Delegation.objects.create(
        workspace=member.workspace,
        campaign=member.campaign,
        member=member,
        delegate=delegate,
        start_date=start_date,
        finish_date=finish_date,
        note=note,
    )
    record(actor, "campaigns.delegation_added", row)
    return row


@transaction.atomic
def update_delegation(actor, *, delegation, seen=None, **changes):
    """Change who stands in, or on which days."""
    require(can_plan(actor, delegation))
    now = {name: changes.get(name, getattr(delegation, name)) for name in ("delegate", "start_date", "finish_date")}
    check_delegation(
        member=delegation.member.user_id,
        delegate=now["delegate"].pk,
        start=now["start_date"],
        finish=now["finish_date"],
        others=_other_days(delegation.member, but=delegation.pk),
    )
    diff = swap(delegation, seen=seen, **changes)
    record(actor, "campaigns.delegation_changed", delegation, changes=diff)
    return delegation


@transaction.atomic
def remove_delegation(actor, *, delegation, seen=None):
    """End a delegation before its time, or take back one that was planned."""
    require(can_plan(actor, delegation))
    record(actor, "campaigns.delegation_removed", delegation)
    erase(delegation, seen=seen)


def _topic():
    return once("topic", _("This topic has a contact point already."))


@transaction.atomic
def add_contact_point(actor, *, campaign, topic, user, deputy=None, reach="", reply_hours=None, position=0):
    """Name whom to ask about a topic, who stands in, and how soon an answer comes."""
    require(can_plan(actor, campaign))
    check_contact(user=user, deputy=deputy, reply_hours=reply_hours)
    with _topic():
        row = ContactPoint.objects.create(
            workspace=campaign.workspace,
            campaign=campaign,
            topic=topic,
            user=user,
            deputy=deputy,
            reach=reach,
            reply_hours=reply_hours,
            position=position,
        )
    record(actor, "campaigns.contact_added", row)
    return row


@transaction.atomic
def update_contact_point(actor, *, contact_point, seen=None, **changes):
    """Change a contact point."""
    require(can_plan(actor, contact_point))
    names = ("user", "deputy", "reply_hours")
    check_contact(**{name: changes.get(name, getattr(contact_point, name)) for name in names})
    with _topic():
        diff = swap(contact_point, seen=seen, **changes)
    record(actor, "campaigns.contact_changed", contact_point, changes=diff)
    return contact_point


@transaction.atomic
def remove_contact_point(actor, *, contact_point, seen=None):
    """Take a contact point off the list."""
    require(can_plan(actor, contact_point))
    record(actor, "campaigns.contact_removed", contact_point)
    erase(contact_point, seen=seen)
