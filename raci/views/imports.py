"""A matrix from a file: the form, the preview with its questions, and the act."""

import json

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.forms import TableForm
from campaigns.views import offer_undo
from core.api.parsers import strict_loads
from core.errors import Invalid, PharosError
from raci import actions
from raci.actions.imports import known_of, sheet_from, sheet_of
from raci.forms import AnswersForm
from raci.importers import Answers, preview
from raci.importers.names import normal
from raci.importers.preview import NEW, SKIP
from raci.views import find_campaign

MOST_SHOWN = 400


def load(request, slug, code):
    """Load a file; then look at what it changes, answer what is unknown, and apply it."""
    campaign = find_campaign(request, code)
    step = request.POST.get("step", "")
    try:
        if step == "apply":
            return apply(request, campaign)
        if step == "look":
            sheet, answers, _digest = _answered(request, campaign)
            return preview_page(request, campaign, sheet, answers)
    except PharosError as error:
        return file_page(request, campaign, TableForm(), error)
    form = TableForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            return preview_page(request, campaign, sheet_of(form.content()), Answers())
        except PharosError as error:
            form.add_error(None, str(error))
    return file_page(request, campaign, form)


def file_page(request, campaign, form, error=None):
    context = {"campaign": campaign, "slug": request.actor.workspace.slug, "form": form, "error": error}
    return render(request, "raci/import.html", context, status=422 if error or form.errors else 200)


def _answered(request, campaign):
    """(sheet, answers, digest) of the preview's form."""
    form = AnswersForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("This preview cannot be read any more. Load the file again."), code="sheet")
    try:
        sheet = sheet_from(strict_loads(form.cleaned_data["sheet"]))
    except ValueError as error:
        raise Invalid(_("This preview cannot be read any more. Load the file again."), code="sheet") from error
    columns = {
        title: answer for at, title in enumerate(sheet.columns) if (answer := request.POST.get(f"column-{at}", ""))
    }
    known = known_of(request.actor, campaign)
    rows = {line.number: key for line in sheet.lines if (key := _row_answer(request, known, line))}
    return sheet, Answers(columns, rows, form.cleaned_data["support"]), form.cleaned_data["digest"]


def _row_answer(request, known, line):
    """What was decided about a line: the work of a title that was typed, "new" or "skip"; "" for nothing."""
    title = request.POST.get(f"same-{line.number}", "").strip()
    if title:
        places = [one for one in (*known.rows, *known.work) if normal(one.name) == normal(title)]
        return places[0].key if places else "unknown"
    answer = request.POST.get(f"row-{line.number}", "")
    return answer if answer in (NEW, SKIP) else ""


def preview_page(request, campaign, sheet, answers, error=None):
    known = known_of(request.actor, campaign)
    seen = preview(sheet, known, answers)
    titles = [one.title for one in seen.columns]
    by_cell = {(one.line, one.column): one for one in seen.cells}
    faults = {(one.line, one.column): one.detail for one in seen.faults}
    lines = [
        {
            "plan": row,
            "cells": [
                (by_cell.get((row.line.number, at)), faults.get((row.line.number, title)), _text(row, at))
                for at, title in enumerate(titles)
            ],
        }
        for row in seen.rows[:MOST_SHOWN]
    ]
    context = {
        "campaign": campaign,
        "slug": request.actor.workspace.slug,
        "seen": seen,
        "counted": seen.counted(),
        "lines": lines,
        "is_cut": len(seen.rows) > MOST_SHOWN,
        "sheet": json.dumps(sheet.as_json(), ensure_ascii=False),
        "answers": answers,
        "choices": [*known.holders, *known.people],
        "work": [one.name for one in known.work],
        "error": error,
    }
    return render(request, "raci/preview.html", context, status=422 if error else 200)


def _text(row, at):
    return row.line.cells[at] if at < len(row.line.cells) else ""


def apply(request, campaign):
    sheet, answers, digest = _answered(request, campaign)
    try:
        activity, _seen = actions.apply_import(
            request.actor, campaign=campaign, sheet=sheet, answers=answers, digest=digest or None
        )
    except PharosError as error:
        return preview_page(request, campaign, sheet, answers, error)
    slug, code = request.actor.workspace.slug, campaign.code
    offer_undo(request, _("The file is applied."), reverse("raci:undo", args=[slug, code, activity.pk]))
    return redirect("raci:matrix", slug, code)
