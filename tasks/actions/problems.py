"""Acts on problems: raise, hand on, solve, open again, escalate. A task with an open problem is blocked."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import RuleBroken, require
from core.jobs import enqueue
from core.swap import swap
from tasks.actions.parts import said
from tasks.actions.states import set_task_state
from tasks.choices import ProblemState, TaskState
from tasks.models import Problem, Task
from tasks.permissions import can_raise_problem, can_solve_problem
from tasks.signals import accountable_asked


@transaction.atomic
def raise_problem(actor, *, campaign, subject, text, solver, due_date):
    """Say what stands in the way of a thing of a campaign, who must solve it, by when. It blocks an open task."""
    require(can_raise_problem(actor, campaign, subject))
    if getattr(subject, "archived_at", None) is not None:
        raise RuleBroken(_("This is archived. Restore it first."), code="archived")
    task = subject if isinstance(subject, Task) else None
    problem = Problem.objects.create(
        workspace=campaign.workspace,
        campaign=campaign,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        text=_text(text),
        solver=solver,
        due_date=due_date,
        raised_by=actor.user,
        state_before=_state_before(task),
    )
    record(actor, "tasks.problem_raised", problem)
    _block(actor, problem, task)
    _tell(actor, problem, "raised", [solver])
    return problem


def _text(text):
    return said("text", text, _("Say what stands in the way."))


def _state_before(task):
    """The state that a problem takes from a task; empty where it takes none: the task is over, blocked already, or
    has its state from its sub-tasks."""
    if task is None:
        return ""
    task.refresh_from_db(fields=["state", "lock_version"])  # whoever raises it need not have seen the newest state
    return task.state if task.is_open and task.state != TaskState.BLOCKED and not task.is_summary else ""


def _block(actor, problem, task):
    if problem.state_before and task is not None and task.state != TaskState.BLOCKED:
        set_task_state(actor, task=task, state=TaskState.BLOCKED, can_undo=False)


@transaction.atomic
def change_problem(actor, *, problem, seen=None, **changes):
    """Reword a problem, hand it to somebody else, or give it another day; a later day takes the escalation back."""
    require(can_solve_problem(actor, problem))
    _check_open(problem)
    if "text" in changes:
        changes["text"] = _text(changes["text"])
    if "due_date" in changes and changes["due_date"] > problem.due_date:
        changes["escalated_at"] = None
    diff = swap(problem, seen=seen, **changes)
    if diff:
        record(actor, "tasks.problem_changed", problem, changes=diff)
    if "solver" in diff:
        _tell(actor, problem, "raised", [problem.solver])
    return problem


def _check_open(problem):
    if problem.state != ProblemState.OPEN:
        raise RuleBroken(_("This problem is solved already."), code="solved")


@transaction.atomic
def solve_problem(actor, *, problem, solution, seen=None):
    """Say how a problem was solved. A task goes on where it was when its last open problem is solved."""
    require(can_solve_problem(actor, problem))
    _check_open(problem)
    solution = said("solution", solution, _("Say how it was solved."))
    diff = swap(problem, seen=seen, state=ProblemState.SOLVED, solution=solution, solved_at=timezone.now())
    diff.pop("solved_at")
    record(actor, "tasks.problem_solved", problem, changes=diff)
    _unblock(actor, problem)
    _tell(actor, problem, "solved", [problem.raised_by])
    return problem


def _task_of(problem):
    if problem.subject_type != Task._meta.label_lower:
        return None
    return Task.objects.filter(pk=problem.subject_id, workspace_id=problem.workspace_id).first()


def _unblock(actor, problem):
    task = _task_of(problem)
    if task is None or task.state != TaskState.BLOCKED or Problem.objects.open().about(task).exists():
        return
    known = Problem.objects.about(task).exclude(state_before="").order_by("-created_at", "-pk").first()
    set_task_state(actor, task=task, state=known.state_before if known else TaskState.TODO, can_undo=False)


@transaction.atomic
def reopen_problem(actor, *, problem, seen=None):
    """It was not solved after all: it blocks again."""
    require(can_solve_problem(actor, problem))
    if problem.state == ProblemState.OPEN:
        raise RuleBroken(_("This problem is still open."), code="open")
    task = _task_of(problem)
    task = task if task is not None and task.archived_at is None else None
    changes = {"state": ProblemState.OPEN, "solved_at": None, "solution": "", "escalated_at": None}
    diff = swap(problem, seen=seen, **changes, state_before=_state_before(task) or problem.state_before)
    shown = {field: diff[field] for field in ("state", "solution") if field in diff}
    record(actor, "tasks.problem_reopened", problem, changes=shown)
    if _state_before(task):
        _block(actor, problem, task)
    _tell(actor, problem, "raised", [problem.solver])
    return problem


@transaction.atomic
def escalate_problem(actor, *, problem):
    """An overdue problem goes to the campaign's owner and to whoever answers for the thing; once."""
    if problem.state != ProblemState.OPEN or problem.escalated_at is not None:
        return problem
    swap(problem, escalated_at=timezone.now())
    record(actor, "tasks.problem_escalated", problem, changes={"due_date": [None, problem.due_date]})
    answers = accountable_asked.send(sender=Problem, problem=problem)
    people = [problem.campaign.owner, problem.solver, *(user for _receiver, found in answers for user in found or ())]
    _tell(actor, problem, "escalated", people)
    return problem


def _tell(actor, problem, occasion, people):
    """A mail to each of them, oneself left out."""
    for key in dict.fromkeys(user.pk for user in people if user is not None and user.pk != actor.user_id):
        ids = {"problem_id": problem.pk, "user_id": key, "occasion": occasion}
        enqueue("tasks.tell_problem", workspace_id=problem.workspace_id, **ids)


def tell_problem(problem, user, occasion, seat=None):
    """The mail about a problem that was raised, solved or escalated; to a partner's seat at its own address."""
    workspace, campaign = problem.workspace, problem.campaign
    with translation.override(user.language or workspace.language):
        page = reverse("tasks:problem", args=[workspace.slug, campaign.code, problem.pk])
        if seat is not None:
            page = reverse("tasks:partner-task", args=[workspace.slug, problem.subject_id])
        url = settings.BASE_URL + page
        words = {"problem": problem, "campaign": campaign, "user": user, "url": url, "occasion": occasion}
        subject = " ".join(render_to_string("tasks/mail/problem_subject.txt", words).split())
        to = seat.email if seat is not None else user.email
        send_mail(subject, render_to_string("tasks/mail/problem.txt", words), None, [to])
