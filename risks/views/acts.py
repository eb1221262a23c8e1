"""Acts on an incident from its page: steps, timeline, level, pause, close."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.views import find_campaign, undone
from risks import actions
from risks.forms import EntryForm, HandOverForm, IncidentMoveForm, LevelForm, PostMortemForm
from risks.models import IncidentStep
from risks.views import carried_out, read
from risks.views.incidents import incident_of, incident_page


def step_of(request, code, pk):
    """A step of an incident of the campaign of the address, or 404."""
    rows = IncidentStep.objects.visible_to(request.actor)
    related = ("incident", "incident__workspace", "incident__campaign", "incident__campaign__workspace", "owner")
    return get_object_or_404(rows.select_related(*related), pk=pk, campaign=find_campaign(request, code))


def _back(request, step):
    """My work when the step was done there, else the incident."""
    if request.POST.get("from") == "my-work":
        return redirect("overview:my-work", step.incident.workspace.slug)
    return redirect(f"{step.incident.get_absolute_url()}#steps")


@require_POST
def step_done(request, slug, code, pk):
    step = step_of(request, code, pk)
    undo = reverse("risks:step-reopen", args=[slug, code, pk])
    done = _("Done: %(step)s") % {"step": step.title}
    carried_out(request, lambda: actions.finish_step(request.actor, step=step), done, undo)
    return _back(request, step)


@require_POST
def step_skip(request, slug, code, pk):
    step = step_of(request, code, pk)
    undo = reverse("risks:step-reopen", args=[slug, code, pk])
    done = _("Left out: %(step)s") % {"step": step.title}
    carried_out(request, lambda: actions.skip_step(request.actor, step=step), done, undo)
    return _back(request, step)


@require_POST
def step_reopen(request, slug, code, pk):
    step = actions.reopen_step(request.actor, step=step_of(request, code, pk))
    return undone(request, _("Taken back: %(step)s") % {"step": step.title}, step.incident.get_absolute_url())


@require_POST
def step_hand_over(request, slug, code, pk):
    step = step_of(request, code, pk)

    def act():
        form = HandOverForm(request.POST, actor=request.actor)
        return actions.hand_over_step(request.actor, step=step, **read(form))

    if carried_out(request, act):
        carried_out(request, lambda: step, _("%(person)s does this step now.") % {"person": step.owner})
    return _back(request, step)


@require_POST
def note(request, slug, code, pk):
    row = incident_of(request, code, pk)
    form = EntryForm(request.POST)
    if form.carries_out(lambda **typed: actions.log_entry(request.actor, incident=row, **typed)):
        return redirect(f"{row.get_absolute_url()}#timeline")
    return incident_page(request, row, entry=form, status=422)


@require_POST
def level(request, slug, code, pk):
    row = incident_of(request, code, pk)
    if carried_out(request, lambda: actions.change_level(request.actor, incident=row, **read(LevelForm(request.POST)))):
        words = _("The level is “%(level)s” now; clocks follow.") % {"level": row.get_level_display()}
        carried_out(request, lambda: row, words)
    return redirect(row)


@require_POST
def pause(request, slug, code, pk):
    return _moved(request, code, pk, actions.pause_placements)


@require_POST
def resume(request, slug, code, pk):
    return _moved(request, code, pk, actions.resume_placements)


def _moved(request, code, pk, act):
    """What came of each placement stands in the timeline."""
    row = incident_of(request, code, pk)
    entry = carried_out(request, lambda: act(request.actor, incident=row))
    if entry is not None:
        placements = entry.placements
        words = {"done": sum(one["ok"] for one in placements), "all": len(placements), "text": entry.words}
        carried_out(request, lambda: entry, _("%(text)s %(done)s of %(all)s.") % words)
    return redirect(f"{row.get_absolute_url()}#timeline")


@require_POST
def move(request, slug, code, pk):
    row = incident_of(request, code, pk)
    form = IncidentMoveForm(request.POST, row=row, initial={})
    if form.carries_out(lambda **typed: actions.move_incident(request.actor, incident=row, **typed)):
        return redirect(row)
    return incident_page(request, row, post_mortem=form, status=422)


@require_POST
def post_mortem(request, slug, code, pk):
    row = incident_of(request, code, pk)
    form = PostMortemForm(request.POST, row=row)
    if form.carries_out(lambda **typed: actions.write_post_mortem(request.actor, incident=row, **typed)):
        return redirect(f"{row.get_absolute_url()}#post-mortem")
    return incident_page(request, row, post_mortem=form, status=422)
