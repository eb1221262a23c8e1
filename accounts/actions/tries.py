"""How often something was tried: counted before it is looked at, by compare-and-swap, so that no crowd gets through."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from accounts.models import Tries
from accounts.rules.doors import NONE

FREE = datetime(2000, 1, 1, tzinfo=UTC)
"""`free_at` where nothing rests: the present would make those wait who looked at the clock a moment before."""


class Try(NamedTuple):
    """`wait` seconds until the next one is looked at (0: this one is), and the how many-th of late it was."""

    wait: int
    count: int


def admit(key, *, pace, fades):
    """Count one try of `key` unless it must wait. `pace(count)` is the rest after it, `fades` when all is forgotten."""
    while True:
        now = timezone.now()
        row = Tries.objects.filter(key=key).first()
        if row is None:
            Tries.objects.bulk_create([Tries(key=key, free_at=FREE, fades_at=now)], ignore_conflicts=True)
            continue
        if row.free_at > now:
            return Try(1 + int((row.free_at - now).total_seconds()), row.count)
        count = 1 if row.fades_at <= now else row.count + 1
        same = Tries.objects.filter(pk=row.pk, count=row.count, free_at=row.free_at, fades_at=row.fades_at)
        rest = pace(count)
        if same.update(count=count, free_at=_free_at(now, rest), fades_at=now + max(fades, rest)):
            return Try(0, count)


def _free_at(now, rest=NONE):
    return now + rest if rest else FREE


def give_back(key):
    """The try that was counted was a good one: it costs nothing, others stay counted."""
    Tries.objects.filter(key=key, count__gt=0).update(count=F("count") - 1, free_at=_free_at(timezone.now()))


def forget(key):
    """Begin anew."""
    Tries.objects.filter(key=key).delete()


def tidy_tries():
    """Throw away what has faded."""
    Tries.objects.filter(fades_at__lt=timezone.now()).delete()
