"""The pages of placements, and what they share: the campaign of the address, the filters, the tabs."""

from datetime import date

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Channel, Phase
from campaigns.views import find_campaign as campaign_of
from campaigns.views import menu, where
from placements.choices import PlacementState
from placements.models import Placement
from placements.permissions import can_place

VIEWS = (
    ("list", gettext_lazy("List")),
    ("board", gettext_lazy("Board")),
    ("timeline", gettext_lazy("Timeline")),
    ("grid", gettext_lazy("Day grid")),
)
ORDERS = {
    "rank": "rank",
    "code": "code",
    "name": "name",
    "channel": "channel__position",
    "platform": "platform",
    "start": "first_day",
    "buying": "buying_model",
    "net": "net_price",
    "budget": "budget_amount",
    "planned": "planned_amount",
    "state": "state",
    "owner": "owner__name",
}
FILTERS = ("channel", "state", "phase", "owner", "archived")


def placement_of(request, code, pk):
    """A placement of the campaign of the address, archived ones too, or 404."""
    rows = Placement.objects.visible_to(request.actor).listed()
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def day_of(text):
    """A day of the query string, or None."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def filtered(request, campaign):
    """The campaign's placements as the query string filters and orders them."""
    asked = request.GET
    rows = Placement.objects.visible_to(request.actor).of(campaign).found_by(asked.get("q", "")[:200])
    rows = rows.filter(archived_at__isnull=asked.get("archived") != "1")
    for name, lookup in (("channel", "channel__code"), ("state", "state"), ("phase", "phase"), ("owner", "owner")):
        rows = where(rows, lookup, asked.get(name, ""))
    order = asked.get("o", "")
    field = ORDERS.get(order.removeprefix("-"), "rank")
    rows = rows.select_related("channel", "owner").with_span()
    return rows.order_by(f"-{field}" if order.startswith("-") else field, "rank", "pk")


def at_home(campaign, rows):
    """The rows, which know their campaign: it is at hand, and joining it to each row is dear."""
    for row in rows:
        row.campaign, row.workspace = campaign, campaign.workspace
    return rows


def frame(request, campaign, view, **context):
    """What every view of the schedule shows: tabs that keep the filters, filter menus, what the actor may do."""
    kept = request.GET.copy()
    for name in ("page", "export", "from", "to", "scale", "measure"):
        kept.pop(name, None)
    query = f"?{kept.urlencode()}" if kept else ""
    slug = campaign.workspace.slug
    tabs = [
        {
            "label": label,
            "url": reverse(f"placements:{name}", args=[slug, campaign.code]) + query,
            "active": name == view,
        }
        for name, label in VIEWS
    ]
    return {
        "campaign": campaign,
        "slug": slug,
        "view": view,
        "tabs": tabs,
        "filters": filters(request, campaign),
        "may_plan": can_place(request.actor, campaign),
        "is_filtered": any(request.GET.get(name) for name in ("q", *FILTERS)),
        **context,
    }


def filters(request, campaign):
    """The filter menus of the toolbar, each with the choices this campaign has."""
    rows = Placement.objects.visible_to(request.actor).of(campaign)
    channels = Channel.objects.visible_to(request.actor).filter(placements__in=rows).distinct()
    people = rows.filter(owner__isnull=False).order_by("owner__name").values_list("owner_id", "owner__name").distinct()
    phases = Phase.objects.visible_to(request.actor).of(campaign)
    return [
        menu(request, "channel", _("Channel"), [(channel.code, channel.label) for channel in channels]),
        menu(request, "state", _("State"), PlacementState.choices),
        menu(request, "phase", _("Phase"), [(str(phase.pk), phase.name) for phase in phases]),
        menu(request, "owner", _("Owner"), [(str(pk), name) for pk, name in people]),
        menu(request, "archived", _("Archive"), [("1", _("Archived only"))], _("Without archived")),
    ]
