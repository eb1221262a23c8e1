"""The matrix as a sheet: read, saved in batches, kept fresh, exported."""

import hashlib
import json
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organization
from campaigns.choices import Function
from campaigns.forms.fields import people_of
from campaigns.models import Phase
from campaigns.views import undone
from core.errors import Invalid, PharosError
from core.export import table_response
from core.models import Activity
from raci import actions
from raci.choices import HolderKind
from raci.forms import RowForm
from raci.models import findings_of, matrix_of
from raci.models.leaving import table_of
from raci.permissions import can_assign
from raci.rules import lint
from raci.rules.letters import shown
from raci.rules.sentences import LABELS, sentence
from raci.views import body_of, find_campaign, refused
from tasks.models import Deliverable, Task

LONGEST_CELL = 40
_NO_ROW = UUID(int=0)
PLAIN = ("no_r", "no_a")  # below their heading the row's title says all


def matrix(request, slug, code):
    campaign = find_campaign(request, code)
    found = matrix_of(request.actor, campaign)
    context = {
        **frame(request, campaign, found),
        **findings_context(request, campaign, found),
        "lines": [(row, [shown(text) for text in letters]) for row, letters in found.lines()],
        "structure": structure_of(found),
    }
    return render(request, "raci/matrix.html", context)


def frame(request, campaign, found):
    """What both views of the matrix show around it."""
    return {
        "campaign": campaign,
        "slug": request.actor.workspace.slug,
        "row_page": row_page(request, campaign),
        "matrix": found,
        "holders": found.holders,
        "may_assign": can_assign(request.actor, campaign),
    }


def row_page(request, campaign):
    """(before a row's id, after it): the address of a row, looked up once for all of them."""
    return reverse("raci:row", args=[request.actor.workspace.slug, campaign.code, _NO_ROW]).split(str(_NO_ROW))


def adding(request, slug, code):
    """What may still become a row, or a column (`?for=columns`), with the columns as they stand."""
    campaign = find_campaign(request, code)
    found = matrix_of(request.actor, campaign)
    is_columns = request.GET.get("for") == "columns"
    more = free_columns(request.actor, found) if is_columns else free_work(request.actor, campaign, found)
    context = {**frame(request, campaign, found), **more, "is_columns": is_columns}
    return render(request, "raci/_adding.html" if request.htmx else "raci/adding.html", context)


def free_work(actor, campaign, found):
    """Work of the plan that has no row yet."""
    known = {row.task_id or row.deliverable_id for row in found.rows}
    tasks = Task.objects.visible_to(actor).of(campaign).active().values_list("pk", "title")
    handed_over = Deliverable.objects.visible_to(actor).of(campaign).filter(task__archived_at=None)
    return {
        "row_form": RowForm(),
        "phases": Phase.objects.visible_to(actor).of(campaign),
        "tasks": [(pk, title) for pk, title in tasks if pk not in known],
        "deliverables": [(pk, name) for pk, name in handed_over.values_list("pk", "name") if pk not in known],
    }


def free_columns(actor, found):
    """Functions, persons and organisations that are no column yet."""
    known = {one.function or one.user_id or one.organization_id for one in found.holders}
    organizations = Organization.objects.visible_to(actor).active().order_by("name")
    return {
        "functions": [(value, capfirst(label)) for value, label in Function.choices if value not in known],
        "persons": [(one.user_id, one.user.name) for one in people_of(actor) if one.user_id not in known],
        "organizations": [(one.pk, one.name) for one in organizations if one.pk not in known],
        "kinds": HolderKind,
    }


def structure_of(found):
    """Changes whenever rows or columns do: a sheet that is open then has to be read anew."""
    named = [[str(row.pk), row.name, row.shown_kind, str(row.due)] for row in found.rows]
    named += [[str(one.pk), one.label] for one in found.holders]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:16]


def feed(request, slug, code):
    """The letters of all cells that are not empty, for a sheet that is open; 304 while nothing has changed."""
    campaign = find_campaign(request, code)
    found = matrix_of(request.actor, campaign)
    cells = sorted([str(row), str(holder), text] for (row, holder), text in found.letters.items())
    body = json.dumps({"structure": structure_of(found), "cells": cells}).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(body, content_type="application/json", headers={"ETag": tag})


def findings_context(request, campaign, found):
    """The findings in words, grouped by kind, and how many rows are a vacuum or overlap."""
    groups = {}
    listed = findings_of(request.actor, campaign, found)
    for one in listed:
        words = one.values["title"] if one.code in PLAIN else sentence(one)
        groups.setdefault(one.code, []).append({"row": one.row, "rows": one.rows, "sentence": words})
    vacuum, overlap = lint.gaps_in(listed)
    return {
        "groups": [
            {"code": code, "label": LABELS[code], "is_block": code in lint.BLOCKING, "found": found}
            for code, found in groups.items()
        ],
        "count": len(listed),
        "blocking": sum(1 for one in listed if one.severity == lint.BLOCK),
        "vacuum": len(vacuum),
        "overlap": len(overlap),
        "overload": lint.OVERLOAD,
    }


def findings(request, slug, code):
    """The fragment with the findings, read again after each save."""
    campaign = find_campaign(request, code)
    context = {"campaign": campaign, "slug": slug, "row_page": row_page(request, campaign)}
    context |= findings_context(request, campaign, matrix_of(request.actor, campaign))
    return render(request, "raci/_findings.html", context)


@require_POST
def save(request, slug, code):
    """Save a batch of cells: all of them, or 422/409 with a sentence per refused cell."""
    campaign = find_campaign(request, code)
    try:
        changes = _changes(body_of(request))
        actions.set_letters(request.actor, campaign=campaign, changes=changes)
    except PharosError as error:
        return refused(error)
    return JsonResponse({"cells": []})


def _changes(body):
    """The Changes of the sheet's batch; Invalid when it is none."""
    try:
        return [_change(one) for one in body["changes"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(_("These cells could not be read."), code="batch") from error


def _change(one):
    seen = _letters(one["was"]) if "was" in one else ...
    return actions.Change(UUID(one["row"]), UUID(one["col"]), _letters(one["value"]), seen)


def _letters(value):
    text = " ".join(value.split()) if isinstance(value, str) else "" if value is None else value
    if not isinstance(text, str) or len(text) > LONGEST_CELL:
        raise TypeError(value)
    return text


def export(request, slug, code):
    """The whole matrix as CSV or workbook; the import takes it in again."""
    campaign = find_campaign(request, code)
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return table_response(kind, *table_of(request.actor, campaign))


@require_POST
def undo(request, slug, code, pk):
    """Take an act on the matrix back: answers the toast's button."""
    campaign = find_campaign(request, code)
    activity = Activity.objects.filter(pk=pk, campaign_id=campaign.pk, verb__startswith="raci.").first()
    if activity is None:
        raise Http404
    actions.undo(request.actor, campaign=campaign, activity=activity)
    return undone(request, _("Undone."), reverse("raci:matrix", args=[slug, code]))
