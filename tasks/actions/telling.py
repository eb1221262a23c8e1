"""What partners are told by mail: the tasks that were given to them, once an hour."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from core.jobs import enqueue
from core.models import Activity
from tasks.models import Task

HOUR = timedelta(hours=1)
MOST_LINES = 20
TASK = "tasks.task"


def ask_telling(plan, organizations):
    """Have partners told at the end of the hour that tasks are theirs now, however many acts it took."""
    slot = int(timezone.now().timestamp() // HOUR.total_seconds())
    for key in organizations:
        enqueue(
            "tasks.tell_given",
            workspace_id=plan.workspace_id,
            key=f"tasks.tell_given:{key}:{slot}",
            run_at=start_of(slot + 1),
            organization_id=key,
            slot=slot,
        )


def start_of(slot):
    """When an hour begins."""
    return datetime.fromtimestamp(int(slot) * HOUR.total_seconds(), UTC)


def given_in(organization_id, slot):
    """Ids of tasks that were made or given to a partner in an hour: the lines that undo goes by name them."""
    hour = {"at__gte": start_of(slot), "at__lt": start_of(slot) + HOUR}
    lines = Activity.objects.filter(verb__startswith="tasks.", inverse__isnull=False, **hour)
    found = set()
    for inverse in lines.values_list("inverse", flat=True):
        found |= {key for label, key, _version in inverse["made"] if label == TASK}
        found |= {
            key
            for label, key, _old, _new, _before, after in inverse["rows"]
            if label == TASK and after.get("organization_id") == str(organization_id)
        }
    return found


def tell_given(actor, seat, keys):
    """Mail a seat those of the tasks that are its organisation's and still to be done; True if there are any."""
    rows = Task.objects.visible_to(actor).of_partner().open().filter(organization=seat.organization_id).by_day()
    tasks = [task for task in rows if str(task.pk) in keys]
    if tasks:
        _mail(seat, tasks)
    return bool(tasks)


def _mail(seat, tasks):
    workspace = seat.workspace
    with translation.override(seat.user.language or workspace.language):
        url = settings.BASE_URL + reverse("tasks:partner-tasks", args=[workspace.slug])
        words = {"tasks": tasks[:MOST_LINES], "more": max(len(tasks) - MOST_LINES, 0), "count": len(tasks)}
        words |= {"user": seat.user, "client": workspace.name, "url": url}
        subject = " ".join(render_to_string("tasks/mail/given_subject.txt", words).split())
        send_mail(subject, render_to_string("tasks/mail/given.txt", words), None, [seat.email])
