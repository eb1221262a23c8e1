"""What a task with sub-tasks takes from them: state, progress, actual days."""

from dataclasses import dataclass
from datetime import date

from tasks.choices import TaskState


@dataclass
class Sum:
    """What the tasks below a summary come to; `work` weighs the progress by duration, `count` where there is none."""

    work: int = 0
    done_work: int = 0
    count: int = 0
    done_count: int = 0
    are_done: bool = True
    have_begun: bool = False
    began: date | None = None
    ended: date | None = None

    def add(self, other):
        self.work += other.work
        self.done_work += other.done_work
        self.count += other.count
        self.done_count += other.done_count
        self.are_done &= other.are_done
        self.have_begun |= other.have_begun
        self.began = min(filter(None, (self.began, other.began)), default=None)
        self.ended = max(filter(None, (self.ended, other.ended)), default=None)

    def values(self):
        """(state, progress, actual start, actual finish)."""
        if self.are_done:
            return TaskState.DONE, 100, self.began, self.ended
        share = self.done_work // self.work if self.work else self.done_count // self.count
        state = TaskState.IN_PROGRESS if self.have_begun else TaskState.TODO
        return state, min(share, 99), self.began, None


def summed(rows, children):
    """{id: (state, progress, actual start, actual finish)} of all tasks that have sub-tasks."""
    sums = {}
    for key in _upwards(rows, children):
        total = Sum()
        for child in children[key]:
            total.add(sums[child.id] if child.id in sums else _of_task(child))
        sums[key] = total
    return {key: total.values() for key, total in sums.items()}


def _of_task(row):
    is_done = row.state == TaskState.DONE
    return Sum(
        work=row.duration_days,
        done_work=row.duration_days * row.progress,
        count=1,
        done_count=row.progress,
        are_done=is_done,
        have_begun=row.state != TaskState.TODO,
        began=row.actual_start,
        ended=row.actual_finish,
    )


def _upwards(rows, children):
    """Ids of the summaries, each after those below it."""
    found = []
    waiting = [key for key in children if rows[key].parent_id not in rows]
    while waiting:
        key = waiting.pop()
        found.append(key)
        waiting += [child.id for child in children[key] if child.id in children]
    return reversed(found)
