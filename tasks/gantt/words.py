"""The words the Gantt's script says, in the language at hand."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tasks.choices import LinkKind, TaskKind, TaskState


def words():
    """{key: sentence}; {name} stands for a value that the script puts in."""
    return {
        "title": _("Work plan"),
        "kinds": {value: capfirst(label) for value, label in TaskKind.choices},
        "states": {value: capfirst(label) for value, label in TaskState.choices},
        "link_kinds": {value: capfirst(label) for value, label in LinkKind.choices},
        "none": _("Without phase, person or channel"),
        "nobody": _("None"),
        **_columns(),
        **_rows(),
        **_acts(),
        **_conflict(),
    }


def _columns():
    return {
        "columns": {
            "title": pgettext("column", "Task"),
            "who": pgettext("column", "Who"),
            "start": pgettext("column", "Start"),
            "finish": pgettext("column", "Finish"),
            "days": pgettext("column", "Days"),
            "float": pgettext("column", "Float"),
        },
        "columns_long": {
            "title": _("Number and title"),
            "who": _("Assignees"),
            "start": _("First day"),
            "finish": _("Last day"),
            "days": _("Duration in working days"),
            "float": _("Total float: working days the task may slip before the end of the plan moves"),
        },
        "fields": {
            "start_date": _("Start"),
            "finish_date": _("Finish"),
            "duration_days": _("Duration (working days)"),
            "progress": _("Progress (%)"),
        },
    }


def _rows():
    return {
        "collapse": _("Collapse {title}"),
        "expand": _("Expand {title}"),
        "group_label": _("{title}: {n} tasks, {start} – {end}, {progress} % done"),
        "float_label": _("total float {n}"),
        "links_label": _("{before} predecessors, {after} successors"),
        "critical": _("critical"),
        "problem": _("has an open problem"),
        "late": _("will miss its deadline"),
        "count": _("{n} tasks"),
        "count_of": _("{n} of {all} tasks"),
        "chosen": _("{n} chosen"),
        "more": _("and {n} more"),
        "nothing_fits": _("No task fits these filters."),
        "clear": _("Clear filters"),
        "empty": _("No tasks yet"),
        "empty_why": _("Tasks and milestones show here as bars over time, with what waits for what."),
        "new_task": _("New task"),
        "again": _("Try again"),
        "unpublished": _("The public holidays and swapped work days of {years} are not published yet: weekends count."),
        "too_large": _("The picture would be too large. Zoom out or filter, then try again."),
    }


def _acts():
    return {
        "save": _("Save"),
        "cancel": _("Cancel"),
        "cascade": _("Moving “{title}” also moves {n} other tasks"),
        "buffer": _("Gaps to the tasks behind it"),
        "buffers": {"keep": _("Keep the gaps"), "use": _("Use up the gaps"), "ignore": _("Leave the others")},
        "buffers_why": {
            "keep": _("everything behind moves by the same working days"),
            "use": _("only what would collide moves, as little as needed"),
            "ignore": _("links that no longer hold turn red"),
        },
        "moved": _("“{title}” is now {days}"),
        "moved_others": _("“{title}” moved, and {n} others with it"),
        "shifted": _("{n} tasks moved by a working day"),
        "progress_saved": _("“{title}” is at {n} %"),
        "linked": _("“{after}” now waits for “{before}”"),
        "link": _("Link"),
        "link_kind": _("Kind"),
        "lag": _("Lag in working days (a lead is negative)"),
        "late_link": _("The task behind cannot move: this link does not hold."),
        "remove_link": _("Remove the link"),
        "link_saved": _("Link changed"),
        "link_gone": _("“{after}” no longer waits for “{before}”"),
        "link_from": _("Link from “{title}”: go to the task behind it and press Enter. Esc ends."),
        "link_hint": _("{kind}: {title}"),
        "draw_link": _("Drag to another bar to link"),
        "drag_progress": _("Drag to set the progress"),
        "readonly": _("You may look at this plan, not change it."),
        "summary_moves": _("Its dates come from its sub-tasks: move those."),
        "undone": _("Undone"),
        "redone": _("Done again"),
    }


def _conflict():
    return {
        "diff": _("Changed by somebody else"),
        "diff_why": _("Somebody else changed “{title}” while you did. Which version shall stand?"),
        "mine": _("Mine"),
        "theirs": _("Theirs"),
        "keep_mine": _("Save mine"),
        "keep_theirs": _("Keep theirs"),
    }
