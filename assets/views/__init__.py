"""The pages of assets, and what they share: campaign and asset of the address, filters, tabs."""

from django.db.models import F, Q
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Organization, User
from assets.actions.stages import today_of
from assets.choices import AssetKind, Stage
from assets.models import Asset, AssetVersion, Rendition, Right
from assets.permissions import can_make
from assets.rules.schedule import OWED
from assets.rules.stages import OPEN
from campaigns.views import menu, where

VIEWS = (
    ("list", gettext_lazy("List")),
    ("board", gettext_lazy("Board")),
    ("schedule", gettext_lazy("Material schedule")),
)
ICONS = {"copy": "file-text", "image": "photo", "video": "video", "h5": "world", "edm": "mail", "document": "file"}
FILTERS = ("stage", "kind", "maker", "organization", "due", "archived")
ORDERS = {
    "position": "position",
    "code": "code",
    "title": "title",
    "kind": "kind",
    "stage": "stage",
    "submit": "submit_by",
    "maker": "maker__name",
    "organization": "organization__name",
    "standard": "standard__name",
    "version": "current_number",
}


def asset_of(request, code, pk):
    """An asset of the campaign of the address, archived ones too, or 404."""
    rows = Asset.objects.visible_to(request.actor).listed()
    asset = get_object_or_404(rows, pk=pk, campaign__code=code)
    request.campaign = asset.campaign
    return asset


def filtered(request, campaign):
    """The campaign's assets as the query string filters and orders them."""
    asked = request.GET
    rows = Asset.objects.visible_to(request.actor).of(campaign).listed().found_by(asked.get("q", "")[:200])
    rows = rows.filter(archived_at__isnull=asked.get("archived") != "1")
    for name in ("stage", "kind", "maker", "organization"):
        rows = where(rows, name, asked.get(name, ""))
    rows = due(rows, asked.get("due", ""), today_of(campaign))
    order = asked.get("o", "")
    field = ORDERS.get(order.removeprefix("-"), "position")
    by = F(field).desc(nulls_last=True) if order.startswith("-") else F(field).asc(nulls_last=True)
    return rows.order_by(by, "position", "pk")


def due(rows, asked, today):
    """Assets that are overdue, owed, or have no day at all."""
    if asked == "overdue":
        return rows.filter(stage__in=OWED, submit_by__lt=today)
    if asked == "owed":
        return rows.filter(stage__in=OWED)
    return rows.filter(stage__in=OWED, submit_by=None) if asked == "none" else rows


def frame(request, campaign, view, **context):
    """What every view of assets shows: tabs that keep the filters, filter menus, what the actor may do."""
    kept = request.GET.copy()
    for name in ("page", "export"):
        kept.pop(name, None)
    query = f"?{kept.urlencode()}" if kept else ""
    slug = campaign.workspace.slug
    tabs = [
        {"label": label, "url": address + query, "active": name == view}
        for name, label in VIEWS
        if (address := url_of(f"assets:{name}", slug, campaign.code))
    ]
    return {
        "campaign": campaign,
        "slug": slug,
        "view": view,
        "tabs": tabs,
        "filters": filters(request, campaign),
        "may_plan": bool(can_make(request.actor, campaign)),
        "today": today_of(campaign),
        "is_filtered": any(request.GET.get(name) for name in ("q", *FILTERS)),
        **context,
    }


def url_of(name, *args):
    """The address of a page; "" where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def filters(request, campaign):
    """The filter menus of the toolbar, each with the choices this campaign has."""
    rows = Asset.objects.visible_to(request.actor).of(campaign).order_by()
    makers = User.objects.filter(pk__in=rows.values("maker")).order_by("name").values_list("pk", "name")
    partners = Organization.objects.visible_to(request.actor).filter(pk__in=rows.values("organization"))
    partners = partners.order_by("name").values_list("pk", "name")
    days = [("overdue", _("overdue")), ("owed", _("still to hand in")), ("none", _("without a day"))]
    return [
        menu(request, "stage", _("Stage"), Stage.choices),
        menu(request, "kind", _("Kind"), AssetKind.choices),
        menu(request, "maker", _("Maker"), [(str(pk), name) for pk, name in makers]),
        menu(request, "organization", _("Organisation"), [(str(pk), name) for pk, name in partners]),
        menu(request, "due", pgettext("assets", "Hand in"), days),
        menu(request, "archived", _("Archive"), [("1", _("Archived only"))], _("Without archived")),
    ]


def dressed(assets, today):
    """The assets with what rows and cards show beside them, read for all at once.

    `version` (the current one), `thumbnail` (its small picture), `blocks` and `warns` (its findings), `lapsed` (rights
    that do not hold today), `is_late`.
    """
    assets = list(assets)
    keys = [asset.pk for asset in assets]
    current = Q(asset__in=keys, number=F("asset__current_number"))
    versions = {one.asset_id: one for one in AssetVersion.objects.filter(current).defer("text", "measures")}
    small = Rendition.objects.filter(kind="thumbnail", version__in=[one.pk for one in versions.values()])
    pictures = dict(small.values_list("version_id", "pk"))
    broken = Q(finish_date__lt=today) | Q(start_date__gt=today)
    lapsed = set(Right.objects.filter(broken, asset__in=keys).order_by().values_list("asset_id", flat=True))
    for asset in assets:
        asset.icon = ICONS[asset.kind]
        asset.version = version = versions.get(asset.pk)
        asset.thumbnail = pictures.get(version.pk) if version else None
        found = version.findings if version else []
        asset.blocks = sum(one["severity"] == "block" for one in found)
        asset.warns = len(found) - asset.blocks
        asset.lapsed = asset.pk in lapsed
        asset.is_late = asset.stage in OPEN and asset.submit_by is not None and asset.submit_by < today
    return assets
