"""Acts on the steps of a playbook: add, change, order, remove."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, require
from core.swap import erase, swap
from risks.actions.playbooks import check_open, retold
from risks.models import PlaybookStep
from risks.permissions import can_keep_playbook
from risks.rules import playbooks as rules

FIELDS = frozenset(("title", "detail", "function", "deadline_minutes", "min_level"))


def _checked(changes):
    unknown = set(changes) - FIELDS
    if unknown:
        raise TypeError(f"A step has no {', '.join(sorted(unknown))}.")
    values = dict(changes)
    if "title" in values:
        values["title"] = rules.check_title(values["title"])
    if "deadline_minutes" in values:
        values["deadline_minutes"] = rules.check_deadline(values["deadline_minutes"])
    return values


def _require(actor, playbook):
    require(can_keep_playbook(actor, playbook))
    check_open(playbook)


@transaction.atomic
def add_step(actor, *, playbook, title, **values):
    """Add a step at the end of a playbook."""
    _require(actor, playbook)
    steps = list(playbook.steps.all())
    if len(steps) >= rules.MOST_STEPS:
        raise Invalid(_("A playbook holds at most %(most)d steps.") % {"most": rules.MOST_STEPS}, code="too_many")
    position = max((step.position for step in steps), default=-1) + 1
    values = _checked({**values, "title": title})
    step = PlaybookStep.objects.create(
        workspace_id=playbook.workspace_id, playbook=playbook, position=position, **values
    )
    record(actor, "risks.step_added", step)
    return step


@transaction.atomic
def update_step(actor, *, step, seen=None, **changes):
    """Change a step of a playbook."""
    _require(actor, step.playbook)
    diff = swap(step, seen=seen, **retold(step, _checked(changes), ("title", "detail")))
    diff.pop("labels", None)
    if diff:
        record(actor, "risks.step_changed", step, changes=diff)
    return step


@transaction.atomic
def move_step(actor, *, step, position, seen=None):
    """Put a step at another place of its playbook (0: first); the others close up."""
    _require(actor, step.playbook)
    steps = [one for one in step.playbook.steps.all() if one.pk != step.pk]
    steps.insert(max(0, min(position, len(steps))), step)
    for place, one in enumerate(steps):
        swap(one, **({"seen": seen} if one is step else {}), position=place)
    record(actor, "risks.step_moved", step)
    return step


@transaction.atomic
def remove_step(actor, *, step, seen=None):
    """Take a step out of a playbook."""
    _require(actor, step.playbook)
    record(actor, "risks.step_removed", step)
    erase(step, seen=seen)
