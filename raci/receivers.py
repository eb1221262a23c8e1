"""What the matrix answers when the floors below ask."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.choices import LineGroup, LineState
from campaigns.models import CampaignMember
from campaigns.rules.readiness import Line
from campaigns.signals import readiness_asked
from raci.choices import LetterKind
from raci.models import Letter, findings_of, matrix_of
from raci.rules.lint import BLOCK
from tasks.signals import accountable_asked


@receiver(accountable_asked)
def name_accountable(sender, problem, **kwargs):
    """Whoever holds the A of the task that a problem stands in the way of: persons, and members of a function."""
    letters = Letter.objects.filter(
        campaign_id=problem.campaign_id, letter=LetterKind.ACCOUNTABLE, row__task_id=problem.subject_id
    )
    holders = [letter.holder for letter in letters.select_related("holder__user")]
    functions = [holder.function for holder in holders if holder.function]
    members = CampaignMember.objects.filter(campaign_id=problem.campaign_id, function__in=functions)
    people = [holder.user for holder in holders if holder.user is not None]
    return [*people, *(member.user for member in members.select_related("user"))]


@receiver(readiness_asked)
def state_of_matrix(sender, actor, campaign, **kwargs):
    """Every row has its R and exactly one A who may approve."""
    matrix = matrix_of(actor, campaign)
    blocks = [one for one in findings_of(actor, campaign, matrix) if one.severity == BLOCK]
    if not any(row.has_letters for row in matrix.rows):
        detail = _("The responsibility matrix has no rows yet.")
    elif blocks:
        text = ngettext(
            "%(count)s gap or overlap stands in the matrix.",
            "%(count)s gaps or overlaps stand in the matrix.",
            len(blocks),
        )
        detail = text % {"count": len(blocks)}
    else:
        detail = ""
    line = Line(
        code="raci_clean",
        label=_("Responsibility matrix (RACI)"),
        state=LineState.BLOCK if detail else LineState.OK,
        detail=detail or _("Every row has its R and exactly one A."),
        url=reverse("raci:matrix", args=[actor.workspace.slug, campaign.code]),
        count=len(blocks) or None,
        group=LineGroup.PEOPLE,
    )
    return [line]
