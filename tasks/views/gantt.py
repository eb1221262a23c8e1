"""The work plan over time: the Gantt, its table without script, and its files."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import pdf
from core.export import XLSX_TYPE, download, sheet_title
from tasks.choices import TaskState
from tasks.gantt import lines, sheets, workbook
from tasks.gantt.words import words
from tasks.models import Baseline
from tasks.models.feed import PlanReader
from tasks.permissions import can_schedule
from tasks.views import campaign_of, frame, url_of

PAGE = 200
NO_TASK = "00000000-0000-0000-0000-000000000000"


def gantt(request, slug, code):
    campaign = campaign_of(request, code)
    place = [slug, campaign.code]
    context = {
        "words": words(),
        "states": [(value, capfirst(label)) for value, label in TaskState.choices],
        "baselines": Baseline.objects.visible_to(request.actor).of(campaign),
        "feed_url": reverse("api:work-plan-feed", args=[campaign.pk]),
        "api_url": reverse("api:work-plan-feed", args=[campaign.pk]).partition("work-plans/")[0],
        "task_url": url_of("detail", *place, NO_TASK),
        "create_url": url_of("create", *place) if can_schedule(request.actor, campaign) else "",
        "has_pdf": pdf.is_there(),
    }
    return render(request, "tasks/gantt.html", frame(request, campaign, "gantt", **context))


def table(request, slug, code):
    """The same plan as a table: no script, a page at a time or all of it for print."""
    campaign = campaign_of(request, code)
    sheet, baseline = _sheet(request, campaign)
    rows = sheet.lines()
    is_whole = request.GET.get("all") == "1"
    page = Paginator(rows, max(1, len(rows)) if is_whole else PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "group": sheet.group, "baseline": baseline, "is_whole": is_whole, "states": _states()}
    context |= {"groups": _groups(), "has_pdf": pdf.is_there()}
    return render(request, "tasks/table.html", frame(request, campaign, "table", **context))


def gantt_xlsx(request, slug, code):
    """The plan as a workbook: a sheet of figures, and one where the cells are the bars."""
    campaign = campaign_of(request, code)
    reader = PlanReader(campaign)
    sheet, baseline = _sheet(request, campaign)
    title = sheet_title(_("Work plan"))
    content = workbook.workbook(
        sheet.lines(),
        titles=(title, sheet_title(_("Gantt"))),
        states=_states(),
        today=reader.today,
        is_off=reader.is_off(),
        baseline=baseline.name if baseline else "",
    )
    return download(content, f"{campaign.code} {title}.xlsx", XLSX_TYPE)


def gantt_pdf(request, slug, code):
    """The plan for print: pages of rows, each with its stretch of the chart."""
    campaign = campaign_of(request, code)
    if not pdf.is_there():
        raise Http404
    reader = PlanReader(campaign)
    sheet, baseline = _sheet(request, campaign)
    chart = sheets.Chart(sheet.lines(), sheet.source.links, today=reader.today, is_off=reader.is_off())
    context = {"campaign": campaign, "chart": chart, "baseline": baseline, "today": reader.today, "states": _states()}
    html = render_to_string("tasks/gantt_print.html", context, request)
    return download(pdf.pdf_bytes(html), f"{campaign.code} {_('Work plan')}.pdf", "application/pdf")


def _sheet(request, campaign):
    """(the lines of the plan, the baseline asked for or None)."""
    reader = PlanReader(campaign)
    baseline = reader.baseline(_id(request.GET.get("baseline")))
    group = request.GET.get("group", "")
    nobody = _("None") if group in ("owner", "channel") else _("Without a phase")
    sheet = lines.Sheet(reader.source(baseline), group, nobody=nobody)
    return sheet, baseline


def _id(text):
    """An id of the query string; None when it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _states():
    return {value: capfirst(label) for value, label in TaskState.choices}


def _groups():
    return [("phase", _("Phase")), ("owner", _("Person")), ("channel", _("Channel"))]
