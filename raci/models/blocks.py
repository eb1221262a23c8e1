"""What blocks a launch, as questions: the readiness board counts the findings instead of reading the whole matrix.

`raci.rules.lint` is the law and names them one by one; a test holds both together.
"""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership
from campaigns.models import CampaignFunction, CampaignMember
from raci.choices import HolderKind, LetterKind
from raci.models.tables import Letter, RaciRow


def rows_of(actor, campaign):
    """The rows that carry letters."""
    return RaciRow.objects.visible_to(actor).of(campaign).shown().exclude(kind="section")


def blocks_of(actor, campaign):
    """{code of a finding that blocks: the rows or letters it is found at}."""
    rows = rows_of(actor, campaign)
    answering = Letter.objects.of(campaign).filter(letter=LetterKind.ACCOUNTABLE)
    responsible = Letter.objects.of(campaign).filter(letter=LetterKind.RESPONSIBLE)
    at_row = answering.filter(row=OuterRef("pk"))
    another = answering.filter(row=OuterRef("row")).exclude(holder=OuterRef("holder"))
    right = answering.filter(_who_may_approve(actor, campaign))
    return {
        "no_r": rows.exclude(Exists(responsible.filter(row=OuterRef("pk")))),
        "no_a": rows.exclude(Exists(at_row)),
        "two_a": rows.filter(Exists(at_row.filter(Exists(another)))),
        "a_without_right": answering.filter(row__in=rows).exclude(pk__in=right.values("pk")),
    }


def _who_may_approve(actor, campaign):
    """The condition under which somebody behind a letter's column has the right to approve."""
    approvers = Membership.objects.visible_to(actor).exclude(role="viewer").filter(user__is_active=True)
    members = CampaignMember.objects.visible_to(actor).of(campaign).filter(user__in=approvers.values("user"))
    taking_part = members.exclude(organization=None).values("organization")
    employing = approvers.exclude(organization=None).values("organization")
    held = CampaignFunction.objects.visible_to(actor).of(campaign)
    held = held.filter(Q(organization__in=employing) | Q(organization__in=taking_part))
    return (
        Q(holder__kind=HolderKind.PERSON, holder__user__in=approvers.values("user"))
        | Q(holder__kind=HolderKind.FUNCTION, holder__function__in=members.values("function"))
        | Q(holder__kind=HolderKind.FUNCTION, holder__function__in=held.values("function"))
        | Q(holder__kind=HolderKind.ORGANIZATION, holder__organization__in=employing)
        | Q(holder__kind=HolderKind.ORGANIZATION, holder__organization__in=taking_part)
    )
