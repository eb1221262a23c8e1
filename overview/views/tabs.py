"""The views of a campaign as a whole, as tabs."""

from django.utils.translation import gettext as _

from overview.views.links import url


def campaign_tabs(request, campaign):
    """Overview, activity and brief; the one at hand is marked."""
    at = [request.actor.workspace.slug, campaign.code]
    pages = [
        (_("Overview"), url("overview:cockpit", *at)),
        (_("Activity"), url("overview:campaign-activity", *at)),
        (_("Brief"), url("campaigns:brief", *at)),
    ]
    return [{"label": label, "url": to, "active": to == request.path} for label, to in pages if to]
