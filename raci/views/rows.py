"""Rows of the matrix: the list by row (also for phones and without scripts), one row, adding, order, removal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.views import leave, offer_undo
from raci import actions
from raci.choices import LetterKind
from raci.forms import ChangeForm, FromPlanForm, RowForm
from raci.models import RaciHolder, RaciRow, cells_of, matrix_of
from raci.permissions import can_assign
from raci.rules.letters import ORDER
from raci.views import back, find_campaign, find_row, order_of, put_in_order, tried
from raci.views.matrix import findings_context, frame

PAGE = 50


def rows(request, slug, code):
    """Every row with its letters by holder."""
    campaign = find_campaign(request, code)
    found = matrix_of(request.actor, campaign)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    names = [(one, conditional_escape(one.label)) for one in found.holders]
    lines = [(row, [(name, text) for one, name in names if (text := found.at(row, one))]) for row in page]
    context = {**frame(request, campaign, found), "lines": lines, "page": page}
    if request.htmx:
        return render(request, "raci/_rows.html", context)
    return render(request, "raci/rows.html", context | findings_context(request, campaign, found))


def row(request, slug, code, pk):
    """One row: its letters by holder to be set, and what it says of itself."""
    campaign = find_campaign(request, code)
    return row_page(request, campaign, find_row(request, campaign, pk))


def row_page(request, campaign, row, form=None):
    letters = cells_of(campaign, row=row)
    holders = RaciHolder.objects.visible_to(request.actor).of(campaign).with_names()
    context = {
        "campaign": campaign,
        "slug": request.actor.workspace.slug,
        "row": row,
        "may_assign": can_assign(request.actor, campaign),
        "lines": [(one, letters.get((row.pk, one.pk), "")) for one in holders] if row.has_letters else [],
        "kinds": LetterKind,
        "form": form or ChangeForm(row=row),
    }
    status = 422 if form and form.errors else 200
    return render(request, "raci/_row.html" if request.htmx else "raci/row.html", context, status=status)


@require_POST
def letters(request, slug, code, pk):
    """Set the letters of one row: for each column those that are ticked, against those that were shown."""
    campaign = find_campaign(request, code)
    found = find_row(request, campaign, pk)
    changes = []
    for holder in RaciHolder.objects.visible_to(request.actor).of(campaign):
        seen = request.POST.get(f"seen-{holder.pk}")
        wanted = "".join(one for one in ORDER if one in request.POST.getlist(f"letters-{holder.pk}"))
        if seen is not None and wanted != seen:
            changes.append(actions.Change(found.pk, holder.pk, wanted, seen[:8]))
    act = lambda: actions.set_letters(request.actor, campaign=campaign, changes=changes)  # noqa: E731
    done = tried(request, act, _("Saved.")) is not None
    if not done:
        return leave(request, reverse("raci:row", args=[slug, code, pk]))
    is_list = request.POST.get("back") == "rows"
    place = reverse("raci:rows" if is_list else "raci:matrix", args=[slug, code])
    return leave(request, f"{place}#row-{pk}" if is_list else place)


@require_POST
def change(request, slug, code, pk):
    """Change what a row says of itself."""
    campaign = find_campaign(request, code)
    found = find_row(request, campaign, pk)
    form = ChangeForm(request.POST, row=found)
    if form.carries_out(lambda **typed: actions.update_row(request.actor, row=found, **typed)):
        messages.success(request, _("Saved."))
        return leave(request, reverse("raci:matrix", args=[slug, code]))
    return row_page(request, campaign, found, form)


@require_POST
def add(request, slug, code):
    """Add a decision or a heading."""
    campaign = find_campaign(request, code)
    form = RowForm(request.POST)
    if form.carries_out(lambda **typed: actions.add_row(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
    else:
        messages.error(request, str(next(iter(next(iter(form.errors.values()))))))
    return back(request, slug, code)


@require_POST
def from_plan(request, slug, code):
    """Add rows for work of the plan that has none yet."""
    campaign = find_campaign(request, code)
    form = FromPlanForm(request.POST, actor=request.actor, campaign=campaign)
    if form.carries_out(lambda **typed: actions.add_from_plan(request.actor, campaign=campaign, **typed)):
        count = len(form.result)
        sentence = ngettext("%(count)d row added.", "%(count)d rows added.", count) % {"count": count}
        messages.success(request, sentence if count else _("All of it stands in the matrix already."))
    else:
        messages.error(request, str(next(iter(next(iter(form.errors.values()))))))
    return back(request, slug, code)


@require_POST
def order(request, slug, code):
    """Put the rows into the order the sheet sends, or move one by a step."""
    campaign = find_campaign(request, code)
    rows = RaciRow.objects.visible_to(request.actor).of(campaign).shown()
    act = lambda: actions.reorder_rows(request.actor, campaign=campaign, rows=order_of(request, rows))  # noqa: E731
    return put_in_order(request, slug, code, act)


@require_POST
def remove(request, slug, code, pk):
    campaign = find_campaign(request, code)
    found = find_row(request, campaign, pk)
    name = found.name
    activity = tried(request, lambda: actions.remove_row(request.actor, row=found))
    if activity:
        undo = reverse("raci:undo", args=[slug, code, activity.pk])
        offer_undo(request, _("“%(name)s” is off the matrix.") % {"name": name}, undo)
    return back(request, slug, code)
