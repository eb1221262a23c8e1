"""What assets hears and answers: a workspace was made, working days changed, is the material ready."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.signals import person_deactivated, working_days_changed, workspace_created
from assets import actions
from assets.choices import Stage
from assets.models import Asset
from campaigns.choices import LineGroup, LineState
from campaigns.rules.readiness import Line
from campaigns.signals import readiness_asked, readiness_counts_asked


@receiver(workspace_created)
def give_standards(sender, actor, workspace, **kwargs):
    """A new workspace knows the usual output standards and review routes."""
    actions.load_standards(actor, workspace=workspace)
    actions.load_routes(actor, workspace=workspace)


@receiver(person_deactivated)
def close_their_links(sender, actor, user, **kwargs):
    """Addresses that somebody gave to guests end with their access."""
    actions.close_links_of(actor, user=user)


@receiver(working_days_changed)
def count_anew(sender, workspace_id, user_id=None, **kwargs):
    """Days that follow from a flight move with the calendars; absences of a person move none."""
    if user_id is None:
        rows = Asset.objects.filter(workspace_id=workspace_id).at_work().exclude(lead_days=None)
        actions.reschedule(rows.exclude(flight_date=None))


@receiver(readiness_counts_asked)
def count_material(sender, campaign, **kwargs):
    """Assets that are needed for the launch and not approved."""
    rows = Asset.objects.of(campaign).at_work().filter(is_required=True)
    return {"assets_left": rows.exclude(stage__in=(Stage.APPROVED, Stage.IN_USE))}


@receiver(readiness_asked)
def state_of_material(sender, actor, campaign, counts, **kwargs):
    """Every asset that is needed for the launch is approved."""
    left = counts["assets_left"]
    text = ngettext("%(count)d asset is not approved yet.", "%(count)d assets are not approved yet.", left)
    line = Line(
        code="assets_approved",
        label=_("Assets needed for the launch are approved"),
        state=LineState.BLOCK if left else LineState.OK,
        detail=text % {"count": left} if left else _("All that is needed is approved."),
        url=reverse("assets:list", args=[actor.workspace.slug, campaign.code]),
        count=left or None,
        group=LineGroup.ASSETS,
    )
    return [line]
