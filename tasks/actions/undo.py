"""Undo and redo of acts on the plan: the stored inverse, if nobody touched the rows since."""

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.batch import write
from core.errors import RuleBroken, Stale, require
from core.models import Activity
from tasks.actions.plan import finish_act, work_plan_of
from tasks.actions.tracing import Trace
from tasks.models import Task
from tasks.permissions import can_schedule

UNDONE, REDONE = "tasks.change_undone", "tasks.change_redone"
PLAN = "tasks.workplan"
RECENT = 200  # lines of the logbook that are looked at


@transaction.atomic
def undo_change(actor, *, campaign, activity=None):
    """Take back one's own newest act on the plan (or the act of that logbook line); RuleBroken when it is too late."""
    require(can_schedule(actor, campaign))
    plan = work_plan_of(actor, campaign)
    line = _line(actor, campaign, activity, next_to_undo, _("There is nothing of yours to undo."))
    return _applied(actor, plan, campaign, line, UNDONE)


@transaction.atomic
def redo_change(actor, *, campaign, activity=None):
    """Do again what was undone last."""
    require(can_schedule(actor, campaign))
    plan = work_plan_of(actor, campaign)
    line = _line(actor, campaign, activity, next_to_redo, _("There is nothing of yours to redo."))
    return _applied(actor, plan, campaign, line, REDONE)


def _own(actor, campaign):
    """One's own acts on a plan that can be taken back, newest first."""
    lines = Activity.objects.filter(campaign_id=campaign.pk, user_id=actor.user_id, verb__startswith="tasks.")
    return lines.filter(inverse__isnull=False, undone_at=None).order_by("-at", "-pk")


def next_to_undo(actor, campaign):
    """The logbook line that undo would take back; None when there is none."""
    return _own(actor, campaign).exclude(verb=UNDONE).first()


def next_to_redo(actor, campaign):
    """The logbook line that redo would do again: an undo after which nothing else was done."""
    found = _own(actor, campaign).exclude(verb=REDONE).first()
    return found if found is not None and found.verb == UNDONE else None


def _line(actor, campaign, activity, newest, sentence):
    if activity is None:
        found = newest(actor, campaign)
    else:
        found = Activity.objects.filter(campaign_id=campaign.pk, pk=activity, inverse__isnull=False).first()
        if found is not None and found.user_id != actor.user_id:
            raise RuleBroken(_("This was done by %(name)s.") % {"name": found.user_name}, code="not_yours")
    if found is None or not found.verb.startswith("tasks."):
        raise RuleBroken(sentence, code="nothing_to_undo")
    if found.undone_at is not None:
        raise RuleBroken(_("This was undone already."), code="undone_already")
    return found


def _applied(actor, plan, campaign, line, verb):
    """Apply a line's inverse; what it stood for stands in the new line, so that it can be done again."""
    inverse = line.inverse
    _check_untouched(line, inverse, campaign)
    trace = Trace()
    _write_rows(inverse["rows"], trace)
    _take_away(inverse["made"], trace)
    _bring_back(inverse["gone"], trace)
    _set_relations(inverse["sets"], trace)
    plan.refresh_from_db(fields=["lock_version", "start_date", "launch_date", "direction", "calendar"])
    outcome = finish_act(actor, plan, trace, verb, campaign, changes={"act": [line.verb, line.subject_label]})
    line.undone_at = timezone.now()
    line.save(update_fields=["undone_at"])
    _follow(campaign, line, trace)
    return outcome


# --- whether it may be done -----------------------------------------------------------------------------------------


def _check_untouched(line, inverse, campaign):
    """Every row the act touched is as the act left it; else who changed what since when."""
    wanted = {(label, key): after for label, key, _before, after, _old, _new in inverse["rows"] if label != PLAN}
    wanted |= {(label, key): version for label, key, version in inverse["made"]}
    found = {}
    for label in {label for label, _key in wanted}:
        rows = apps.get_model(label).objects.filter(campaign_id=campaign.pk)
        found |= {(label, str(key)): version for key, version in rows.values_list("pk", "lock_version")}
    changed = [at for at, version in wanted.items() if found.get(at) != version]
    if changed or not _plan_as_left(inverse, campaign):
        raise _refusal(line, campaign, {key for _label, key in changed})


def _plan_as_left(inverse, campaign):
    """The frame of the plan has the values the act gave it; its counter grows with every act of anybody."""
    for label, key, _before, _after, _old, new in inverse["rows"]:
        if label == PLAN:
            row = apps.get_model(label).objects.filter(campaign_id=campaign.pk, pk=key).values(*new).first()
            if row is None or {name: _text(value) for name, value in row.items()} != new:
                return False
    return True


def _text(value):
    return value if value is None or isinstance(value, bool | int) else str(value)


def _refusal(line, campaign, keys):
    since = Activity.objects.filter(campaign_id=campaign.pk, pk__gt=line.pk, verb__startswith="tasks.")
    about = since.filter(subject_id__in=keys).order_by("-pk").first() or since.order_by("-pk").first()
    if about is None or about.user_id is None:
        return RuleBroken(_("The plan was worked out anew since; this can no longer be undone."), code="changed_since")
    at = date_format(timezone.localtime(about.at), "SHORT_DATETIME_FORMAT")
    words = {"name": about.user_name, "thing": about.subject_label, "at": at}
    sentence = _("%(name)s changed “%(thing)s” since (%(at)s); undoing would lose that.") % words
    by = {"by": about.user_name, "at": about.at.isoformat(), "verb": about.verb, "thing": about.subject_label}
    return RuleBroken(sentence, code="changed_since", since=by)


# --- doing it -------------------------------------------------------------------------------------------------------


def _write_rows(rows, trace):
    """Give rows their former values: one statement for all that got the same columns back."""
    groups = {}
    for label, key, _before, _after, old, _new in rows:
        if label != PLAN and "start_date" in old:  # the finish follows; until then it is not before the start
            old = {"finish_date": old["start_date"], **old}
        if old:
            groups.setdefault((label, tuple(sorted(old))), {})[key] = old
    for (label, columns), olds in groups.items():
        _write_group(apps.get_model(label), columns, olds, trace)


def _write_group(model, columns, olds, trace):
    fields = {column: _field(model, column) for column in columns}
    found = {
        str(row[0]): row for row in model.objects.filter(pk__in=list(olds)).values_list("pk", "lock_version", *columns)
    }
    written = []
    for key, old in olds.items():
        pk, version, *now = found[key]
        values = [fields[column].to_python(old[column]) for column in columns]
        written.append((pk, version, *values))
        pairs = dict(zip(columns, zip(now, values, strict=True), strict=True))
        trace.note(model._meta.label_lower, pk, version, version + 1, pairs)
    if write(model, [fields[column].name for column in columns], written) < len(written):
        raise Stale()


def _field(model, column):
    return next(field for field in model._meta.concrete_fields if field.attname == column)


def _take_away(made, trace):
    """What the act made goes: tasks into the archive, links for good."""
    now = timezone.now()
    for label, key, _version in made:
        row = apps.get_model(label).objects.get(pk=key)
        if isinstance(row, Task):
            trace.swap(row, archived_at=now)
        else:
            trace.dead(row)
            row.delete()


def _bring_back(gone, trace):
    """Links the act took away are there again, under their own ids."""
    for label, columns in gone:
        model = apps.get_model(label)
        values = {name: _field(model, name).to_python(value) for name, value in columns.items()}
        values["lock_version"] += 1
        row = model(**values)
        row.save(force_insert=True)
        trace.born(row)


def _set_relations(sets, trace):
    for key, name, wanted in sets:
        task = Task.objects.get(pk=key)
        rows = getattr(Task, name).field.related_model.objects.filter(pk__in=wanted)
        if trace.related(task, name, rows):
            trace.count_up(task)


def _follow(campaign, line, trace):
    """Older acts on the same rows can be undone next: what they left is there again, under a higher count."""
    left = {(label, key): before for label, key, before, _after, _old, _new in line.inverse["rows"]}
    left |= {(label, columns["id"]): columns["lock_version"] for label, columns in line.inverse["gone"]}
    now = {(label, key): after for label, key, _before, after, _old, _new in line.inverse["rows"]}
    now |= {at: entry[1] for at, entry in trace.rows.items()}  # what needed no writing keeps its count
    now |= {(label, key): version for label, key, version in trace.made if (label, key) not in now}
    older = Activity.objects.filter(campaign_id=campaign.pk, inverse__isnull=False, undone_at=None)
    older = older.filter(verb__startswith="tasks.")
    for each in older.exclude(pk=line.pk).order_by("-pk")[:RECENT]:
        if _restamp(each.inverse, left, now):
            each.save(update_fields=["inverse"])


def _restamp(inverse, left, now):
    is_changed = False
    for entry, place in (*((row, 3) for row in inverse["rows"]), *((row, 2) for row in inverse["made"])):
        at = entry[0], entry[1]
        if at in now and left.get(at) == entry[place]:
            entry[place] = now[at]
            is_changed = True
    return is_changed


__all__ = ["next_to_redo", "next_to_undo", "redo_change", "undo_change"]
