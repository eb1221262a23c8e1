"""What risks does when a workspace is made, and what it answers when the floors below ask."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from accounts.signals import workspace_created
from campaigns.choices import LineGroup, LineState
from campaigns.rules.readiness import Line
from campaigns.signals import readiness_asked, readiness_counts_asked
from risks.actions import load_playbooks
from risks.choices import RiskClass
from risks.models import Playbook, Risk
from risks.rules.register import MANDATORY


@receiver(workspace_created)
def give_playbooks(sender, actor, workspace, **kwargs):
    """A new workspace has the default playbooks on its shelf."""
    with scope(workspace=workspace.pk):
        load_playbooks(workspace=workspace)


@receiver(readiness_counts_asked)
def count_risk(sender, actor, campaign, **kwargs):
    """Playbooks of each mandatory class, and red risks without a response."""
    playbooks = Playbook.objects.visible_to(actor).for_campaign(campaign)
    covering = {f"playbooks_{one}": playbooks.filter(risk_class=one) for one in MANDATORY}
    return covering | {"red_risks": Risk.objects.visible_to(actor).of(campaign).unhandled_red()}


@receiver(readiness_asked)
def state_of_risk(sender, actor, campaign, counts, **kwargs):
    """Each mandatory class has a playbook; a risk as red as can be has a response."""
    place = [actor.workspace.slug, campaign.code]
    missing = [RiskClass(one).label for one in MANDATORY if not counts[f"playbooks_{one}"]]
    red = counts["red_risks"]
    text = ngettext("%(count)s red risk has no response.", "%(count)s red risks have no response.", red)
    return [
        Line(
            code="playbooks_cover",
            label=_("Playbooks for the mandatory classes of risk"),
            state=LineState.BLOCK if missing else LineState.OK,
            detail=_("No playbook for: %(classes)s.") % {"classes": ", ".join(map(str, missing))}
            if missing
            else _("Public opinion, channel policy, technical failure and budget have a playbook."),
            url=reverse("risks:campaign-playbooks", args=place),
            count=len(missing) or None,
            group=LineGroup.RISKS,
        ),
        Line(
            code="red_risks_answered",
            label=_("Red risks"),
            state=LineState.WARN if red else LineState.OK,
            detail=text % {"count": red} if red else _("Every red risk has a response."),
            url=reverse("risks:list", args=place) + ("?heat=5" if red else ""),
            count=red or None,
            group=LineGroup.RISKS,
        ),
    ]
