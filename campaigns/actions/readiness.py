"""The readiness of a campaign: the lines of its board, its own and those of the floors above."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import signals
from campaigns.choices import LineState
from campaigns.models import Brief, Campaign, Kpi
from campaigns.rules.goals import lint
from campaigns.rules.readiness import Line, in_order


def lines_of(actor, campaign, *, today):
    """All lines of a campaign's board as they stand on a day (the campaign's own day), in the board's order."""
    answers = signals.readiness_asked.send(sender=Campaign, actor=actor, campaign=campaign, today=today)
    return in_order([*plan_lines(campaign), *(line for _receiver, lines in answers for line in lines or ())])


def plan_lines(campaign):
    """The brief and the KPIs."""
    place = [campaign.workspace.slug, campaign.code]
    return [
        Line(
            code="brief_written",
            label=_("Brief"),
            **_either(has_brief(campaign), _("The brief is written."), _("Write the brief first.")),
            url=reverse("campaigns:brief", args=place),
        ),
        Line(
            code="kpi_measurable",
            label=_("KPIs"),
            **_either(
                has_measurable_kpi(campaign),
                _("At least one KPI can be measured."),
                _("At least one KPI must be complete."),
            ),
            url=reverse("campaigns:goals", args=place),
        ),
    ]


def _either(is_met, fine, broken):
    return {"state": LineState.OK if is_met else LineState.BLOCK, "detail": fine if is_met else broken}


def has_brief(campaign):
    return Brief.objects.filter(campaign=campaign, current_number__gt=0).exists()


def has_measurable_kpi(campaign):
    return any(not lint(leaf) for _goal, leaf in Kpi.objects.active().of(campaign).leaves(campaign))
