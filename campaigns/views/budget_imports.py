"""Budget lines from a file: the form, the preview with what each column means, and the act."""

import json

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import actions
from campaigns.actions.budget_imports import look_at_budget, sheet_from, sheet_of
from campaigns.forms import TableForm
from campaigns.importers.budget import HEADS
from campaigns.views import find_campaign
from core.api.parsers import strict_loads
from core.errors import Invalid, PharosError
from core.text import whole

MOST_SHOWN = 300
FIELDS = {
    "name": gettext_lazy("Name"),
    "category": gettext_lazy("Category"),
    "planned_amount": gettext_lazy("Planned"),
    "currency": gettext_lazy("Currency"),
    "tax_rate": gettext_lazy("Tax %"),
    "phase": gettext_lazy("Phase"),
    "channel": gettext_lazy("Channel"),
    "organization": gettext_lazy("Agency or vendor"),
    "owner": gettext_lazy("Owner"),
    "note": gettext_lazy("Note"),
}


def load(request, slug, code):
    """Load a file; then look at what each row does, say what columns mean, and apply it."""
    campaign = find_campaign(request, code)
    try:
        if request.POST.get("step") in ("look", "apply"):
            return answered(request, campaign)
    except PharosError as error:
        return file_page(request, campaign, TableForm(), error)
    form = TableForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            return preview_page(request, campaign, sheet_of(form.content()))
        except PharosError as error:
            form.add_error(None, str(error))
    return file_page(request, campaign, form)


def answered(request, campaign):
    """Look again with what was said of the columns, or apply it."""
    sheet, mapping = _sent(request)
    if request.POST["step"] == "look":
        return preview_page(request, campaign, sheet, mapping)
    digest = request.POST.get("digest") or None
    try:
        seen = actions.import_budget(request.actor, campaign=campaign, sheet=sheet, mapping=mapping, digest=digest)
    except PharosError as error:
        return preview_page(request, campaign, sheet, mapping, error)
    messages.success(request, _("%(added)d lines are new, %(changed)d changed.") % seen.counted())
    return redirect("campaigns:budget", campaign.workspace.slug, campaign.code)


def _sent(request):
    """(sheet, mapping) of the preview's form."""
    try:
        sheet = sheet_from(strict_loads(request.POST.get("sheet", "")))
    except ValueError as error:
        raise Invalid(_("This preview cannot be read any more. Load the file again."), code="sheet") from error
    chosen = {name: request.POST.get(f"column-{name}", "") for name in HEADS}
    places = {name: whole(at, len(sheet.columns) - 1) for name, at in chosen.items()}
    return sheet, {name: at for name, at in places.items() if at is not None}


def file_page(request, campaign, form, error=None):
    context = {"campaign": campaign, "slug": campaign.workspace.slug, "form": form, "error": error}
    return render(request, "campaigns/budget_import.html", context, status=422 if error or form.errors else 200)


def preview_page(request, campaign, sheet, mapping=None, error=None):
    seen = look_at_budget(request.actor, campaign=campaign, sheet=sheet, mapping=mapping)
    columns = list(enumerate(sheet.columns))
    context = {
        "campaign": campaign,
        "slug": campaign.workspace.slug,
        "seen": seen,
        "counted": seen.counted(),
        "fields": [
            {"name": name, "label": label, "chosen": seen.mapping.get(name), "columns": columns}
            for name, label in FIELDS.items()
        ],
        "heads": [(name, FIELDS[name]) for name in FIELDS if name in seen.mapping],
        "lines": _lines(sheet, seen),
        "is_cut": len(seen.entries) > MOST_SHOWN,
        "sheet": json.dumps(sheet.as_json(), ensure_ascii=False),
        "error": error,
    }
    return render(request, "campaigns/budget_preview.html", context, status=422 if error else 200)


def _lines(sheet, seen):
    """Each row as it stands in the file, with what it does and the fault of each cell."""
    texts = dict(sheet.rows)
    named = [(name, at) for name in FIELDS if (at := seen.mapping.get(name)) is not None]
    return [
        {
            "entry": entry,
            "cells": [
                (texts[entry.number][at] if at < len(texts[entry.number]) else "", entry.faults.get(name))
                for name, at in named
            ],
        }
        for entry in seen.entries[:MOST_SHOWN]
    ]
