"""Pages of imports: the drop zone and history, one import from questions to counts, remembered layouts."""

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.actions import imports as acts
from analytics.choices import ImportState
from analytics.forms.imports import MappingForm, QuestionsForm, UploadForm
from analytics.models import ColumnMapping, DailyMetric, Import
from analytics.permissions.imports import can_import
from analytics.views.place import seen_version
from campaigns.models import Campaign, Metric
from core.errors import PharosError
from core.querysets import ExactSum

PAGE = 30
HALF_CENT = Decimal("0.005")


def _import(request, pk):
    rows = Import.objects.visible_to(request.actor).select_related("campaign", "workspace", "uploader")
    return get_object_or_404(rows, pk=pk)


def imports(request, slug):
    """The history of imports, and the zone that takes new files."""
    form = UploadForm(request.POST or None, campaigns=Campaign.objects.visible_to(request.actor).active())
    if request.method == "POST":
        return _upload(request, slug, form)
    rows = (
        Import.objects.visible_to(request.actor)
        .select_related("uploader", "campaign", "workspace")
        .prefetch_related("files__stored")
    )
    rows = rows.annotate(figures=Sum("files__rows"), file_count=Count("files"))
    context = {
        "page": Paginator(rows.order_by("-id"), PAGE).get_page(request.GET.get("page")),
        "form": form,
        "slug": slug,
        "may_import": can_import(request.actor),
        "mappings": ColumnMapping.objects.visible_to(request.actor).count(),
    }
    return render(request, "analytics/imports.html", context)


def _upload(request, slug, form):
    is_script = request.headers.get("Accept", "").startswith("application/json")
    try:
        campaign = form.cleaned_data["campaign"] if form.is_valid() else None
        imported = acts.upload_files(request.actor, files=request.FILES.getlist("files"), campaign=campaign)
    except PharosError as refused:
        if is_script:
            return JsonResponse({"detail": str(refused)}, status=422)
        messages.error(request, str(refused))
        return redirect("analytics:imports", slug)
    url = imported.get_absolute_url()
    return JsonResponse({"url": url}) if is_script else redirect(url)


def import_detail(request, slug, pk, *, forms=None, status=200):
    """One import: what its files hold, what is asked, and what came of it."""
    imported = _import(request, pk)
    files = _numbered(imported)
    is_open = imported.state in (ImportState.UPLOADED, ImportState.PREVIEWED)
    questions, mappings = forms or _forms(request, imported, files)
    metrics = {row.code: row for row in Metric.objects.filter(workspace_id=request.actor.workspace_id)}
    job = acts.commit_job(imported) if is_open else None
    context = {
        "imported": imported,
        "files": [_told(row, metrics, mappings.get(row.pk)) for row in files],
        "questions": questions,
        "steps": _steps(imported, bool(questions.groups)),
        "is_open": is_open,
        "is_reading": imported.state == ImportState.UPLOADED,
        "job": job,
        "is_storing": bool(job and job.state in ("queued", "running")),
        "stored_files": sum(bool(row.report.get("is_stored")) for row in files),
        "may_commit": is_open and not questions.groups and any(not row.is_skipped and not row.error for row in files),
        "may_import": can_import(request.actor),
        "outcome": _outcome(imported, files) if imported.state == ImportState.COMMITTED else None,
        "slug": slug,
    }
    return render(request, "analytics/import.html", context, status=status)


def _numbered(imported):
    """Its files, each with its number: several may have one name."""
    files = acts.files_of(imported)
    for number, row in enumerate(files, 1):
        row.number = number if len(files) > 1 else None
    return files


def _forms(request, imported, files, data=None, mapped=None):
    """The form of all open questions, and a mapping form per file of unknown layout (`mapped`: the one sent)."""
    is_open = imported.state == ImportState.PREVIEWED
    questions = QuestionsForm(None if mapped else data, files=files if is_open else [])
    mappings = {
        row.pk: MappingForm(data if mapped == str(row.pk) else None, row=row, workspace_id=imported.workspace_id)
        for row in files
        if is_open and not row.error and not row.is_skipped and (not row.layout or "columns" in row.answers)
    }
    return questions, mappings


def _steps(imported, has_questions):
    order = [_("Files"), _("Questions"), _("Preview"), _("Done")]
    now = {"uploaded": 0, "previewed": 1 if has_questions else 2}.get(imported.state, 3)
    done = imported.state == ImportState.COMMITTED
    return [
        {"label": label, "state": "done" if place < now or (done and place == 3) else "now" if place == now else "todo"}
        for place, label in enumerate(order)
    ]


def _told(row, metrics, mapping):
    """A file as the page shows it: sums beside what the platform states, warnings, scopes."""
    report = row.report
    return {
        "row": row,
        "mapping": mapping,
        "sums": [_sum(code, value, report, metrics) for code, value in report.get("totals", {}).items()],
        "not_additive": [metrics[code].label if code in metrics else code for code in report.get("not_additive", ())],
        "has_platform_totals": bool(report.get("platform_totals")),
        "is_new": not report.get("same_as"),
    }


def _sum(code, value, report, metrics):
    """One metric: ours, what a totals row of the platform says, and whether both agree."""
    stated = [values[code] for values in report.get("platform_totals", {}).values() if code in values]
    slack = HALF_CENT * max(report.get("rows", 0), 1)
    ours = value if isinstance(value, dict) else {"": value}
    alone = Decimal(next(iter(ours.values()))) if len(ours) == 1 else None
    same = [one for one in stated if alone is not None and abs(Decimal(one) - alone) <= slack]
    return {
        "label": metrics[code].label if code in metrics else code,
        "ours": [(currency, Decimal(amount)) for currency, amount in ours.items()],
        "stated": Decimal((same or stated)[0]) if stated else None,
        "agrees": bool(same),
    }


def _outcome(imported, files):
    """What a committed import changed, and how much of the money of its days is unassigned."""
    days, accounts = acts.days_of_import(imported), {row.ad_account_id for row in files if row.ad_account_id}
    sums = {name: sum(getattr(row, name) for row in files) for name in ("rows", "changed", "removed")}
    if not days:
        return {**sums, "money": []}
    daily = DailyMetric.objects.filter(
        workspace_id=imported.workspace_id, ad_account__in=accounts, metric="cost"
    ).of_days(*days)
    money = {}
    for row in daily.values("currency", "campaign_id").annotate(total=ExactSum("value")):
        line = money.setdefault(row["currency"], {"currency": row["currency"], "total": 0, "unassigned": 0})
        line["total"] += row["total"]
        line["unassigned"] += 0 if row["campaign_id"] else row["total"]
    return {**sums, "days": days, "money": list(money.values())}


@require_POST
def import_answers(request, slug, pk):
    """Answer the questions, or say what the columns of one file mean."""
    imported = _import(request, pk)
    mapped = request.POST.get("mapping")
    questions, mappings = _forms(request, imported, _numbered(imported), request.POST, mapped)
    form = next((one for one in mappings.values() if str(one.row.pk) == mapped), None) if mapped else questions
    if form is None:
        return redirect(imported.get_absolute_url())
    if not form.is_valid():
        return import_detail(request, slug, pk, forms=(questions, mappings), status=422)
    try:
        acts.answer_questions(request.actor, imported=imported, answers=form.answers())
    except PharosError as refused:
        form.add_error(None, str(refused))
        return import_detail(request, slug, pk, forms=(questions, mappings), status=422)
    return redirect(imported.get_absolute_url())


@require_POST
def import_skip(request, slug, pk):
    """Leave a file out of the import, or take it in again."""
    imported = _import(request, pk)
    answers = {request.POST.get("file", ""): {"skip": request.POST.get("skip") == "1"}}
    return _after(request, imported, lambda: acts.answer_questions(request.actor, imported=imported, answers=answers))


@require_POST
def import_commit(request, slug, pk):
    imported = _import(request, pk)
    return _after(request, imported, lambda: acts.commit_import(request.actor, imported=imported))


@require_POST
def import_discard(request, slug, pk):
    imported = _import(request, pk)
    return _after(request, imported, lambda: acts.discard_import(request.actor, imported=imported))


@require_POST
def import_undo(request, slug, pk):
    imported = _import(request, pk)
    return _after(request, imported, lambda: acts.undo_import(request.actor, imported=imported))


def _after(request, imported, act):
    """Carry out an act and go back to the import; a refusal is said there."""
    try:
        act()
    except PharosError as refused:
        messages.error(request, " ".join([str(refused), *map(str, refused.errors.values())])[:600])
    return redirect(imported.get_absolute_url())


def import_status(request, slug, pk):
    """How far the background job is; the page asks every few seconds and reloads when it is done."""
    imported = _import(request, pk)
    files = acts.files_of(imported)
    job = acts.commit_job(imported)
    is_busy = imported.state == ImportState.UPLOADED or bool(job and job.state in ("queued", "running"))
    context = {
        "imported": imported,
        "is_busy": is_busy and imported.state in (ImportState.UPLOADED, ImportState.PREVIEWED),
        "is_reading": imported.state == ImportState.UPLOADED,
        "stored_files": sum(bool(row.report.get("is_stored")) for row in files),
        "files": files,
        "slug": slug,
    }
    return render(request, "analytics/_import_status.html", context)


def mappings(request, slug):
    """Layouts whose columns a person has explained."""
    context = {
        "rows": ColumnMapping.objects.visible_to(request.actor),
        "may_import": can_import(request.actor),
        "slug": slug,
    }
    return render(request, "analytics/mappings.html", context)


@require_POST
def mapping_forget(request, slug, pk):
    mapping = get_object_or_404(ColumnMapping.objects.visible_to(request.actor), pk=pk)
    acts.forget_mapping(request.actor, mapping=mapping, seen=seen_version(request))
    messages.success(request, _("The layout is forgotten; the next file asks again."))
    return redirect("analytics:mappings", slug)


urls = [
    path("data/imports/", imports, name="imports"),
    path("data/imports/<uuid:pk>/", import_detail, name="import"),
    path("data/imports/<uuid:pk>/answers/", import_answers, name="import-answers"),
    path("data/imports/<uuid:pk>/skip/", import_skip, name="import-skip"),
    path("data/imports/<uuid:pk>/commit/", import_commit, name="import-commit"),
    path("data/imports/<uuid:pk>/discard/", import_discard, name="import-discard"),
    path("data/imports/<uuid:pk>/undo/", import_undo, name="import-undo"),
    path("data/imports/<uuid:pk>/status/", import_status, name="import-status"),
    path("data/layouts/", mappings, name="mappings"),
    path("data/layouts/<uuid:pk>/forget/", mapping_forget, name="mapping-forget"),
]
