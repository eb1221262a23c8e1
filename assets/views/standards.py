"""The workspace's output standards."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from assets import actions
from assets.choices import AssetKind
from assets.forms import StandardForm
from assets.models import OutputStandard
from assets.permissions import can_standardise
from assets.rules import standards
from assets.views import ICONS
from campaigns.views import undone


def listing(request, slug):
    """All standards by kind; archived ones on demand."""
    is_archive = request.GET.get("archived") == "1"
    rows = OutputStandard.objects.visible_to(request.actor).select_related("channel")
    rows = list(rows.filter(archived_at__isnull=not is_archive).order_by("name"))
    for row in rows:
        row.says = standards.said(row.demands)
    groups = [
        {"kind": kind, "label": capfirst(label), "icon": ICONS[kind], "rows": [row for row in rows if row.kind == kind]}
        for kind, label in AssetKind.choices
    ]
    context = {"slug": slug, "groups": groups, "is_archive": is_archive, "has_rows": bool(rows)}
    return render(request, "assets/standards.html", {**context, "may_write": can_standardise(request.actor)})


def create(request, slug, kind):
    if kind not in AssetKind.values:
        raise Http404
    form = StandardForm(request.POST or None, actor=request.actor, kind=kind)
    if form.carries_out(lambda **typed: actions.create_standard(request.actor, kind=kind, **typed)):
        messages.success(request, _("“%(name)s” is a standard now.") % {"name": form.result})
        return redirect("assets:standards", slug)
    return form_page(request, "assets/standard.html", form, slug=slug, kind=AssetKind(kind).label)


def edit(request, slug, pk):
    row = standard_of(request, pk)
    form = StandardForm(request.POST or None, actor=request.actor, kind=row.kind, row=row)
    if form.carries_out(lambda **typed: actions.update_standard(request.actor, standard=row, **typed)):
        messages.success(request, _("“%(name)s” is saved.") % {"name": row})
        return redirect("assets:standards", slug)
    return form_page(request, "assets/standard.html", form, slug=slug, kind=row.get_kind_display(), standard=row)


def standard_of(request, pk):
    return get_object_or_404(OutputStandard.objects.visible_to(request.actor), pk=pk)


@require_POST
def archive(request, slug, pk):
    row = actions.archive_standard(request.actor, standard=standard_of(request, pk))
    undo = reverse("assets:standard-restore", args=[slug, pk])
    messages.success(request, _("“%(name)s” is archived.") % {"name": row}, extra_tags=undo)
    return redirect("assets:standards", slug)


@require_POST
def restore(request, slug, pk):
    row = actions.restore_standard(request.actor, standard=standard_of(request, pk))
    return undone(request, _("“%(name)s” is back.") % {"name": row}, reverse("assets:standards", args=[slug]))
