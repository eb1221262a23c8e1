"""manage.py schedule_check FILE [--json]: what a plan comes to, without keeping anything."""

import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import PharosError
from tasks.importers import MOST_BYTES, Unreadable, read_plan
from tasks.schedule import Calendar, WorkWeek, solve
from tasks.schedule.calendars import country_calendar


class Command(BaseCommand):
    """A dry run of reading and scheduling. Exit 0 with the dates, 2 with a sentence for what cannot be read or done."""

    help = "Read a plan (CSV or MS Project XML), work out its dates, floats and critical path. Nothing is kept."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true", help="print the schedule as JSON")
        parser.add_argument(
            "--calendar",
            default="file",
            help="file (the file's own, else Monday to Friday; the default), none (every day is worked), or a country "
            "code such as CN",
        )
        parser.add_argument("--start", type=date.fromisoformat, help="first day of a plan that names none (today)")

    def handle(self, *args, **options):
        try:
            report = check(options["file"], options["calendar"], options["start"] or timezone.localdate())
        except PharosError as problem:
            raise CommandError(str(problem), returncode=2) from problem
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(report)

    def _tell(self, report):
        """The report for a person at a terminal."""
        for task in report["tasks"]:
            mark = "*" if task["is_critical"] else " "
            self.stdout.write(f"{mark} {task['start']} – {task['finish']}  {task['total_float']:4}  {task['name']}")
        self.stdout.write(f"\n{len(report['links'])} links, {report['duration_working_days']} working days")
        for line in report["warnings"]:
            self.stdout.write(f"  {line}")


def check(path, calendar, start):
    """The report as plain values."""
    imported = read_plan(_content(path))
    plan = imported.plan(start, _calendars(calendar))
    schedule = solve(plan)
    differences = imported.differences({task.id: schedule.days(task.id) for task in imported.tasks})
    missed = [one.text for one in schedule.missed]
    return {
        "layout": imported.layout,
        "start": _iso(schedule.start),
        "finish": _iso(schedule.finish),
        "duration_working_days": schedule.duration,
        "critical": schedule.critical,
        "tasks": [_task(task, schedule) for task in imported.tasks],
        "links": [
            {"predecessor": link.predecessor, "successor": link.successor, "kind": link.kind, "lag": link.lag}
            for link in plan.links
        ],
        "warnings": [*imported.warnings, *schedule.warnings, *missed, *(differences if calendar == "file" else [])],
    }


def _content(path):
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise Unreadable(_("The file cannot be opened: %(problem)s") % {"problem": problem.strerror}) from problem


def _calendars(choice):
    """{None: Calendar} of --calendar; None leaves it to the file."""
    if choice == "file":
        return None
    return {None: Calendar(WorkWeek(frozenset())) if choice == "none" else country_calendar(choice)}


def _task(task, schedule):
    row = schedule[task.id]
    return {
        "id": task.id,
        "name": task.name,
        "duration": row.early_finish_offset - row.early_start_offset,
        "start": _iso(row.start),
        "finish": _iso(row.finish),
        "early_start": row.early_start_offset,
        "early_finish": row.early_finish_offset,
        "late_start": row.late_start_offset,
        "late_finish": row.late_finish_offset,
        "total_float": row.total_float,
        "free_float": row.free_float,
        "is_critical": row.is_critical,
    }


def _iso(day):
    return day.isoformat() if day else None
