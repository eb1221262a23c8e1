"""The schedule as list, board and timeline; bulk edit, order and export."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.models import Phase
from campaigns.views import ids_in, today_of
from core.errors import PharosError
from core.export import table_response
from core.money import Money, sums
from placements import actions
from placements.choices import PlacementState
from placements.forms import BulkForm
from placements.models import Placement
from placements.rules import states
from placements.schedule import timeline as times
from placements.schedule.days import Window, window
from placements.views import at_home, campaign_of, day_of, filtered, frame

PAGE = 60
LANE = 15  # tickets of a lane of the board; the list has the others
SCALES = ("week", "day")


def listing(request, slug, code):
    campaign = campaign_of(request, code)
    rows = filtered(request, campaign)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export_list(request.GET["export"], campaign, rows)
    figures = list(rows.order_by().values_list("currency", "budget_amount", "planned_amount", "net_price"))
    paginator = Paginator(rows, PAGE)
    paginator.count = len(figures)
    page = paginator.get_page(request.GET.get("page"))
    for row in at_home(campaign, page):
        row.is_over = row.budget_amount is not None and (row.planned_amount or 0) > row.budget_amount
    context = frame(request, campaign, "list", page=page, totals=totals(figures))
    return render(request, "placements/list.html", context)


def totals(figures):
    """[{currency, budget, planned, net}] of (currency, budget, planned, net) of all filtered rows, one per currency."""
    names = ("budget", "planned", "net")
    by_name = {
        name: {m.currency: m.amount for m in sums(Money(row[n], row[0]) for row in figures if row[n] is not None)}
        for n, name in enumerate(names, 1)
    }
    currencies = dict.fromkeys(row[0] for row in figures)
    return [{"currency": one, **{name: by_name[name].get(one) for name in names}} for one in currencies]


def export_list(kind, campaign, rows):
    """The filtered list as a file, in its order."""
    header = [_("Code"), _("Name"), _("Channel"), _("Platform"), _("Ad format / position"), _("Phase"), _("First day")]
    header += [_("Last day"), _("Buying model"), _("Currency"), _("Net price"), _("Budget"), _("Planned by day")]
    header += [_("State"), _("Owner"), _("Ad account"), _("Id at the platform"), _("Landing page")]
    lines = (
        [
            *(
                row.code,
                row.name,
                row.channel.label,
                row.platform,
                row.position,
                row.phase,
                row.first_day,
                row.last_day,
            ),
            *(row.get_buying_model_display(), row.currency, row.net_price, row.budget_amount, row.planned_amount),
            *(row.get_state_display(), row.owner, row.ad_account, row.platform_id, row.tagged_url()),
        ]
        for row in rows.select_related("phase", "ad_account")
    )
    return table_response(kind, f"{campaign.code} {_('placements')}", header, lines)


def bulk(request, slug, code):
    """What the chosen placements may get; changing them, all or none: what was refused is said in words."""
    campaign = campaign_of(request, code)
    if request.method != "POST":
        form = BulkForm(actor=request.actor, campaign=campaign, auto_id="bulk_%s")
        return render(request, "placements/_bulk.html", {"bulk": form})
    chosen = Placement.objects.visible_to(request.actor).of(campaign).filter(pk__in=ids_in(request, "placement"))
    form = BulkForm(request.POST, actor=request.actor, campaign=campaign)
    placements = list(chosen.listed().with_plan())
    if not form.is_valid() or not form.changes() or not placements:
        messages.error(request, _("Choose placements and what they get."))
        return _back(request, "list", campaign)
    try:
        actions.edit_placements(request.actor, campaign=campaign, placements=placements, **form.changes())
    except PharosError as error:
        messages.error(request, str(error))
    else:
        done = ngettext("%(count)d placement changed.", "%(count)d placements changed.", len(placements))
        messages.success(request, done % {"count": len(placements)})
    return _back(request, "list", campaign)


def _back(request, view, campaign):
    """The view the person came from, with its filters."""
    query = request.POST.get("query", "")[:2000]
    url = reverse(f"placements:{view}", args=[campaign.workspace.slug, campaign.code])
    return HttpResponseRedirect(f"{url}?{query}" if query else url)


@require_POST
def reorder(request, slug, code):
    """Move one placement before another one of the list."""
    campaign = campaign_of(request, code)
    rows = list(Placement.objects.visible_to(request.actor).of(campaign).active())
    moved = next((row for row in rows if str(row.pk) == request.POST.get("placement")), None)
    if moved is not None:
        place = rows.index(moved) + (1 if request.POST.get("way") == "down" else -1)
        rows.remove(moved)
        rows.insert(max(place, 0), moved)
        actions.reorder_placements(request.actor, campaign=campaign, placements=rows)
    return _back(request, "list", campaign)


def board(request, slug, code):
    campaign = campaign_of(request, code)
    found = filtered(request, campaign)
    lanes = lanes_of(found)
    shown = [key for lane in lanes.values() for key in lane["keys"][:LANE]]
    for row in at_home(campaign, found.filter(pk__in=shown).read_ahead("flights", "days")):
        row.moves = states.open_to(row.state) if row.archived_at is None else []
        row.faults = [one for one in row.findings() if one.is_block]
        lanes[row.state]["rows"].append(row)
    context = {"lanes": [lane for lane in lanes.values() if lane["rows"] or lane["state"] not in states.FINAL]}
    return render(request, "placements/board.html", frame(request, campaign, "board", has_rows=bool(shown), **context))


def lanes_of(found):
    """{state: lane} of all placements found, each with their ids and budgets; `left` are beyond the first LANE."""
    lanes = {
        state: {"state": state, "label": label, "keys": [], "budgets": [], "rows": []}
        for state, label in PlacementState.choices
    }
    for key, state, currency, budget in found.values_list("pk", "state", "currency", "budget_amount"):
        lanes[state]["keys"].append(key)
        lanes[state]["budgets"] += [Money(budget, currency)] if budget is not None else []
    for lane in lanes.values():
        lane |= {"money": sums(lane["budgets"]), "left": max(len(lane["keys"]) - LANE, 0)}
    return lanes


def stretch(campaign, rows):
    """(first, last) day of campaign and flights together."""
    known = [row.first_day for row in rows if row.first_day] + [row.last_day for row in rows if row.last_day]
    days = [campaign.start_date, campaign.finish_date, *known]
    return min(days), max(days)


def stretch_of(campaign, found):
    """The stretch of all placements found, asked of the database, so that every page has the same line of days."""
    ends = found.order_by().aggregate(first=Min("first_day"), last=Max("last_day"))
    first, last = ends["first"] or campaign.start_date, ends["last"] or campaign.finish_date
    return min(first, campaign.start_date), max(last, campaign.finish_date)


def timeline(request, slug, code):
    campaign = campaign_of(request, code)
    found = filtered(request, campaign)
    page = Paginator(found.read_ahead("flights"), PAGE).get_page(request.GET.get("page"))
    scale = request.GET.get("scale") if request.GET.get("scale") in SCALES else "week"
    first, last = stretch_of(campaign, found)
    today = today_of(campaign)
    shown = _shown(first, last, scale, today, day_of(request.GET.get("from")))
    days = shown.days
    phases = Phase.objects.visible_to(request.actor).of(campaign)
    context = {
        "rows": [{"placement": row, "bars": times.bars(_flights(row), days)} for row in at_home(campaign, page)],
        "page": page,
        "phases": [{"phase": phase, "bar": bar} for phase in phases if (bar := _bar(phase, days))],
        "weekends": times.weekends(days),
        "axis": times.axis(days, scale),
        "today": times.place_of(today, days),
        "scale": scale,
        "width": len(days),
        "window": shown,
        "earlier": shown.shifted(-1),
        "later": shown.shifted(1),
    }
    return render(request, "placements/timeline.html", frame(request, campaign, "timeline", **context))


def _shown(first, last, scale, today, asked):
    """Whole weeks around the stretch; by day, two months of a long one."""
    first, last = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    return window(first, last, today=today, asked_first=asked) if scale == "day" else Window(first, last, first, last)


def _flights(row):
    return [(one.start_date, one.finish_date) for one in row.flights.all()]


def _bar(phase, days):
    return times.bar(phase.start_date, phase.finish_date, days)
