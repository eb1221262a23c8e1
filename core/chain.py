"""The sealed chain of the logbook: each event gets the next number, a digest of all it says and of its lines, and a
hash that holds number, digest and the hash before it. Who changes, takes out, puts in or swaps anything breaks it; who
cuts its end off is betrayed by the head that was noted elsewhere.

One chain for the whole installation: a workspace that vanished with all its events leaves a gap.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from core import guards
from core.actor import SYSTEM
from core.audit import record
from core.context import OPEN_FOR
from core.locks import locked
from core.models import Activity, AuditEvent, Heartbeat

BATCH = 500
SEAL_AFTER = 2 * OPEN_FOR  # an event takes lines for a minute; a clock that is slow by another one does no harm
PATIENCE = timedelta(minutes=15)
MICROSECOND = timedelta(microseconds=1)
LAST_ID = UUID(int=2**128 - 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ERASED = "core.events_erased"
# What is sealed, column by column. A column that is NULL is left out, so that one added later changes no old seal.
EVENT = ("id", "at", "workspace_id", "user_id", "user_name", "door_id", "key_id", "ip", "request_id", "method", "path")
EVENT += ("route", "job")
LINE = ("id", "at", "event_id", "workspace_id", "campaign_id", "user_id", "user_name", "verb", "subject_type")
LINE += ("subject_id", "subject_label")
TEXTS = {"changes_text": Cast("changes", TextField()), "inverse_text": Cast("inverse", TextField())}  # as they are kept
SEAL = ("sequence", "digest", "prev_hash", "hash")
UPDATE = f"UPDATE core_auditevent SET {', '.join(f'{name} = %s' for name in SEAL)} WHERE id = %s"
BLANK = {"user_id": None, "user_name": "", "door_id": None, "key_id": None, "ip": None, "request_id": "", "path": ""}


def written(value):
    """Ids as text, times as microseconds since 1970 in UTC."""
    return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else str(value)


def sha(value):
    """SHA-256 over the canonical JSON of a value: keys in order, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=written)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(event, lines):
    """What an event says together with its lines, both as dicts of their columns."""
    said = {name: event[name] for name in EVENT if event[name] is not None}
    return sha([said, [{name: value for name, value in line.items() if value is not None} for line in lines]])


def hash_of(sequence, prev_hash, digest):
    return sha([sequence, prev_hash, digest])


def lines_of(events):
    """{event id: its lines}, those of an event in the order of their ids."""
    rows = Activity._base_manager.filter(event_id__in=[event["id"] for event in events]).annotate(**TEXTS)
    found = defaultdict(list)
    for row in rows.order_by("id").values(*LINE, *TEXTS):
        found[row["event_id"]].append(row)
    return found


def head():
    """(number, hash) of the newest sealed event; (0, "") of an empty chain."""
    rows = AuditEvent._base_manager.filter(sequence__isnull=False).order_by("-sequence")
    return rows.values_list("sequence", "hash").first() or (0, "")


# --- sealing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def seal(now, *, batch=BATCH):
    """Number and seal the oldest unsealed events, one sealer at a time; how many.

    An event that a transaction is just writing to is locked and waits for the next round: numbers follow the sealing,
    so whatever commits late is late in the chain, but neither lost nor sealed twice.
    """
    Heartbeat.objects.get_or_create(name="sealer", defaults={"at": now})
    turn = locked(Heartbeat.objects.filter(name="sealer")).get()
    sequence, prev_hash = head()
    rows = AuditEvent._base_manager.filter(sequence=None, at__lte=now - SEAL_AFTER).order_by("at", "id")
    events = list(locked(rows, skip=True).values(*EVENT)[:batch])
    lines, sealed, key = lines_of(events), [], AuditEvent._meta.pk
    for event in events:
        sequence, digest = sequence + 1, digest_of(event, lines[event["id"]])
        seal = {"sequence": sequence, "digest": digest, "prev_hash": prev_hash}
        prev_hash = seal["hash"] = hash_of(sequence, prev_hash, digest)
        sealed.append((*(seal[name] for name in SEAL), key.get_db_prep_value(event["id"], connection)))
    with connection.cursor() as cursor:  # five times as fast as bulk_update
        cursor.executemany(UPDATE, sealed)
    Heartbeat.objects.filter(pk=turn.pk).update(at=now)
    return len(sealed)


# --- verifying ----------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """What a walk along the chain found: the events that are as they were sealed, and the first fault."""

    events: int = 0
    erased: int = 0
    length: int = 0
    head: str = ""
    noted_at: int | None = None
    fault: str = ""

    def __str__(self):
        erased = f", {self.erased} of them erased by law" if self.erased else ""
        return f"{self.events} events{erased}, chain of {self.length}, head {self.head or '-'}"


class Broken(Exception):
    """The chain is broken here."""


@dataclass
class Walk:
    """A walk along the chain. `workspace_id`: only its events are read in full, the links of all are checked.
    `since` (number, hash): the head from which on to walk."""

    now: datetime
    workspace_id: UUID | None = None
    noted: str = ""
    since: tuple = (0, "")
    report: Report = field(default_factory=Report)

    def go(self):
        self.report.length, self.report.head = number, start = self.since
        try:
            if number and not AuditEvent._base_manager.filter(sequence=number, hash=start).exists():
                raise Broken(f"event {number} is not the one that was noted: the chain was cut or made anew")
            self._along()
            self._behind()
        except Broken as broken:
            self.report.fault = str(broken)
        return self.report

    def _along(self):
        erased, after = erased_through(), (self.since[0], LAST_ID)
        while found := self._read(after, BATCH):
            for row, lines in found:
                self._step(row)
                if lines is not None:
                    self._content(row, lines, erased)
            after = (self.report.length, found[-1][0]["id"])

    def _read(self, after, size):
        """The next events of the chain with their lines (None: not to be read); one by one where one is unreadable."""
        rows = AuditEvent._base_manager.filter(sequence__isnull=False).order_by("sequence", "id")
        if after[0]:
            rows = rows.filter(Q(sequence__gt=after[0]) | Q(sequence=after[0], id__gt=after[1]))
        try:
            found = list(rows.values(*EVENT, *SEAL)[:size])
            mine = [row for row in found if self.workspace_id in (None, row["workspace_id"])]
            lines = lines_of(mine)
        except (ValueError, TypeError, OverflowError, OperationalError) as error:
            if size == 1:
                raise Broken(f"event {self.report.length + 1} cannot be read: {error}") from None
            return self._read(after, 1)
        wanted = {row["id"] for row in mine}
        return [(row, lines[row["id"]] if row["id"] in wanted else None) for row in found]

    def _step(self, row):
        report, number = self.report, self.report.length + 1
        if row["sequence"] != number:
            known = isinstance(row["sequence"], int) and row["sequence"] < number
            raise Broken(f"event {row['sequence']} was inserted" if known else f"event {number} is missing")
        if row["prev_hash"] != report.head:
            raise Broken(f"event {number} does not follow the one before it: reordered, replaced or inserted")
        if row["hash"] != hash_of(number, row["prev_hash"], row["digest"]):
            raise Broken(f"event {number} was changed: its hash is not that of its seal")
        report.length, report.head = number, row["hash"]
        report.noted_at = number if row["hash"] == self.noted else report.noted_at

    def _content(self, row, lines, erased):
        if row["digest"] != digest_of(row, lines):
            if not self._is_erased(row, lines, erased):
                raise Broken(f"event {row['sequence']} was changed: it or its lines are not what was sealed")
            self.report.erased += 1
        self.report.events += 1

    def _is_erased(self, row, lines, erased):
        is_blank = not lines and all(row[name] == value for name, value in BLANK.items())
        return is_blank and row["sequence"] <= erased.get(str(row["workspace_id"]), 0)

    def _behind(self):
        """What only shows at the end: the noted head, and events that nobody sealed."""
        if self.noted and self.report.noted_at is None:
            raise Broken(f"the tail was cut: the noted head is not in the chain, which ends at {self.report.length}")
        forgotten = AuditEvent._base_manager.filter(sequence=None, at__lt=self.now - PATIENCE).order_by("at").first()
        if forgotten:
            minutes = PATIENCE // timedelta(minutes=1)
            raise Broken(f"an event of {forgotten.at:%Y-%m-%d %H:%M} is not sealed after {minutes} minutes")


def verify(now, *, workspace_id=None, noted="", since=(0, "")):
    """Walk along the chain, the whole or from a head on, in bounded memory; a Report."""
    return Walk(now, workspace_id, noted, since).go()


def note(now):
    """Walk from the head noted the last time to the end, and note that as the new head; a Report."""
    row, _made = Heartbeat.objects.get_or_create(name="head", defaults={"at": now})
    number, _, start = row.holder.partition(" ")
    report = verify(now, since=(int(number or 0), start))
    if not report.fault:
        mine = Heartbeat.objects.filter(pk=row.pk, holder=row.holder)
        mine.update(at=now, holder=f"{report.length} {report.head}".strip())
    return report


# --- lawful erasure -----------------------------------------------------------------------------------------------


def erased_through():
    """{workspace id: number of the event up to which its events were erased by law}, as sealed lines say."""
    rows = Activity._base_manager.filter(verb=ERASED, event__sequence__isnull=False).annotate(**TEXTS)
    found = {}
    for text in rows.values_list("changes_text", flat=True):
        try:
            told = json.loads(text)
            workspace, through = told["workspace"][1], int(told["through"][1])
        except (ValueError, TypeError, LookupError):
            continue  # somebody changed the line: the walk comes to it
        found[workspace] = max(through, found.get(workspace, 0))
    return found


@transaction.atomic
def erase(*, workspace_id, before, reason):
    """Empty the sealed events of a workspace from before a moment, and write down that it was done; how many.

    Number, time, route, digest and hash of an event stay, its lines and whatever names a person go.
    """
    events = AuditEvent._base_manager.filter(workspace_id=workspace_id, sequence__isnull=False)
    last = events.filter(at__lt=before).order_by("-sequence").first()
    if last is None:
        return 0
    events = events.filter(sequence__lte=last.sequence)
    with guards.lifted():
        Activity._base_manager.filter(event__in=events).delete()
        count = events.update(**BLANK)
    last.refresh_from_db(fields=list(BLANK))
    told = {"workspace": workspace_id, "through": last.sequence, "events": count, "reason": reason}
    record(SYSTEM, ERASED, last, changes={name: [None, value] for name, value in told.items()})
    return count
