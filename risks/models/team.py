"""Who of a campaign does what in an incident: its members, their letters, and who is away today."""

from collections import Counter, defaultdict

from accounts.models import Absence
from campaigns.models import CampaignMember, Delegation
from raci.models import Letter
from risks.rules.incidents import Team


def team_of(campaign, today):
    """The Team of a campaign on a day: four questions."""
    members, users = defaultdict(list), {}
    rows = CampaignMember.objects.of(campaign).filter(user__is_active=True).order_by("user__name", "pk")
    for key, user, function in rows.values_list("pk", "user_id", "function"):
        members[function].append(user)
        users[key] = user
    letters = defaultdict(Counter)
    held = Letter.objects.of(campaign).exclude(letter="C").exclude(holder__user__is_active=False)
    for user, function, letter in held.values_list("holder__user_id", "holder__function", "letter"):
        for one in [user] if user else members.get(function, ()):
            letters[one][letter] += 1
    away = Absence.objects.filter(workspace_id=campaign.workspace_id).between(today, today)
    stand_ins = Delegation.objects.of(campaign).on(today).filter(delegate__is_active=True)
    return Team(
        members=dict(members),
        letters=dict(letters),
        stand_ins={users[key]: user for key, user in stand_ins.values_list("member_id", "delegate_id") if key in users},
        away=frozenset(away.values_list("user_id", flat=True)),
        owner=campaign.owner_id,
    )
