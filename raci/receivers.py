"""What the matrix answers when the floors below ask."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.choices import LineGroup, LineState
from campaigns.models import CampaignMember
from campaigns.rules.readiness import Line
from campaigns.signals import readiness_asked, readiness_counts_asked
from raci.choices import LetterKind
from raci.models import Letter, blocks_of, rows_of
from raci.rules.lint import BLOCKING
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


@receiver(readiness_counts_asked)
def count_matrix(sender, actor, campaign, **kwargs):
    """Rows that carry letters, and what the matrix lacks."""
    return {"raci_rows": rows_of(actor, campaign)} | blocks_of(actor, campaign)


@receiver(readiness_asked)
def state_of_matrix(sender, actor, campaign, counts, **kwargs):
    """Every row has its R and exactly one A who may approve."""
    blocks = sum(counts[code] for code in BLOCKING)
    if not counts["raci_rows"]:
        detail = _("The responsibility matrix has no rows yet.")
    elif blocks:
        text = ngettext(
            "%(count)s gap or overlap stands in the matrix.",
            "%(count)s gaps or overlaps stand in the matrix.",
            blocks,
        )
        detail = text % {"count": blocks}
    else:
        detail = ""
    line = Line(
        code="raci_clean",
        label=_("Responsibility matrix (RACI)"),
        state=LineState.BLOCK if detail else LineState.OK,
        detail=detail or _("Every row has its R and exactly one A."),
        url=reverse("raci:matrix", args=[actor.workspace.slug, campaign.code]),
        count=blocks or None,
        group=LineGroup.PEOPLE,
    )
    return [line]
