"""What the matrix answers when the floors below ask."""

from django.dispatch import receiver

from campaigns.models import CampaignMember
from raci.choices import LetterKind
from raci.models import Letter
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
