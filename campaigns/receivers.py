"""What campaigns does when a workspace is made, and what it says of a campaign's readiness."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.signals import campaigns_asked, workspace_created
from campaigns.actions import load_vocabulary
from campaigns.choices import LineGroup, LineState
from campaigns.models import Brief, BudgetLine, Campaign
from campaigns.rules.readiness import Line
from campaigns.signals import readiness_asked, readiness_counts_asked


@receiver(workspace_created)
def give_vocabulary(sender, actor, workspace, **kwargs):
    """A new workspace knows the standard metrics, channels and markets."""
    load_vocabulary(actor, workspace=workspace)


@receiver(campaigns_asked)
def name_campaigns(sender, actor, **kwargs):
    """The campaigns an API key may be limited to."""
    found = Campaign.objects.visible_to(actor).filter(archived_at=None).order_by("-start_date")
    return [(campaign.pk, f"{campaign.name} ({campaign.code})") for campaign in found]


@receiver(readiness_counts_asked)
def count_plan(sender, actor, campaign, **kwargs):
    """Briefs that are written, budget lines, and those of them that are not locked."""
    lines = BudgetLine.objects.visible_to(actor).of(campaign).active()
    briefs = Brief.objects.written().of(campaign)
    return {"briefs": briefs, "budget_lines": lines, "budget_open": lines.filter(locked_at=None)}


@receiver(readiness_asked)
def state_of_budget(sender, actor, campaign, counts, **kwargs):
    """There is a budget, and it is locked."""
    open_lines = counts["budget_open"]
    if not counts["budget_lines"]:
        detail = _("There is no budget line yet.")
    elif open_lines:
        text = ngettext("%(n)d line is not locked yet.", "%(n)d lines are not locked yet.", open_lines)
        detail = text % {"n": open_lines}
    else:
        detail = ""
    line = Line(
        code="budget_locked",
        label=_("Budget"),
        state=LineState.BLOCK if detail else LineState.OK,
        detail=detail or _("Every line is locked."),
        url=reverse("campaigns:budget", args=[campaign.workspace.slug, campaign.code]),
        count=open_lines or None,
        group=LineGroup.BUDGET,
    )
    return [line]
