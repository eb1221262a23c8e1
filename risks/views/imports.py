"""A register from a file: the form, the preview with what each column means, and the import."""

import json

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.views import find_campaign
from core.api.parsers import strict_loads
from core.errors import Invalid, PharosError
from risks import actions
from risks.actions.imports import look_at, sheet_from, sheet_of
from risks.forms import FileForm, SheetForm, target_choices
from risks.rules.register import heat, score
from risks.views import frame

MOST_SHOWN = 200


def load(request, slug, code):
    """Load a file; then look at what it becomes, say what columns mean, and import it."""
    campaign = find_campaign(request, code)
    step = request.POST.get("step", "")
    try:
        if step in ("look", "apply"):
            return _answered(request, campaign, step)
    except PharosError as error:
        return file_page(request, campaign, FileForm(), error)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            sheet = sheet_of(form.content())
            return preview_page(request, campaign, sheet, look_at(request.actor, campaign=campaign, sheet=sheet))
        except PharosError as error:
            form.add_error(None, str(error))
    return file_page(request, campaign, form)


def file_page(request, campaign, form, error=None):
    context = frame(request, campaign, "list", form=form, error=error)
    return render(request, "risks/import.html", context, status=422 if error or form.errors else 200)


def _answered(request, campaign, step):
    """The preview again with other meanings of the columns, or the import."""
    sheet, without_faulty = _sheet(request)
    targets = [request.POST.get(f"column-{at}", "notes") for at in range(len(sheet.titles))]
    error = None
    try:
        if step == "apply":
            named = {"sheet": sheet, "targets": targets, "without_faulty": without_faulty}
            made, _seen = actions.import_risks(request.actor, campaign=campaign, **named)
            return _imported(request, campaign, made)
        seen = look_at(request.actor, campaign=campaign, sheet=sheet, targets=targets)
    except PharosError as refused:
        error = refused
        seen = _as_it_stands(request, campaign, sheet, targets)
    return preview_page(request, campaign, sheet, seen, error)


def _as_it_stands(request, campaign, sheet, targets):
    """The preview that goes with a refusal; of meanings that cannot stand together the guessed ones are shown."""
    try:
        return look_at(request.actor, campaign=campaign, sheet=sheet, targets=targets)
    except Invalid:
        return look_at(request.actor, campaign=campaign, sheet=sheet)


def _sheet(request):
    form = SheetForm(request.POST)
    gone = Invalid(_("This preview cannot be read any more. Load the file again."), code="sheet")
    if not form.is_valid():
        raise gone
    try:
        return sheet_from(strict_loads(form.cleaned_data["sheet"])), form.cleaned_data["without_faulty"]
    except ValueError as error:
        raise gone from error


def _imported(request, campaign, made):
    done = ngettext("%(count)d risk imported.", "%(count)d risks imported.", len(made)) % {"count": len(made)}
    messages.success(request, done)
    return redirect("risks:list", campaign.workspace.slug, campaign.code)


def preview_page(request, campaign, sheet, seen, error=None):
    for row in seen.rows:
        row.score = score(row.values.get("probability", 3), row.values.get("impact", 3))
        row.heat = heat(row.score)
    context = {
        "seen": seen,
        "rows": seen.rows[:MOST_SHOWN],
        "is_cut": len(seen.rows) > MOST_SHOWN,
        "columns": list(zip(seen.titles, seen.targets, sheet.lines[0][1], strict=True)),
        "choices": target_choices(),
        "sheet": json.dumps(sheet.as_json(), ensure_ascii=False),
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "risks/preview.html", frame(request, campaign, "list", **context), status=status)
