"""The links of a task on pages: let it wait for another one, change how, take a link away."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from tasks import actions
from tasks.forms import LinkForm, NewLinkForm
from tasks.models import Dependency
from tasks.views import campaign_of, frame, task_of
from tasks.views.acts import answered, said


def link_of(request, code, pk):
    """A link of the campaign of the address, or 404."""
    rows = Dependency.objects.visible_to(request.actor).visible()
    rows = rows.select_related("predecessor", "successor__campaign", "successor__workspace", "campaign", "workspace")
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def link_add(request, slug, code, pk):
    """Let a task wait for another one."""
    task = task_of(request, code, pk)
    form = NewLinkForm(request.POST or None, actor=request.actor, task=task)
    if form.carries_out(lambda **typed: actions.link_tasks(request.actor, successor=task, **typed)):
        return _done(request, task, form.result)
    return form_page(request, "tasks/link_form.html", form, task=task, **frame(request, task.campaign, "table"))


def link(request, slug, code, pk):
    """How a link binds, and by how many days."""
    row = link_of(request, code, pk)
    form = LinkForm(request.POST or None, actor=request.actor, row=row)
    if form.carries_out(lambda **typed: actions.update_link(request.actor, link=row, **typed)):
        return _done(request, row.successor, form.result)
    context = {"task": row.successor, "link": row}
    return form_page(request, "tasks/link_form.html", form, **context, **frame(request, row.campaign, "table"))


def _done(request, task, outcome):
    place = [task.workspace.slug, task.campaign.code]
    undo = reverse("tasks:undo", args=[*place, outcome.activity]) if outcome.activity else ""
    messages.success(request, said(outcome, _("Saved.")), extra_tags=undo)
    return redirect(task)


@require_POST
def link_remove(request, slug, code, pk):
    row = link_of(request, code, pk)
    names = {"before": row.predecessor, "after": row.successor}
    sentence = _("“%(after)s” no longer waits for “%(before)s”.") % names
    back = row.successor.get_absolute_url()
    return answered(request, row.campaign, lambda: actions.unlink(request.actor, link=row), sentence, back)
