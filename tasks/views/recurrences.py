"""Recurring tasks of a campaign: the list, the form, archive and restore."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns.views import undone
from tasks.actions import recurrences as acts
from tasks.actions import today_of
from tasks.forms import RecurrenceForm
from tasks.models import Recurrence, Task
from tasks.rules.recurrences import in_words
from tasks.views import campaign_of, frame


def recurrence_of(request, code, pk):
    """A recurring task of the campaign of the address, or 404."""
    rows = Recurrence.objects.visible_to(request.actor).select_related("workspace", "campaign", "phase")
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def recurrences(request, slug, code):
    campaign = campaign_of(request, code)
    rows = Recurrence.objects.visible_to(request.actor).of(campaign).prefetch_related("assignees")
    rows = list(rows.filter(archived_at__isnull=request.GET.get("archived") != "1"))
    made = Task.objects.visible_to(request.actor).active().filter(recurrence__in=rows).order_by("occurrence_date")
    today, coming = today_of(campaign), {}
    for task in made.filter(finish_date__gte=today):
        coming.setdefault(task.recurrence_id, []).append(task)
    for row in rows:
        row.words, row.coming = in_words(row.rule), coming.get(row.pk, [])[:3]
    return render(request, "tasks/recurrences.html", frame(request, campaign, "recurrences", rows=rows))


def create(request, slug, code):
    campaign = campaign_of(request, code)
    initial = {"start_date": max(today_of(campaign), campaign.start_date)}
    form = RecurrenceForm(request.POST or None, actor=request.actor, campaign=campaign, initial=initial)
    if form.carries_out(lambda **typed: acts.create_recurrence(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("%(name)s comes again from now on.") % {"name": form.result})
        return redirect("tasks:recurrences", slug, code)
    return form_page(request, "tasks/recurrence_form.html", form, **frame(request, campaign, "recurrences"))


def edit(request, slug, code, pk):
    row = recurrence_of(request, code, pk)
    form = RecurrenceForm(request.POST or None, actor=request.actor, campaign=row.campaign, row=row)
    if form.carries_out(lambda **typed: acts.update_recurrence(request.actor, recurrence=row, **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": row})
        return redirect("tasks:recurrences", slug, code)
    context = frame(request, row.campaign, "recurrences", recurrence=row)
    return form_page(request, "tasks/recurrence_form.html", form, **context)


@require_POST
def archive(request, slug, code, pk):
    row = acts.archive_recurrence(request.actor, recurrence=recurrence_of(request, code, pk))
    undo = reverse("tasks:recurrence-restore", args=[slug, code, pk])
    messages.success(request, _("%(name)s comes no more.") % {"name": row}, extra_tags=undo)
    return redirect("tasks:recurrences", slug, code)


@require_POST
def restore(request, slug, code, pk):
    row = acts.restore_recurrence(request.actor, recurrence=recurrence_of(request, code, pk))
    return undone(request, _("%(name)s comes again.") % {"name": row}, reverse("tasks:recurrences", args=[slug, code]))
