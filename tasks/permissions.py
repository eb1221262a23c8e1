"""Who may do what with the work."""

from accounts.permissions import partner_may
from campaigns.permissions import can_comment, can_plan, is_open
from core.policy import Policy, member, planner, role_in, seat, seat_at_work
from tasks.choices import TaskState

AREA = "tasks"


def can_schedule(actor, campaign):
    """Make, change, link and move tasks; keep baselines: whoever plans the campaign."""
    return can_plan(actor, campaign, AREA)


def can_work_on(actor, task):
    """Report on a task (state, progress, checklist, files): whoever plans, its assignees, and the seats of the
    organisation it is with."""
    if actor.seat is not None:
        return partner_may(actor, task, AREA) and is_open(task)
    return can_plan(actor, task) or (can_comment(actor, task) and _is_assigned(actor, task))


def can_bring(actor, task, state):
    """Bring a task into a state: who works on it; whether it is wanted at all is not for a partner to say."""
    return can_work_on(actor, task) and (actor.seat is None or state != TaskState.CANCELLED)


def can_raise_problem(actor, campaign, subject=None):
    """Whoever may speak in a campaign may say that something stands in the way; seats on tasks of their own."""
    if actor.seat is not None:
        is_task = subject is not None and subject._meta.label_lower == "tasks.task"
        return is_task and partner_may(actor, subject, AREA) and is_open(campaign)
    return can_comment(actor, campaign, AREA)


def can_solve_problem(actor, problem):
    """Whoever plans, who raised it, and who was asked to solve it; a seat what it raised itself."""
    if actor.seat is not None:
        is_reached = problem.campaign_id in actor.campaigns_of(AREA, "write")
        return is_reached and seat_at_work(actor) and actor.user_id == problem.raised_by_id and is_open(problem)
    return can_plan(actor, problem) or (
        can_comment(actor, problem) and actor.user_id in (problem.solver_id, problem.raised_by_id)
    )


def _is_assigned(actor, task):
    return task.assignees.filter(pk=actor.user_id).exists()


worker = role_in("owner", "manager", "member", "approver", "finance")
READ = Policy(reads=member, area=AREA)
PLAN = Policy(reads=member, writes=planner, area=AREA)
WORK = Policy(reads=member, writes=worker, area=AREA)
TALK = Policy(reads=worker, writes=worker, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)

PAGES = {
    READ: "list board calendar workload recurrences detail problems file deliverable-file gantt table gantt-xlsx "
    "gantt-pdf baselines baseline",
    WORK: "cell move problem problem-solve problem-reopen item-add item item-remove deliverable-deliver "
    "deliverable-take-back file-add file-remove",
    TALK: "problem-raise",
    PLAN: "quick undo undo-last redo link-remove step duplicate archive restore deliverable-add deliverable "
    "deliverable-remove recurrence-archive recurrence-restore baseline-take baseline-rename baseline-delete tag-add "
    "tag tag-remove",
    EDIT: "create edit bulk settings reschedule order link link-add recurrence-create recurrence",
}
REST = {
    WORK: {
        "tasks": "transitions progress",
        "checklist-items": "list detail",
        "deliverables": "list detail deliver take-back",
        "task-files": "list detail",
        "problems": "list detail solve reopen",
    },
    PLAN: {
        "tasks": "list detail move place predecessors duplicate archive restore bulk reorder moves",
        "dependencies": "list detail",
        "work-plans": "list detail undo redo",
        "baselines": "list detail",
        "task-tags": "list detail",
        "recurrences": "list detail restore",
    },
    READ: {"task-files": "content", "baselines": "variance", "work-plan": "feed"},
}
SEE = Policy(reads=seat, area=AREA)
DO = Policy(reads=None, writes=seat_at_work, area=AREA)
BOTH = Policy(reads=seat, writes=seat_at_work, area=AREA)
PAGES |= {
    SEE: "partner-tasks partner-task partner-file",
    DO: "partner-move partner-progress partner-tick partner-file-add partner-problem partner-solve",
}
REST |= {
    SEE: {"partner-tasks": "list detail", "partner-checklist-items": "list", "partner-task-files": "detail content"}
    | {"partner-problems": "detail"},
    DO: {"partner-tasks": "transitions progress", "partner-problems": "solve"},
    BOTH: {"partner-checklist-items": "detail", "partner-task-files": "list", "partner-problems": "list"},
}
POLICY = {f"tasks:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
