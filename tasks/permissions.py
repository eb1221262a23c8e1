"""Who may do what with the work."""

from campaigns.permissions import can_comment, can_plan
from core.policy import Policy, member, planner, role_in

AREA = "tasks"


def can_schedule(actor, campaign):
    """Make, change, link and move tasks; keep baselines: whoever plans the campaign."""
    return can_plan(actor, campaign, AREA)


def can_work_on(actor, task):
    """Report on a task (state, progress, checklist, files): whoever plans, and its assignees."""
    return can_plan(actor, task) or (can_comment(actor, task) and _is_assigned(actor, task))


def can_raise_problem(actor, campaign):
    """Whoever may speak in a campaign may say that something stands in the way."""
    return can_comment(actor, campaign, AREA)


def can_solve_problem(actor, problem):
    """Whoever plans, who raised it, and who was asked to solve it."""
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
POLICY = {f"tasks:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
