"""Sources: the list, connecting one, its calendar of days, its settings."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.views import form_page
from analytics.actions import pulls, sources
from analytics.choices import SourceKind
from analytics.forms.sources import PlainSourceForm, PullForm, SourceForm, columns_of, json_of
from analytics.models import Source
from analytics.models.arrivals import calendar_of, freshness_of
from analytics.permissions.sources import can_manage_sources
from analytics.rules import completeness
from campaigns.choices import MetricKind
from campaigns.models import Metric
from campaigns.views import offer_undo, undone
from core.errors import PharosError
from placements.rules.platforms import platform_name

WEEKS = 8
STATE_WORDS = {
    completeness.COMPLETE: gettext_lazy("complete"),
    completeness.PARTIAL: gettext_lazy("partial"),
    completeness.MISSING: gettext_lazy("missing"),
    completeness.PENDING: gettext_lazy("pending"),
}


def data(request, slug):
    return redirect("analytics:sources", slug)


def find(request, pk):
    return get_object_or_404(Source.objects.visible_to(request.actor).select_related("workspace"), pk=pk)


def source_list(request, slug):
    archived, now = request.GET.get("archived") == "1", timezone.now()
    rows = Source.objects.visible_to(request.actor).annotate(accounts=Count("account_links"))
    rows = list(rows.exclude(archived_at=None) if archived else rows.active())
    for row in rows:
        row.freshness, row.platform_name = freshness_of(row, now), platform_name(row.platform)
    context = {
        "sources": rows,
        "archived": archived,
        "tabs": data_tabs(request, "sources"),
        "may_manage": can_manage_sources(request.actor),
        "is_embedded": settings.EMBEDDED_WORKER,
    }
    return render(request, "analytics/sources.html", context)


def data_tabs(request, active):
    """The tabs of everything that brings figures in."""
    names = (
        ("imports", _("Files")),
        ("sources", _("Sources")),
        ("unassigned", _("Unassigned")),
        ("runs", _("Pulls")),
    )
    slug = request.actor.workspace.slug
    return [
        {"label": label, "url": reverse(f"analytics:{name}", args=[slug]), "active": name == active}
        for name, label in names
    ]


def source_tabs(source, active):
    """The tabs of one source."""
    at = [source.workspace.slug, source.pk]
    names = [("source", _("Overview")), ("source-calendar", _("Completeness"))]
    if source.kind == SourceKind.JSON:
        names.append(("source-runs", _("Pulls")))
    names.append(("source-settings", _("Settings")))
    return [
        {"label": label, "url": reverse(f"analytics:{name}", args=at), "active": name == active}
        for name, label in names
    ]


def page(request, source, tab, template, **context):
    """A page of a source with its head and tabs."""
    tabs = source_tabs(source, tab)
    may_manage = can_manage_sources(request.actor)
    source.freshness = freshness_of(source, timezone.now())
    context |= {"source": source, "tabs": tabs if may_manage else tabs[:-1], "may_manage": may_manage}
    context |= {"is_pullable": source.kind == SourceKind.JSON, "platform_name": platform_name(source.platform)}
    return render(request, f"analytics/{template}.html", context)


def source_page(request, slug, pk, tried=None, problem=""):
    source = find(request, pk)
    today = timezone.now().astimezone(ZoneInfo(source.time_zone)).date()
    states = calendar_of(source, today - timedelta(days=13), today, timezone.now())
    context = {
        "runs": source.runs.all()[:5],
        "strips": [(link, days_shown(by_day)) for link, by_day in states],
        "links": source.account_links.select_related("ad_account"),
        "pull_form": PullForm.for_source(source, today),
        "tried": tried,
        "problem": problem,
        "is_embedded": settings.EMBEDDED_WORKER,
    }
    return page(request, source, "source", "source", **context)


def days_shown(by_day):
    """(day, state code, state in words) for the strip of days."""
    return [(day, state, STATE_WORDS[state]) for day, state in by_day.items()]


def source_calendar(request, slug, pk):
    source, now = find(request, pk), timezone.now()
    last = asked_day(request) or now.astimezone(ZoneInfo(source.time_zone)).date()
    first = last - timedelta(days=last.weekday() + 7 * (WEEKS - 1))
    found = []
    for link, by_day in calendar_of(source, first, last, now):
        counts = completeness.count(by_day)
        blanks = range(min(by_day).weekday() if by_day else 0)  # so that each column is a week from its Monday
        said = [(state, STATE_WORDS[state], counts[state]) for state in counts]
        found.append((link, blanks, days_shown(by_day), said))
    context = {"calendars": found, "first": first, "last": last, "step": timedelta(days=7 * WEEKS)}
    context |= {"earlier": first - timedelta(days=1), "later": last + timedelta(days=7 * WEEKS)}
    return page(request, source, "source-calendar", "source_calendar", **context)


def asked_day(request):
    """The day the address names, None without a readable one."""
    try:
        day = date.fromisoformat(request.GET.get("to", ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def metric_choices(actor):
    """Metrics a column may feed: derived ones are reckoned, never delivered."""
    rows = Metric.objects.visible_to(actor).filter(archived_at=None).exclude(kind=MetricKind.DERIVED)
    return [(row.code, row.label) for row in rows]


def source_form(request, row=None):
    zone = request.actor.workspace.time_zone
    return SourceForm(request.POST or None, row=row, metrics=metric_choices(request.actor), time_zone=zone)


def look(request, form, source=None):
    """Fetch a page with the settings as typed; the context that shows what came, or what went wrong."""
    if not form.is_valid():
        return {}
    config = form.config()
    is_first = not config.get("columns")
    try:
        found = sources.try_source(request.actor, source=source, config=config, token=form.cleaned_data["token"])
    except PharosError as error:
        form.add_error(None, str(error))
        return {}
    samples, paths = columns_of(found["raw"])
    form.suggest_anew(paths)
    return {"tried": found, "is_first": is_first, "samples": samples, "raw": json_of(found["raw"][:1])}


@never_cache
def source_add(request, slug):
    form = source_form(request)
    if request.POST.get("act") == "look":
        return mapping_page(request, form, look(request, form))
    if form.carries_out(lambda **typed: sources.create_source(request.actor, **typed)):
        messages.success(request, _("The source is connected; pull its first days now."))
        return redirect("analytics:source", slug, form.result.pk)
    return mapping_page(request, form, {})


def mapping_page(request, form, shown, **context):
    """The form of a JSON source with its columns and the sample values that came."""
    context |= shown | {"columns": list(form.column_rows(shown.get("samples", ())))}
    return form_page(request, "analytics/source_form.html", form, **context)


@never_cache
def source_settings(request, slug, pk):
    source = find(request, pk)
    is_json = source.kind == SourceKind.JSON
    form = source_form(request, source) if is_json else PlainSourceForm(request.POST or None, row=source)
    head = {"source": source, "tabs": source_tabs(source, "source-settings"), "is_json": is_json}
    if is_json and request.POST.get("act") == "look":
        return mapping_page(request, form, look(request, form, source), **head)
    if form.carries_out(lambda **typed: sources.update_source(request.actor, source=source, **typed)):
        messages.success(request, _("Saved."))
        return redirect("analytics:source", slug, pk)
    if is_json:
        return mapping_page(request, form, {}, **head)
    return form_page(request, "analytics/source_form.html", form, **head)


@require_POST
def source_test(request, slug, pk):
    source = find(request, pk)
    try:
        tried = sources.try_source(request.actor, source=source)
    except PharosError as error:
        return source_page(request, slug, pk, problem=str(error))
    return source_page(request, slug, pk, tried=tried)


@require_POST
def source_pull(request, slug, pk):
    source, form = find(request, pk), PullForm(request.POST)
    try:
        if not form.is_valid():
            raise PharosError(" ".join(text for texts in form.errors.values() for text in texts))
        run = pulls.start_pull(request.actor, source=source, **form.cleaned_data)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect("analytics:source", slug, pk)
    return redirect("analytics:run", slug, run.pk)


@require_POST
def source_pause(request, slug, pk):
    source = sources.pause_source(request.actor, source=find(request, pk))
    offer_undo(request, _("“%(name)s” is paused.") % {"name": source}, _url("source-resume", source))
    return redirect("analytics:source", slug, pk)


@require_POST
def source_resume(request, slug, pk):
    source = sources.resume_source(request.actor, source=find(request, pk))
    return undone(request, _("“%(name)s” is pulled again.") % {"name": source}, source.get_absolute_url())


@require_POST
def source_archive(request, slug, pk):
    source = sources.archive_source(request.actor, source=find(request, pk))
    offer_undo(request, _("“%(name)s” is archived.") % {"name": source}, _url("source-restore", source))
    return redirect("analytics:sources", slug)


@require_POST
def source_restore(request, slug, pk):
    source = sources.restore_source(request.actor, source=find(request, pk))
    return undone(request, _("“%(name)s” is back.") % {"name": source}, source.get_absolute_url())


def _url(name, source):
    return reverse(f"analytics:{name}", args=[source.workspace.slug, source.pk])


urls = [
    path("data/", data, name="data"),
    path("data/sources/", source_list, name="sources"),
    path("data/sources/new/", source_add, name="source-add"),
    path("data/sources/<uuid:pk>/", source_page, name="source"),
    path("data/sources/<uuid:pk>/completeness/", source_calendar, name="source-calendar"),
    path("data/sources/<uuid:pk>/settings/", source_settings, name="source-settings"),
    path("data/sources/<uuid:pk>/test/", source_test, name="source-test"),
    path("data/sources/<uuid:pk>/pull/", source_pull, name="source-pull"),
    path("data/sources/<uuid:pk>/pause/", source_pause, name="source-pause"),
    path("data/sources/<uuid:pk>/resume/", source_resume, name="source-resume"),
    path("data/sources/<uuid:pk>/archive/", source_archive, name="source-archive"),
    path("data/sources/<uuid:pk>/restore/", source_restore, name="source-restore"),
]
