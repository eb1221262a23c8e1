"""The steps of a playbook: add, change, order, remove."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from risks import actions
from risks.forms import ScriptForm
from risks.models import PlaybookStep
from risks.views import carried_out
from risks.views.playbooks import playbook_of


def step_of(request, pk):
    rows = PlaybookStep.objects.visible_to(request.actor)
    related = ("playbook", "playbook__workspace", "playbook__campaign", "playbook__campaign__workspace")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def add(request, slug, pk):
    playbook = playbook_of(request, pk)
    form = ScriptForm(request.POST or None)
    if form.carries_out(lambda **typed: actions.add_step(request.actor, playbook=playbook, **typed)):
        messages.success(request, _("The step is added."))
        return redirect(playbook)
    return form_page(request, "risks/step_form.html", form, slug=slug, playbook=playbook)


def edit(request, slug, pk):
    step = step_of(request, pk)
    form = ScriptForm(request.POST or None, row=step)
    if form.carries_out(lambda **typed: actions.update_step(request.actor, step=step, **typed)):
        messages.success(request, _("The step is saved."))
        return redirect(step.playbook)
    return form_page(request, "risks/step_form.html", form, slug=slug, playbook=step.playbook, step=step)


@require_POST
def move(request, slug, pk):
    """One place up or down."""
    step = step_of(request, pk)
    order = list(step.playbook.steps.values_list("pk", flat=True))
    place = order.index(step.pk) + (1 if request.POST.get("way") == "down" else -1)
    carried_out(request, lambda: actions.move_step(request.actor, step=step, position=max(0, place)))
    return redirect(step.playbook)


@require_POST
def remove(request, slug, pk):
    step = step_of(request, pk)
    carried_out(request, lambda: _removed(request, step), _("The step is removed."))
    return redirect(step.playbook)


def _removed(request, step):
    actions.remove_step(request.actor, step=step)
    return step
