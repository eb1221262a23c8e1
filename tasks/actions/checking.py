"""What the acts on tasks share: the fields, whether they may stand together, and how they are cleaned."""

from django.utils.translation import gettext as _

from accounts.models import Membership
from campaigns.actions.goals import check_campaign
from core.errors import RuleBroken
from core.search import segmented
from tasks.choices import Constraint, TaskKind
from tasks.rules import checks

TEXTS = ("title", "description")
LINKS = ("phase", "organization", "channel", "calendar")
NUMBERS = ("effort_hours", "cost_amount", "duration_days")
CHOSEN = ("kind", "constraint", "constraint_date", "deadline", "is_pinned", "is_fixed")
FIELDS = frozenset((*TEXTS, *LINKS, *NUMBERS, *CHOSEN))
RELATIONS = ("assignees", "kpis", "tags")
DERIVED = frozenset(("duration_days", "state", "progress", "actual_start", "actual_finish"))
SHOWN = frozenset(("description", "cost_amount", "kpis", "tags"))  # shown beside a task, but not in the plan
MOVING = checks.SCHEDULE


def check_open(task):
    """Archived tasks are restored before anything is done with them."""
    if task.archived_at is not None:
        raise RuleBroken(_("This task is archived. Restore it first."), code="archived")


def check_own(task, fields):
    """What a task takes from its sub-tasks is not set on itself."""
    if task.is_summary and DERIVED & set(fields):
        raise RuleBroken(_("“%(task)s” takes this from its sub-tasks.") % {"task": task}, code="summary")


def check_people(workspace_id, people):
    """Assignees are members of the workspace."""
    wanted = {person.pk for person in people}
    known = Membership.objects.filter(workspace_id=workspace_id, user_id__in=wanted).count() if wanted else 0
    if known < len(wanted):
        raise checks.invalid("assignees", _("Choose people of this workspace."))


def checked(campaign, row, changes):
    """The changes ready to write to `row` (a stored or a new Task): cleaned, completed, or refused."""
    unknown = set(changes) - FIELDS
    if unknown:
        raise TypeError(f"A task has no {', '.join(sorted(unknown))}.")
    values = dict(changes)
    check_campaign(campaign, phase=values.get("phase"))
    if "title" in values:
        checks.check_title(values["title"])
        values["title"] = values["title"].strip()
    checks.check_days(values)
    checks.check_numbers(**{name: values[name] for name in NUMBERS if name in values})
    values |= _duration(row, values)
    values |= _constraint(row, values)
    return values


def _duration(row, values):
    """A milestone takes no time; what becomes a task again takes a day."""
    kind = values.get("kind", row.kind)
    given = values.get("duration_days", row.duration_days)
    if kind == TaskKind.MILESTONE and values.get("duration_days"):
        raise checks.invalid("duration_days", _("A milestone takes no time."))
    return {"duration_days": checks.settled_duration(kind, given)}


def _constraint(row, values):
    """A constraint with its day; one that needs none has none."""
    if not {"constraint", "constraint_date"} & set(values):
        return {}
    constraint = values.get("constraint", row.constraint)
    day = values.get("constraint_date", row.constraint_date)
    if "constraint" in values and constraint not in checks.DATED:
        day = None
    elif "constraint" not in values and day is None:
        constraint = Constraint.ASAP
    checks.check_constraint(constraint, day)
    return {"constraint": constraint, "constraint_date": day}


def search_text(title, description, tags):
    """The words a task is found by."""
    return segmented(title, description, *(tag.name for tag in tags))
