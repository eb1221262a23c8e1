"""The readiness board of a campaign: go or no-go, line by line, kept fresh; boards that were kept, and their files."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.actions import lines_of
from campaigns.actions.writing import today_of
from campaigns.choices import CampaignState, LineGroup, LineState
from campaigns.forms import LaunchForm
from campaigns.models import ReadinessSnapshot
from campaigns.permissions import can_move, can_override, can_plan
from campaigns.rules.readiness import canonical, digest, lines_in, summary
from campaigns.views import find_campaign
from campaigns.views.readiness import tabs
from core import pdf
from core.export import download, table_response

PAGE, LATEST = 50, 4
BEFORE = (CampaignState.DRAFT, CampaignState.PLANNING, CampaignState.READY)
LOOK = {
    LineState.OK: ("ok", "circle-check"),
    LineState.WARN: ("warn", "alert-triangle"),
    LineState.BLOCK: ("bad", "circle-x"),
}


def grouped(lines):
    """[(the group in words, its lines as the page shows them)]."""
    return [
        (LineGroup(group).label, [looks(line) for line in found])
        for group, found in groupby(lines, key=lambda line: line.group)
    ]


def looks(line):
    tone, icon = LOOK[line.state]
    return {"line": line, "tone": tone, "icon": icon, "word": LineState(line.state).label}


def of_board(request, campaign):
    """The lines of the board and the go or no-go over them."""
    lines = lines_of(request.actor, campaign, today=today_of(campaign))
    board = {"campaign": campaign, "groups": grouped(lines), "summary": summary(lines)}
    return board | {"is_launched": campaign.state not in BEFORE, "etag": tag(campaign.state, lines)}


def tag(state, lines):
    """Another one when any line reads otherwise, in another language or state of the campaign too."""
    words = [[str(part) for part in (line.code, line.label, line.state, line.detail, line.url)] for line in lines]
    return f'"{digest([get_language(), state, words])[:24]}"'


def launch_and_latest(actor, campaign):
    """The board kept with the launch, and the newest ones: one question."""
    rows = list(kept_of(actor, campaign).order_by("-is_launch", "-pk")[: LATEST + 1])
    launch = rows[0] if rows and rows[0].is_launch else None
    return launch, sorted(rows, key=lambda row: row.pk, reverse=True)[:LATEST]


def kept_of(actor, campaign):
    """Boards of a campaign that were kept, the newest first."""
    rows = ReadinessSnapshot.objects.visible_to(actor).of(campaign)
    return rows.select_related("made_by", "campaign", "workspace")


def launch_of(actor, campaign):
    return kept_of(actor, campaign).filter(is_launch=True).first()


def launch_form(campaign, found):
    """The form of the launch; over red lines it asks why."""
    form = LaunchForm(row=campaign)
    form.fields["reason"].required = not found.is_ready
    return form


def readiness(request, slug, code):
    campaign = find_campaign(request, code)
    is_ready, board = campaign.state == CampaignState.READY, of_board(request, campaign)
    launch, kept = launch_and_latest(request.actor, campaign)
    context = board | {
        "slug": slug,
        "tabs": tabs(request, campaign),
        "may_plan": can_plan(request.actor, campaign),
        "may_launch": is_ready and can_move(request.actor, campaign),
        "may_override": can_override(request.actor, campaign),
        "is_ready": is_ready,
        "is_before": campaign.state in BEFORE[:2],
        "form": launch_form(campaign, board["summary"]),
        "launch": launch,
        "kept": kept,
    }
    return render(request, "overview/readiness.html", context)


def board(request, slug, code):
    """The part of the board that is asked for again and again; 304 while it reads the same."""
    context = of_board(request, find_campaign(request, code))
    if request.headers.get("If-None-Match") == context["etag"]:
        return HttpResponseNotModified()
    response = render(request, "overview/_readiness.html", context)
    response["ETag"] = context["etag"]
    return response


def state(request, slug, code):
    """A part of the cockpit: how ready the campaign is, and the reason that overrode the board."""
    campaign = find_campaign(request, code)
    launch = launch_of(request.actor, campaign)
    context = {"campaign": campaign, "slug": slug, "launch": launch}
    if launch is None:
        lines = lines_of(request.actor, campaign, today=today_of(campaign))
        context |= {"summary": summary(lines), "red": [looks(line) for line in lines if line.blocks][:LATEST]}
    return render(request, "overview/_readiness_state.html", context)


def snapshots(request, slug, code):
    campaign = find_campaign(request, code)
    page = Paginator(kept_of(request.actor, campaign), PAGE).get_page(request.GET.get("page"))
    context = {"campaign": campaign, "slug": slug, "tabs": tabs(request, campaign), "page": page}
    return render(
        request, "overview/readiness_snapshots.html", context | {"may_plan": can_plan(request.actor, campaign)}
    )


def snapshot_of(request, code, pk):
    return get_object_or_404(kept_of(request.actor, find_campaign(request, code)), pk=pk)


def snapshot(request, slug, code, pk):
    row = snapshot_of(request, code, pk)
    lines, at = lines_in(row.content, get_language()), reverse("overview:readiness-export", args=[slug, code, pk])
    kinds = ["csv", "json", *(["pdf"] if pdf.is_there() else [])]
    context = {
        "campaign": row.campaign,
        "slug": slug,
        "snapshot": row,
        "groups": grouped(lines),
        "summary": summary(lines),
        "export": [{"label": kind.upper(), "url": f"{at}?as={kind}"} for kind in kinds],
    }
    return render(request, "overview/readiness_snapshot.html", context)


def export(request, slug, code, pk):
    """A kept board as a table, as the JSON that was signed, or on paper."""
    row = snapshot_of(request, code, pk)
    name = f"{row.campaign.code} {_('Readiness')} {row.created_at:%Y-%m-%d %H%M}"
    kind = request.GET.get("as")
    if kind == "json":
        return download(canonical(row.content), f"{name}.json", "application/json")
    if kind == "pdf" and pdf.is_there():
        return download(pdf.pdf_bytes(paper(row)), f"{name}.pdf", "application/pdf")
    header = [_("Group"), _("Line"), _("State"), _("Detail")]
    rows = [
        [capfirst(LineGroup(line.group).label), line.label, LineState(line.state).label, line.detail]
        for line in lines_in(row.content, get_language())
    ]
    return table_response("csv", name, header, rows)


def paper(snapshot):
    lines = lines_in(snapshot.content, get_language())
    context = {"campaign": snapshot.campaign, "snapshot": snapshot, "groups": grouped(lines), "summary": summary(lines)}
    return render_to_string("overview/readiness_print.html", context | {"language": get_language()})
