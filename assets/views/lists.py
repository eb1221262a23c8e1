"""Assets as list, board and material schedule; bulk edit and export."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets import actions
from assets.choices import Stage
from assets.forms import BulkForm
from assets.models import Asset
from assets.rules import stages, standards
from assets.views import dressed, filtered, frame
from campaigns.views import find_campaign, ids_in
from core.errors import PharosError
from core.export import table_response

PAGE = 60
LANE = 20  # tickets of a lane of the board; the list has the others


def listing(request, slug, code):
    campaign = find_campaign(request, code)
    rows = filtered(request, campaign)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export(request.GET["export"], campaign, rows)
    context = frame(request, campaign, "list")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = dressed(page.object_list, context["today"])
    return render(request, "assets/list.html", {**context, "page": page})


def export(kind, campaign, rows):
    """The filtered list as a file, in its order: who owes what by when."""
    header = [_("Code"), _("Title"), _("Kind"), _("Stage"), _("Output standard"), _("Demands"), _("Hand in by")]
    header += [_("First flight day"), _("Maker"), _("Organisation"), _("Review route"), _("Version"), _("Phase")]
    header += [_("Channel"), _("Language"), _("Needed for the launch")]
    lines = (
        [
            *(row.code, row.title, row.get_kind_display(), row.get_stage_display(), row.standard),
            *(standards.said(row.standard.demands) if row.standard else "", row.submit_by, row.flight_date),
            *(row.maker, row.organization, row.route, row.current_number or None, row.phase),
            *(row.channel.label if row.channel else "", row.language, _("yes") if row.is_required else _("no")),
        ]
        for row in rows
    )
    return table_response(kind, f"{campaign.code} {_('material schedule')}", header, lines)


def board(request, slug, code):
    campaign = find_campaign(request, code)
    found = filtered(request, campaign)
    context = frame(request, campaign, "board")
    keys = {stage: [] for stage in Stage.values}
    for key, stage in found.order_by(F("submit_by").asc(nulls_last=True), "position", "pk").values_list("pk", "stage"):
        keys[stage].append(key)
    shown = [key for each in keys.values() for key in each[:LANE]]
    assets = {asset.pk: asset for asset in dressed(found.filter(pk__in=shown), context["today"])}
    for asset in assets.values():
        asset.moves = stages.open_to(asset.stage) if asset.archived_at is None else []
    lanes = [lane(stage, label, keys[stage], assets) for stage, label in Stage.choices]
    return render(request, "assets/board.html", {**context, "lanes": lanes, "has_rows": bool(shown)})


def lane(stage, label, keys, assets):
    return {
        "stage": stage,
        "label": capfirst(label),
        "count": len(keys),
        "rows": [assets[key] for key in keys[:LANE]],
        "left": max(len(keys) - LANE, 0),
    }


def schedule(request, slug, code):
    """Who owes what by when: by day, what has none last."""
    campaign = find_campaign(request, code)
    rows = filtered(request, campaign)
    if not request.GET.get("o"):
        rows = rows.order_by(F("submit_by").asc(nulls_last=True), "position", "pk")
    if request.GET.get("export") in ("csv", "xlsx"):
        return export(request.GET["export"], campaign, rows)
    context = frame(request, campaign, "schedule")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = dressed(page.object_list, context["today"])
    return render(request, "assets/schedule.html", {**context, "page": page})


def bulk(request, slug, code):
    """What the chosen assets may get; changing them, all or none: what was refused is said in words."""
    campaign = find_campaign(request, code)
    if request.method != "POST":
        form = BulkForm(actor=request.actor, campaign=campaign, auto_id="bulk_%s")
        return render(request, "assets/_bulk.html", {"bulk": form})
    form = BulkForm(request.POST, actor=request.actor, campaign=campaign)
    chosen = list(Asset.objects.visible_to(request.actor).of(campaign).filter(pk__in=ids_in(request, "asset")).listed())
    if not form.is_valid() or not form.changes() or not chosen:
        messages.error(request, _("Choose assets and what they get."))
        return back(request, campaign)
    try:
        actions.edit_assets(request.actor, campaign=campaign, assets=chosen, **form.changes())
    except PharosError as error:
        messages.error(request, str(error))
    else:
        done = ngettext("%(count)d asset changed.", "%(count)d assets changed.", len(chosen))
        messages.success(request, done % {"count": len(chosen)})
    return back(request, campaign)


def back(request, campaign):
    """The view the person came from, with its filters."""
    view = request.POST.get("from")
    view = view if view in ("list", "board", "schedule") else "list"
    query = request.POST.get("query", "")[:2000]
    url = reverse(f"assets:{view}", args=[campaign.workspace.slug, campaign.code])
    return HttpResponseRedirect(f"{url}?{query}" if query else url)
