"""What campaigns does when a workspace is made, and what it says of a campaign's readiness."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.signals import campaigns_asked, workspace_created
from campaigns.actions import load_vocabulary
from campaigns.choices import LineGroup, LineState
from campaigns.models import BudgetLine, Campaign
from campaigns.rules.readiness import Line
from campaigns.signals import readiness_asked


@receiver(workspace_created)
def give_vocabulary(sender, actor, workspace, **kwargs):
    """A new workspace knows the standard metrics, channels and markets."""
    load_vocabulary(actor, workspace=workspace)


@receiver(campaigns_asked)
def name_campaigns(sender, actor, **kwargs):
    """The campaigns an API key may be limited to."""
    found = Campaign.objects.visible_to(actor).filter(archived_at=None).order_by("-start_date")
    return [(campaign.pk, f"{campaign.name} ({campaign.code})") for campaign in found]


@receiver(readiness_asked)
def state_of_budget(sender, actor, campaign, **kwargs):
    """There is a budget, and it is locked."""
    rows = BudgetLine.objects.visible_to(actor).of(campaign).active()
    open_lines = [row for row in rows if row.locked_at is None]
    if not rows:
        detail = _("There is no budget line yet.")
    elif open_lines:
        text = ngettext("%(n)d line is not locked yet.", "%(n)d lines are not locked yet.", len(open_lines))
        detail = text % {"n": len(open_lines)}
    else:
        detail = ""
    line = Line(
        code="budget_locked",
        label=_("Budget"),
        state=LineState.BLOCK if detail else LineState.OK,
        detail=detail or _("Every line is locked."),
        url=reverse("campaigns:budget", args=[campaign.workspace.slug, campaign.code]),
        count=len(open_lines) or None,
        group=LineGroup.BUDGET,
    )
    return [line]
