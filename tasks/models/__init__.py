"""The work of a campaign: plan, tasks and their links, problems, baselines, recurring tasks."""

from tasks.models.baseline import Baseline, BaselineTask
from tasks.models.plan import Dependency, WorkPlan
from tasks.models.problem import Problem
from tasks.models.recurrence import Recurrence
from tasks.models.task import ChecklistItem, Deliverable, Tag, Task, TaskFile

__all__ = [
    "Baseline",
    "BaselineTask",
    "ChecklistItem",
    "Deliverable",
    "Dependency",
    "Problem",
    "Recurrence",
    "Tag",
    "Task",
    "TaskFile",
    "WorkPlan",
]
