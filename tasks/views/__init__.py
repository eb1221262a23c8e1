"""The pages of the work, and what they share: campaign and task of the address, tabs, filters, answers of acts."""

from datetime import date

from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from campaigns.views import find_campaign as campaign_of
from core.errors import Invalid
from tasks.actions import today_of
from tasks.models import Task
from tasks.permissions import can_raise_problem, can_schedule

VIEWS = (
    ("list", gettext_lazy("List")),
    ("gantt", gettext_lazy("Gantt")),
    ("board", gettext_lazy("Board")),
    ("calendar", gettext_lazy("Calendar")),
    ("workload", gettext_lazy("Workload")),
    ("problems", gettext_lazy("Problems")),
    ("recurrences", gettext_lazy("Recurring")),
    ("baselines", gettext_lazy("Baselines")),
)
NOT_KEPT = ("page", "export", "from", "month", "week", "scale", "group", "o")


def task_of(request, code, pk):
    """A task of the campaign of the address, archived ones too, or 404."""
    rows = Task.objects.visible_to(request.actor).listed()
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def day_of(text):
    """A day of the query string, or None."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def frame(request, campaign, view, **context):
    """What every view of the work shows: tabs that keep the filters, and what the actor may do."""
    kept = request.GET.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    query = f"?{kept.urlencode()}" if kept else ""
    place = [campaign.workspace.slug, campaign.code]
    tabs = [
        {"label": label, "url": address + query, "active": name == view}
        for name, label in VIEWS
        if (address := url_of(name, *place))
    ]
    return {
        "campaign": campaign,
        "slug": campaign.workspace.slug,
        "view": view,
        "tabs": tabs,
        "may_plan": can_schedule(request.actor, campaign),
        "may_raise": can_raise_problem(request.actor, campaign),
        "today": today_of(campaign),
        **context,
    }


def url_of(name, *args):
    """The address of a page of the work; "" where there is no such page."""
    try:
        return reverse(f"tasks:{name}", args=args)
    except NoReverseMatch:
        return ""


def read(form):
    """What was typed, or Invalid with the first thing that is wrong."""
    if form.is_valid():
        return form.cleaned_data
    field, sentences = next(iter(form.errors.items()))
    raise Invalid(str(sentences[0]), code="invalid", errors={field: str(sentences[0])})
