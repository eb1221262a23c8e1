"""The states of a task, the moves between them, and what a move does to its actual days and its progress."""

from django.utils.translation import gettext as _

from core.errors import Invalid, RuleBroken
from tasks.choices import TaskState as S

OPEN = frozenset({S.TODO, S.IN_PROGRESS, S.IN_REVIEW, S.BLOCKED})
MOVES = {
    S.TODO: (S.IN_PROGRESS, S.IN_REVIEW, S.DONE, S.BLOCKED, S.CANCELLED),
    S.IN_PROGRESS: (S.IN_REVIEW, S.DONE, S.BLOCKED, S.TODO, S.CANCELLED),
    S.IN_REVIEW: (S.DONE, S.IN_PROGRESS, S.TODO, S.BLOCKED, S.CANCELLED),
    S.BLOCKED: (S.TODO, S.IN_PROGRESS, S.IN_REVIEW, S.CANCELLED),
    S.DONE: (S.IN_PROGRESS, S.IN_REVIEW, S.TODO),
    S.CANCELLED: (S.TODO,),
}
NEARLY = 99


def moves(state, *, problems=0):
    """The states a task may take next, in the order of its life. Only an open problem blocks, and while it is open the
    task stays blocked."""
    found = MOVES[S(state)]
    if state == S.BLOCKED:
        return found if not problems else (S.CANCELLED,)
    return found if problems else tuple(each for each in found if each != S.BLOCKED)


def check_move(state, target, *, problems=0):
    """RuleBroken unless the move exists; `problems` is the number of open problems of the task."""
    if target == S.BLOCKED and not problems:
        raise RuleBroken(_("Say what stands in the way: raise a problem."), code="problem_needed")
    if state == S.BLOCKED and problems and target in OPEN | {S.DONE}:
        raise RuleBroken(_("Solve the problem of this task first."), code="problem_open")
    if target not in MOVES[S(state)]:
        words = {"state": S(state).label, "target": S(target).label}
        raise RuleBroken(_("A task that is “%(state)s” cannot become “%(target)s”.") % words, code="wrong_state")


def effects(target, *, today, start_date, actual_start, progress):
    """What else changes with the state: actual days and progress.

    Nobody says on which day a task began that is ticked off at once: its planned start counts, or today if that is
    earlier.
    """
    if target == S.DONE:
        began = actual_start or min(start_date or today, today)
        return {"actual_start": began, "actual_finish": today, "progress": 100}
    if target == S.TODO:
        return {"actual_start": None, "actual_finish": None, "progress": 0}
    if target in (S.IN_PROGRESS, S.IN_REVIEW):
        return {"actual_start": actual_start or today, "actual_finish": None, "progress": min(progress, NEARLY)}
    return {"actual_finish": None, "progress": min(progress, NEARLY)} if target == S.BLOCKED else {}


def state_after_report(state, progress):
    """The state of a task on which a progress is reported: work has begun, is done, or goes on again."""
    if progress == 100:
        return S.DONE
    if state == S.DONE or (state == S.TODO and progress):
        return S.IN_PROGRESS
    return S(state)


def check_report(*, progress, actual_start, actual_finish, today):
    """A report holds together: a share of the whole, and days that are not to come."""
    if not 0 <= progress <= 100:
        _refuse("progress", _("Give the progress in per cent, from 0 to 100."))
    for field, day in (("actual_start", actual_start), ("actual_finish", actual_finish)):
        if day is not None and day > today:
            _refuse(field, _("This day is still to come."))
    if actual_start and actual_finish and actual_finish < actual_start:
        _refuse("actual_finish", _("It ends before it begins."))
    if actual_finish and progress < 100:
        _refuse("actual_finish", _("Only a task that is done has a finish."))


def _refuse(field, sentence):
    raise Invalid(sentence, code=field, errors={field: sentence})
