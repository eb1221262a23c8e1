"""What a partner sees of its tasks and reports on them. Rows are the seat's organisation's alone."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.permissions import can_ask
from core.errors import PharosError
from core.files import served
from tasks.actions import change_task_state, report_progress, today_of
from tasks.actions.checklist import update_checklist_item
from tasks.actions.files import attach_file
from tasks.actions.problems import raise_problem, solve_problem
from tasks.forms import PartnerProblemForm, ProgressForm, SolutionForm, StateForm, UploadForm
from tasks.models import ChecklistItem, Problem, Task, TaskFile
from tasks.permissions import can_raise_problem, can_solve_problem, can_work_on
from tasks.rules import states
from tasks.views import read

DAYS, MOST_DONE = 3, 20


def listing(request, slug):
    """Open tasks by the day they have to be finished, then those that were finished last."""
    today = timezone.localdate()
    rows = Task.objects.visible_to(request.actor).of_partner()
    open_rows = dressed(rows.open().by_day(), today)
    done = list(rows.filter(state="done").order_by("-actual_finish", "pk")[:MOST_DONE])
    return render(request, "tasks/partner_list.html", {"slug": slug, "tasks": open_rows, "done": done})


def dressed(rows, today):
    """Tasks with the days that are `left`."""
    rows = list(rows)
    for row in rows:
        row.left = (row.finish_date - today).days if row.finish_date else None
    return rows


def task_of(request, pk):
    rows = Task.objects.visible_to(request.actor).of_partner().select_related("workspace", "campaign__workspace")
    return get_object_or_404(rows, pk=pk)


def detail(request, slug, pk):
    return page_of(request, task_of(request, pk))


def page_of(request, task, status=200, **more):
    """The page of a task; `more` are forms that were refused."""
    actor, today = request.actor, today_of(task.campaign)
    dressed([task], today)
    problems = list(Problem.objects.visible_to(actor).about(task).order_by("state", "due_date"))
    for problem in problems:
        problem.may_solve = problem.state == "open" and bool(can_solve_problem(actor, problem))
    waiting = sum(problem.state == "open" for problem in problems)
    may_work = bool(can_work_on(actor, task))
    due = {"due_date": today + timedelta(DAYS)}
    context = {
        "slug": task.workspace.slug,
        "task": task,
        "items": list(task.checklist.all()),
        "files": list(task.files.select_related("file")),
        "problems": problems,
        "may_work": may_work,
        "moves": moves_of(task, waiting) if may_work else [],
        "may_raise": bool(can_raise_problem(actor, task.campaign, task)) and task.is_open,
        "may_ask": bool(can_ask(actor, task.campaign)),
        "problem_form": PartnerProblemForm(initial=due, auto_id="problem_%s"),
        **more,
    }
    return render(request, "tasks/partner_task.html", context, status=status)


def moves_of(task, waiting):
    """[(state, label)] that a partner may bring its task to: whether it is wanted at all is for the client to say."""
    if task.is_summary:
        return []
    found = states.moves(task.state, problems=waiting)
    return [(state.value, state.label) for state in found if state not in ("blocked", "cancelled")]


def carried_out(request, slug, pk, act, sentence=""):
    """Do one thing with a task and go back to its page; a refusal is said."""
    try:
        act()
    except PharosError as error:
        messages.error(request, " ".join(map(str, error.errors.values())) or str(error))
    else:
        if sentence:
            messages.success(request, sentence)
    return redirect("tasks:partner-task", slug, pk)


@require_POST
def move(request, slug, pk):
    """Say in which state the task is."""
    task = task_of(request, pk)

    def act():
        change_task_state(request.actor, task=task, state=read(StateForm(request.POST))["state"])

    return carried_out(request, slug, pk, act, _("That is noted."))


@require_POST
def progress(request, slug, pk):
    """Say how far it is."""
    task = task_of(request, pk)

    def act():
        report_progress(request.actor, task=task, **read(ProgressForm(request.POST)))

    return carried_out(request, slug, pk, act, _("That is noted."))


@require_POST
def tick(request, slug, pk):
    """Tick a line of the checklist, or take the tick back."""
    rows = ChecklistItem.objects.visible_to(request.actor).select_related("task", "task__campaign", "task__workspace")
    item = get_object_or_404(rows.filter(task__archived_at=None), pk=pk)

    def act():
        update_checklist_item(request.actor, item=item, is_done=item.done_at is None)

    return carried_out(request, slug, item.task_id, act)


@require_POST
def file_add(request, slug, pk):
    """Attach a file."""
    task = task_of(request, pk)

    def act():
        attach_file(request.actor, task=task, upload=read(UploadForm(request.POST, request.FILES))["file"])

    return carried_out(request, slug, pk, act, _("The file is attached."))


def file(request, slug, pk):
    """The bytes of a file of a task."""
    rows = TaskFile.objects.visible_to(request.actor).filter(task__archived_at=None).select_related("file")
    return served(get_object_or_404(rows, pk=pk).file)


@require_POST
def problem(request, slug, pk):
    """Say what stands in the way; whoever owns the campaign has to solve it."""
    task = task_of(request, pk)
    form = PartnerProblemForm(request.POST, auto_id="problem_%s")
    if form.carries_out(lambda **typed: raised(request.actor, task, **typed)):
        messages.success(request, _("The client is told."))
        return redirect("tasks:partner-task", slug, pk)
    return page_of(request, task, 422, problem_form=form)


def raised(actor, task, **typed):
    campaign = task.campaign
    return raise_problem(actor, campaign=campaign, subject=task, solver=campaign.owner, **typed)


@require_POST
def solve(request, slug, pk):
    """Say how a problem was solved that the seat raised itself."""
    rows = Problem.objects.visible_to(request.actor).select_related("campaign", "workspace", "raised_by")
    row = get_object_or_404(rows, pk=pk)

    def act():
        solve_problem(request.actor, problem=row, **read(SolutionForm(request.POST)))

    return carried_out(request, slug, row.subject_id, act, _("The task goes on."))
