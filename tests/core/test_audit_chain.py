"""The sealed chain of the logbook: what was sealed stays, and whoever changes it all the same is found."""

import json
import random
import threading
import time
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts import actions
from core import chain, guards, jobs
from core.audit import record
from core.context import OPEN_FOR, Context, using
from core.models import Activity, AuditEvent, Heartbeat
from tests import conftest, factories

EVENTS, LINES = AuditEvent._base_manager, Activity._base_manager
LENGTH = 12
DICE = random.Random(20261126)


def act(world, number=0, lines=1):
    """One request of several acts."""
    with using(Context(request_id=f"r{number}", ip="203.0.113.9", method="POST", path=f"/x/{number}/", route="x")):
        for line in range(lines):
            changes = {"budget": [f"{number}.00", f"{number + line}.50"], "name": ["Fuchs", "狐"], "n": [None, number]}
            last = record(world.actor, "core.one_done", world.campaign, changes=changes, inverse={"rows": [number]})
    return last


def later(minutes=10):
    return timezone.now() + timedelta(minutes=minutes)


def seal_all(now=None):
    done = 0
    while count := chain.seal(now or later(), batch=7):
        done += count
    return done


@pytest.fixture
def sealed(world):
    """A chain of some events with their lines, and its head; what the factories wrote is part of it."""
    for number in range(LENGTH):
        act(world, number, lines=1 + number % 3)
    assert seal_all() == EVENTS.count() >= LENGTH
    return world


def fault(**options):
    return chain.verify(later(), **options).fault


def test_events_are_numbered_without_gap_and_verified(sealed):
    count = EVENTS.count()
    assert list(EVENTS.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, count + 1))
    report = chain.verify(later(), noted=chain.head()[1])
    assert (report.fault, report.events, report.length, report.noted_at) == ("", count, count, count)
    assert report.head == chain.head()[1] and len(report.head) == 64


def test_every_column_is_sealed_or_said_not_to_be():
    """A column that somebody adds must be sealed, or stand here with its reason."""
    columns = {field.attname for field in AuditEvent._meta.concrete_fields}
    assert columns == {*chain.EVENT, *chain.SEAL}
    columns = {field.attname for field in Activity._meta.concrete_fields}
    assert columns == {*chain.LINE, "changes", "inverse"} | {"undone_at"}  # told by the line of the act that undid it
    assert {*guards.LINE} == columns - {"undone_at"}


def test_a_fresh_event_waits_until_nothing_can_join_it(world):
    seal_all()  # what made the world
    context = Context(request_id="slow")
    with using(context):
        first = record(world.actor, "core.one_done", world.campaign)
        assert chain.seal(timezone.now() + OPEN_FOR) == 0
        context.since -= 2 * OPEN_FOR
        second = record(world.actor, "core.two_done", world.campaign)
    assert first.event_id != second.event_id, "whoever is at work for longer goes on in another event"
    assert EVENTS.get(pk=second.event_id).request_id == "slow"


def test_nothing_to_seal_is_nothing(db):
    assert chain.seal(timezone.now()) == 0 and chain.head() == (0, "") and not fault()


# --- the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda event, line: EVENTS.filter(pk=event.pk).update(user_name="Nobody"),
        lambda event, line: EVENTS.filter(pk=event.pk).update(sequence=None),
        lambda event, line: EVENTS.filter(pk=event.pk)._raw_delete("default"),
        lambda event, line: LINES.filter(pk=line.pk).update(changes={}),
        lambda event, line: LINES.filter(pk=line.pk).update(event_id=EVENTS.order_by("sequence").first().pk),
        lambda event, line: LINES.filter(pk=line.pk).delete(),
        lambda event, line: LINES.create(event=event, verb="core.late", subject_type="x", subject_id="1"),
    ],
    ids=["event", "unseal", "event-removed", "line", "line-moved", "line-removed", "line-added"],
)
def test_the_database_keeps_what_is_sealed(sealed, write):
    event = EVENTS.order_by("-sequence").first()
    line = event.activities.model._base_manager.filter(event=event).first()
    with pytest.raises(IntegrityError, match=guards.SENTENCE), transaction.atomic():
        write(event, line)
    assert not fault()
    with transaction.atomic():  # the control: without the triggers it is written
        guards.lift()
        write(event, line)
        transaction.set_rollback(True)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["core_activity", "core_auditevent"])
def test_a_table_with_seals_cannot_be_emptied(sealed, table):
    with pytest.raises(IntegrityError, match=guards.SENTENCE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_what_is_not_sealed_yet_can_be_taken_back(world):
    line = act(world)
    LINES.filter(pk=line.pk).delete()
    EVENTS.filter(pk=line.event_id).delete()
    assert not EVENTS.filter(pk=line.event_id).exists()


def test_undoing_breaks_nothing(sealed):
    LINES.filter(pk=LINES.latest("at").pk).update(undone_at=timezone.now())
    assert not fault()


# --- tamperings ---------------------------------------------------------------------------------------------------


def other(value):
    """Something else of the same kind; in a text, one sign."""
    if value is None or isinstance(value, uuid.UUID):
        return uuid.UUID(int=DICE.getrandbits(128))
    if isinstance(value, int):
        return value + DICE.choice([-1, 1, 1000])
    if hasattr(value, "microsecond"):
        return value + timedelta(microseconds=DICE.choice([-1, 1, 86_400_000_000]))
    if not value:
        return "x"
    place = DICE.randrange(len(value))
    sign = DICE.choice([each for each in "abcdef0123456789" if each != value[place]])
    return value[:place] + sign + value[place + 1 :]


def some_event():
    return EVENTS.filter(sequence__isnull=False).order_by("sequence")[DICE.randrange(EVENTS.count())]


def some_line():
    return LINES.order_by("id")[DICE.randrange(LINES.count())]


def event_column():
    event, name = some_event(), DICE.choice([name for name in (*chain.EVENT, *chain.SEAL) if name != "id"])
    value = "198.51.100.7" if name == "ip" else other(getattr(event, name))
    if name == "sequence" and EVENTS.filter(sequence=value).exists():
        value += 5000
    EVENTS.filter(pk=event.pk).update(**{name: value})
    return f"event.{name}"


def line_column():
    line, name = some_line(), DICE.choice([name for name in chain.LINE if name not in ("event_id", "id")])
    LINES.filter(pk=line.pk).update(**{name: other(getattr(line, name))})
    return f"line.{name}"


def line_changes():
    line, name = some_line(), DICE.choice(["changes", "inverse"])
    if connection.vendor == "sqlite" and DICE.random() < 0.5:  # there it is text, in which any byte may be another
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(f"SELECT {name} FROM core_activity WHERE id = %s", [line.pk.hex])
            text = cursor.fetchone()[0] or ""
            cursor.execute(f"UPDATE core_activity SET {name} = %s WHERE id = %s", [other(text), line.pk.hex])
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return f"line.{name} by a byte"
    told = json.loads(json.dumps(getattr(line, name) or {}))
    pair = told.get("budget")
    if pair:
        place = DICE.randrange(2)
        pair[place] = other(pair[place])
    else:
        told["more"] = [None, DICE.random()]
    LINES.filter(pk=line.pk).update(**{name: told})
    return f"line.{name}"


def line_moved():
    line = some_line()
    LINES.filter(pk=line.pk).update(event_id=EVENTS.exclude(pk=line.event_id).order_by("?").first().pk)


def line_removed():
    LINES.filter(pk=some_line().pk).delete()


def line_inserted():
    line = some_line()
    line.pk = uuid.uuid4()
    line.save(force_insert=True)


def event_removed():
    event = some_event()
    LINES.filter(event=event).delete()
    event.delete()


def event_inserted():
    """A copy in the middle, the numbers behind it moved up."""
    event = some_event()
    EVENTS.filter(sequence__gte=event.sequence).update(sequence=-F("sequence"))
    EVENTS.filter(sequence__lt=0).update(sequence=1 - F("sequence"))
    event.pk = uuid.uuid4()
    event.save(force_insert=True)


def events_swapped():
    one, two = EVENTS.order_by("?")[:2]
    names = DICE.choice([("sequence",), chain.SEAL, ("user_name", "path", "at", "request_id")])
    values = {name: (getattr(one, name), getattr(two, name)) for name in names}
    EVENTS.filter(pk=one.pk).update(sequence=-one.sequence)
    EVENTS.filter(pk=two.pk).update(**{name: pair[0] for name, pair in values.items()})
    EVENTS.filter(pk=one.pk).update(**{"sequence": one.sequence} | {name: pair[1] for name, pair in values.items()})


def tail_cut():
    events = EVENTS.filter(sequence__gte=chain.head()[0] - DICE.randrange(5))
    LINES.filter(event__in=events).delete()
    events.delete()


def sealed_anew():
    """An event is changed and its own seal made to fit, but not those behind it."""
    event = some_event()
    EVENTS.filter(pk=event.pk).update(user_name="Somebody else")
    row = EVENTS.filter(pk=event.pk).values(*chain.EVENT, *chain.SEAL).get()
    digest = chain.digest_of(row, chain.lines_of([row])[event.pk])
    EVENTS.filter(pk=event.pk).update(digest=digest, hash=chain.hash_of(event.sequence, event.prev_hash, digest))


KINDS = [event_column, event_column, event_column, line_column, line_column, line_changes, line_changes, line_moved]
KINDS += [line_removed, line_inserted, event_removed, event_inserted, events_swapped, tail_cut, sealed_anew]


def tampered(kind, noted):
    """What the walk says after a tampering that is taken back again."""
    with transaction.atomic():
        done = kind() or kind.__name__
        found = fault(noted=noted)
        transaction.set_rollback(True)
    return done, found


@pytest.mark.parametrize("times", [150, pytest.param(1000, marks=[pytest.mark.load, pytest.mark.once(10)])])
def test_tamperings_are_found(sealed, times):
    noted = chain.head()[1]
    guards.lift()  # whoever owns the tables can
    found = [tampered(KINDS[number % len(KINDS)], noted) for number in range(times)]
    assert [done for done, said in found if not said] == []
    assert len({done for done, _said in found}) > 30
    assert not fault(noted=noted), "the control: nothing was changed"


def test_a_checker_that_skips_the_lines_misses_some(world, monkeypatch):
    """The control: without the lines in the digest of an event, changed words pass."""
    monkeypatch.setattr(chain, "digest_of", lambda event, lines, real=chain.digest_of: real(event, []))
    for number in range(LENGTH):
        act(world, number)
    seal_all()
    guards.lift()
    noted = chain.head()[1]
    assert not any(said for _done, said in (tampered(line_changes, noted) for _ in range(20)))
    assert all(said for _done, said in (tampered(event_column, noted) for _ in range(20)))


def test_a_cut_tail_shows_by_the_noted_head_alone(sealed):
    noted = chain.head()[1]
    guards.lift()
    tail_cut()
    assert not fault() and "tail was cut" in fault(noted=noted)


def test_the_first_fault_is_named(sealed):
    guards.lift()
    EVENTS.filter(sequence=7).update(ip="198.51.100.1")
    assert fault() == "event 7 was changed: it or its lines are not what was sealed"
    with transaction.atomic():
        LINES.filter(event__sequence=4).delete()
        EVENTS.filter(sequence=4).delete()
        assert fault() == "event 4 is missing"


def test_an_event_nobody_sealed_is_named(world):
    seal_all()  # what made the world
    act(world)
    assert "is not sealed after 15 minutes" in chain.verify(later(30)).fault
    assert not chain.verify(later(5)).fault


def test_the_walk_holds_few_rows_at_a_time(sealed, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(chain, "BATCH", 10)
    with django_assert_num_queries(3 + 2 * -(-EVENTS.count() // 10)):
        assert not fault()


# --- the command, the daily head ----------------------------------------------------------------------------------


def verified(*arguments):
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_count_and_head(sealed):
    head = chain.head()[1]
    said = verified("--head", head.upper())
    assert f"{EVENTS.count()} events" in said and head in said and f"is event {EVENTS.count()}" in said


def test_the_command_ends_with_one_and_says_what_is_wrong(sealed):
    guards.lift()
    LINES.filter(event__sequence=5).update(subject_label="Nothing")
    with pytest.raises(CommandError, match="event 5 was changed") as error:
        verified()
    assert error.value.returncode == 1
    with pytest.raises(CommandError, match="There is no workspace nowhere"):
        verified("--workspace", "nowhere")


def test_one_workspace_is_read_in_full_and_the_links_of_all(sealed):
    strange = conftest.build()
    for number in range(3):
        act(strange, number)
    seal_all()
    mine = EVENTS.filter(workspace_id=strange.workspace.pk)
    assert f"{mine.count()} events" in verified("--workspace", strange.workspace.slug)
    guards.lift()
    with transaction.atomic():
        LINES.filter(event__sequence=5).update(subject_label="Nothing")
        verified("--workspace", strange.workspace.slug)
        EVENTS.filter(sequence=5).update(hash="f" * 64)
        with pytest.raises(CommandError, match="event 5"):
            verified("--workspace", strange.workspace.slug)
        transaction.set_rollback(True)
    LINES.filter(event__in=mine).update(subject_label="Nothing")
    with pytest.raises(CommandError, match="was changed"):
        verified("--workspace", strange.workspace.slug)


def test_the_head_is_noted_every_day_in_log_and_mail(sealed, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.person(name="Op Operator", email="op@example.com", is_staff=True, language="en")
    with caplog.at_level("INFO", "pharos.audit"):
        jobs.HANDLERS["accounts.note_head"]()
    number, head = chain.head()
    assert [message.to for message in mail.outbox] == [["op@example.com"]]
    assert head in mail.outbox[0].body and head in caplog.text and str(number) in mail.outbox[0].subject
    act(sealed)
    seal_all()
    assert actions.note_head().events == EVENTS.count() - number, "the next day goes on from the noted head"
    assert Heartbeat.objects.get(name="head").holder == " ".join(map(str, chain.head()))


def test_a_cut_tail_is_told_by_mail_the_next_day(sealed, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.person(name="Op Operator", email="op@example.com", is_staff=True, language="zh-hans")
    actions.note_head()
    guards.lift()
    tail_cut()
    act(sealed)
    seal_all()
    assert "chain was cut" in actions.note_head().fault
    assert "chain was cut" in mail.outbox[-1].body and "audit chain broken" in caplog.text
    assert any("一" <= sign <= "鿿" for sign in mail.outbox[-1].subject)


def test_the_job_seals_what_is_due(world):
    act(world)
    EVENTS.update(at=timezone.now() - timedelta(minutes=5))
    row = jobs.enqueue("core.seal_events")
    jobs.run_job(str(row.pk))
    row.refresh_from_db()
    assert row.state == "done" and not EVENTS.filter(sequence=None).exists() and not fault()


# --- lawful erasure -----------------------------------------------------------------------------------------------


def test_what_the_law_erases_leaves_its_seals(sealed):
    strange = conftest.build()
    act(strange)
    seal_all()
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    out = StringIO()
    call_command("audit_erase", sealed.workspace.slug, "--before", tomorrow, "--reason", "Order 7", stdout=out)
    gone = EVENTS.filter(workspace_id=sealed.workspace.pk)
    assert f"{gone.count()} events erased" in out.getvalue()
    assert not LINES.filter(event__in=gone).exists() and set(gone.values_list("user_name", "ip")) == {("", None)}
    assert LINES.filter(workspace_id=strange.workspace.pk).exists()
    assert LINES.get(verb=chain.ERASED).changes["reason"] == [None, "Order 7"]
    assert seal_all() == 1
    report = chain.verify(later())
    assert (report.fault, report.erased) == ("", gone.count())
    with pytest.raises(IntegrityError), transaction.atomic():
        gone.update(user_name="Nobody")


def test_what_somebody_blanks_without_saying_so_is_found(sealed):
    guards.lift()
    events = EVENTS.filter(sequence=6)
    LINES.filter(event__in=events).delete()
    events.update(**chain.BLANK)
    assert "event 6 was changed" in fault()


# --- many at once -------------------------------------------------------------------------------------------------


ENOUGH = 100


def storm(world, seconds=2.0, writers=6, sealers=2):
    """Writers whose transactions end in any order, and sealers beside them; what went wrong for whom. On a busy machine
    it lasts until there is something to seal."""
    errors, stop = [], threading.Event()

    def run(work):
        try:
            while not stop.is_set():
                work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    def write():
        dice = random.Random()
        with using(Context(request_id=uuid.uuid4().hex)):
            for _part in range(2):  # a request of two transactions
                try:
                    with transaction.atomic():
                        record(world.actor, "core.one_done", world.campaign)
                        time.sleep(dice.random() * 0.04)
                        record(world.actor, "core.two_done", world.campaign)
                except IntegrityError as error:  # the event was sealed meanwhile: refused, not lost
                    assert guards.SENTENCE in str(error)

    def seal():
        chain.seal(later(), batch=20)

    threads = [threading.Thread(target=run, args=[work]) for work in [write] * writers + [seal] * sealers]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    while EVENTS.count() <= ENOUGH and any(thread.is_alive() for thread in threads):
        stop.wait(0.2)
    stop.set()
    for thread in threads:
        thread.join()
    return errors


@pytest.fixture
def crowd(transactional_db):
    yield conftest.build()
    guards.lift()  # the tables are emptied at the end
    LINES.all().delete()
    EVENTS.all().delete()
    guards.stand()


@pytest.mark.postgres
def test_nothing_is_skipped_or_sealed_twice_however_transactions_end(crowd):
    assert storm(crowd) == []
    while chain.seal(later()):
        pass
    count = EVENTS.count()
    report = chain.verify(later())
    assert count > ENOUGH and (report.fault, report.events, report.length) == ("", count, count)


@pytest.mark.postgres
def test_without_the_locks_the_storm_breaks_it(crowd, monkeypatch):
    """The control."""
    monkeypatch.setattr(chain, "locked", lambda rows, skip=False: rows)
    assert storm(crowd) or fault()
