"""Acts on the work of a campaign: the only writer of tasks. Acts that move dates answer with an Outcome."""

from tasks.actions.baselines import delete_baseline, rename_baseline, take_baseline, variance_of
from tasks.actions.bulk import edit_tasks
from tasks.actions.links import (
    link_tasks,
    numbers_of,
    predecessors_text,
    set_predecessors,
    unlink,
    update_link,
)
from tasks.actions.loading import today_of
from tasks.actions.moves import move_task, move_tasks, propose_move
from tasks.actions.plan import (
    Outcome,
    ask_refresh,
    plan_back_from_launch,
    refresh_plan,
    replan,
    update_work_plan,
    work_plan_of,
)
from tasks.actions.states import change_task_state, report_progress, set_task_state
from tasks.actions.tasks import (
    archive_task,
    create_task,
    duplicate_task,
    place_task,
    reorder_tasks,
    restore_task,
    step_task,
    update_task,
)
from tasks.actions.undo import next_to_redo, next_to_undo, redo_change, undo_change

__all__ = [
    "Outcome",
    "archive_task",
    "ask_refresh",
    "change_task_state",
    "create_task",
    "delete_baseline",
    "duplicate_task",
    "edit_tasks",
    "link_tasks",
    "move_task",
    "move_tasks",
    "next_to_redo",
    "next_to_undo",
    "numbers_of",
    "place_task",
    "plan_back_from_launch",
    "predecessors_text",
    "propose_move",
    "redo_change",
    "refresh_plan",
    "rename_baseline",
    "reorder_tasks",
    "replan",
    "report_progress",
    "restore_task",
    "set_predecessors",
    "set_task_state",
    "step_task",
    "take_baseline",
    "today_of",
    "undo_change",
    "unlink",
    "update_link",
    "update_task",
    "update_work_plan",
    "variance_of",
    "work_plan_of",
]
