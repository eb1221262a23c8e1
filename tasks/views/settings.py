"""Settings of a plan: from which day, or back from which launch it is worked out, by which calendar; its tags."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import PharosError
from tasks import actions
from tasks.actions import tags as acts
from tasks.forms import FrameForm, TagForm
from tasks.models import Tag, WorkPlan
from tasks.views import campaign_of, frame
from tasks.views.acts import said


def settings(request, slug, code):
    """The settings, and changing the frame of the plan."""
    campaign = campaign_of(request, code)
    form = FrameForm(request.POST or None, actor=request.actor, row=plan_of(request, campaign))

    def act(seen, **typed):
        return actions.update_work_plan(request.actor, campaign=campaign, seen=seen or None, **typed)

    if form.carries_out(act):
        undo = form.result.activity
        undo = reverse("tasks:undo", args=[slug, code, undo]) if undo else ""
        messages.success(request, said(form.result, _("Saved.")), extra_tags=undo)
        return redirect("tasks:settings", slug, code)
    return page(request, campaign, form)


def plan_of(request, campaign):
    """The plan as it is stored, or as it will be when it is first needed."""
    found = WorkPlan.objects.visible_to(request.actor).filter(campaign=campaign).select_related("calendar").first()
    own = {"workspace_id": campaign.workspace_id, "campaign": campaign, "lock_version": 0}
    return found or WorkPlan(pk=campaign.pk, start_date=campaign.start_date, **own)


def page(request, campaign, form=None, tag_form=None):
    form = form or FrameForm(actor=request.actor, row=plan_of(request, campaign))
    rows = Tag.objects.visible_to(request.actor).of(campaign).annotate(used=Count("tasks")).order_by("name")
    bound = tag_form.row.pk if tag_form is not None and tag_form.row is not None else None
    context = {
        "form": form,
        "tag_form": tag_form if tag_form is not None and bound is None else TagForm(auto_id="new_%s"),
        "tags": [(tag, tag_form if tag.pk == bound else TagForm(row=tag, auto_id=f"{tag.pk}_%s")) for tag in rows],
    }
    is_refused = any(each is not None and each.errors for each in (form, tag_form))
    whole = frame(request, campaign, "settings", **context)
    return render(request, "tasks/settings.html", whole, status=422 if is_refused else 200)


@require_POST
def tag_add(request, slug, code):
    campaign = campaign_of(request, code)
    form = TagForm(request.POST, auto_id="new_%s")
    if form.carries_out(lambda **typed: acts.create_tag(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return redirect("tasks:settings", slug, code)
    return page(request, campaign, tag_form=form)


def tag_of(request, code, pk):
    """A tag of the campaign of the address, or 404."""
    campaign = campaign_of(request, code)
    return get_object_or_404(Tag.objects.visible_to(request.actor).select_related("campaign"), pk=pk, campaign=campaign)


@require_POST
def tag(request, slug, code, pk):
    """Give a tag another name."""
    row = tag_of(request, code, pk)
    form = TagForm(request.POST, row=row, auto_id=f"{row.pk}_%s")
    if form.carries_out(lambda **typed: acts.rename_tag(request.actor, tag=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("tasks:settings", slug, code)
    return page(request, campaign_of(request, code), tag_form=form)


@require_POST
def tag_remove(request, slug, code, pk):
    row = tag_of(request, code, pk)
    try:
        acts.delete_tag(request.actor, tag=row)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The tag “%(name)s” is gone.") % {"name": row.name})
    return redirect("tasks:settings", slug, code)
