"""What acts share, here and on the floors above: days, uniqueness said in words, archiving, what hangs on a thing."""

from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import PROTECT
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, RuleBroken
from core.swap import swap

MOST_NAMED = 10


def zone_of(campaign):
    return ZoneInfo(campaign.time_zone)


def today_of(campaign):
    """The day it is in the campaign's zone."""
    return timezone.localdate(timezone=zone_of(campaign))


@contextmanager
def once(field, sentence):
    """Turn a broken uniqueness of what is written inside into Invalid with a sentence at its field.

    The act around it is atomic and ends with the error, so that no savepoint is needed here.
    """
    try:
        with transaction.atomic(savepoint=False):
            yield
    except IntegrityError as error:
        raise Invalid(sentence, code="not_unique", errors={field: sentence}) from error


def visible_changes(diff):
    """A swap's diff without what the machine derives."""
    return {field: change for field, change in diff.items() if field != "search_text"}


def attached(row):
    """Names of the living things that refer to a row: many-to-many and protected references; parts do not count."""
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        if not (relation.many_to_many or relation.on_delete is PROTECT):
            continue
        rows = relation.related_model.objects.filter(**{relation.field.name: row})
        if any(field.name == "archived_at" for field in relation.related_model._meta.fields):
            rows = rows.filter(archived_at__isnull=True)
        found += [str(each) for each in rows[: MOST_NAMED + 1]]
    return found


def refuse_if_attached(row, names=None):
    """RuleBroken with the list of what has to be moved or archived first."""
    names = attached(row) if names is None else names
    if names:
        listed = ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        raise RuleBroken(
            _("“%(name)s” is still used by %(things)s.") % {"name": row, "things": listed},
            code="in_use",
            things=names[:MOST_NAMED],
        )


def archive(actor, row, verb, *, seen=None):
    """Put a row into the archive and write the line that undo goes by; twice is once."""
    if row.archived_at is None:
        diff = swap(row, seen=seen, archived_at=timezone.now())
        record(actor, f"{row._meta.app_label}.{verb}", row, changes=diff, inverse={"archived_at": None})
    return row


def restore(actor, row, verb, *, seen=None):
    """Take a row out of the archive; twice is once."""
    if row.archived_at is not None:
        record(actor, f"{row._meta.app_label}.{verb}", row, changes=swap(row, seen=seen, archived_at=None))
    return row
