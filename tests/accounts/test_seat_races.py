"""Under a crowd: PINs are looked at five times a window, a freeze ends every act.

Each has its negative control: the same test with the guard switched off must fail.
"""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connections
from django.utils import timezone
from django_scopes import scope

from accounts import actions, backends
from accounts.actions import seats as seat_actions
from accounts.actions import tries as tries_actions
from accounts.actions.tries import Try
from accounts.backends import actor_of_session, session_of
from accounts.models import Tries
from accounts.rules import doors as rules
from core.errors import PharosError
from core.jobs import HANDLERS
from core.models import Activity, Job
from tests import factories
from tests.factories import PIN

pytestmark = pytest.mark.django_db(transaction=True)
ACTORS = 20


class Scene:
    """An agency with two seats, all in rows that threads can see."""

    def __init__(self):
        self.owner = factories.person()
        self.workspace = factories.workspace(self.owner)
        self.manager = factories.actor_of(self.owner, self.workspace)
        self.agency = factories.organization(self.workspace, name="Bright Agency")
        self.sean = factories.seat(self.agency, name="Sean Seat")
        self.lena = factories.seat(self.agency, role="lead", name="Lena Lead")


@pytest.fixture
def scene(on_file):
    made = Scene()
    with scope(workspace=made.workspace.pk):
        yield made


def at_once(scene, number, work):
    """What came of `work(number)` in so many threads."""
    outcomes, start = [], threading.Barrier(number)

    def run(each):
        start.wait()
        with scope(workspace=scene.workspace.pk):
            outcomes.extend(work(each))
        connections.close_all()

    threads = [threading.Thread(target=run, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def tried(act):
    """Do it; a busy database is asked again, as a person would press the button again."""
    for _turn in range(300):
        try:
            act()
            return "done"
        except PermissionDenied:
            return "shut out"
        except PharosError as refused:
            return refused.code
        except OperationalError:
            time.sleep(random.random() / 50)
    return "busy"


# --- PINs -----------------------------------------------------------------------------------------------------------

PLACES = 50


def guess(scene, each, times):
    """One place guesses so often; every PIN is another wrong one."""
    for number in range(times):
        pin = f"{(each * times + number) % 271828:06d}"
        yield tried(lambda pin=pin: actions.check_pin_of(scene.sean, pin=pin, place=f"place-{each}"))


@pytest.mark.parametrize("each", [40, pytest.param(200, marks=pytest.mark.load)])  # 2,000 and 10,000 guesses
def test_guesses_from_fifty_places_are_looked_at_five_times(scene, monkeypatch, each):
    looked = counting(monkeypatch)
    found = at_once(
        scene, 10, lambda ten: [one for place in range(5) for one in guess(scene, ten * 5 + place, times=each)]
    )
    assert sum(found.values()) == PLACES * each
    noted = Activity.objects.filter(verb="accounts.pin_refused").count()
    told = Job.objects.filter(name="accounts.tell_seat").count()
    assert set(found) <= {"wrong_pin", "pin_rests"}, found
    assert (len(looked), found["wrong_pin"], noted, told) == (5, 5, 5, 1), "its owner is told once"
    assert tried(lambda: actions.check_pin_of(scene.sean, pin=PIN, place="own")) == "pin_rests"
    assert tried(lambda: actions.check_pin_of(scene.lena, pin=PIN, place="own")) == "done", "others are not touched"
    came = factories.Client().post("/door/", {"name": scene.agency.door.name, "password": factories.PASSWORD})
    assert came.status_code == 302, "the door is usable"
    Tries.objects.filter(key=f"pin:{scene.sean.pk}").update(free_at=timezone.now(), fades_at=timezone.now())
    assert tried(lambda: actions.check_pin_of(scene.sean, pin=PIN, place="own")) == "done"


def test_the_control_without_counting_first_a_crowd_gets_more(scene, monkeypatch):
    """Count after looking, as it is easily written: many more than five are looked at."""
    looked = counting(monkeypatch)
    monkeypatch.setattr(seat_actions, "admit", lambda key, **pace: Try(0, 1))
    at_once(scene, 10, lambda each: guess(scene, each, times=10))
    assert len(looked) > 5


def counting(monkeypatch):
    """How often a PIN was really compared with its hash."""
    looked, check = [], seat_actions.check_password

    def compare(*args, **kwargs):
        looked.append(1)
        return check(*args, **kwargs)

    monkeypatch.setattr(seat_actions, "check_password", compare)
    return looked


def test_ten_wrong_ones_rest_the_device_and_a_right_one_costs_nothing(scene):
    seats = [factories.seat(scene.agency, name=f"S {number}") for number in range(4)]
    for number in range(9):
        code = tried(lambda number=number: actions.check_pin_of(seats[number % 4], pin="100001", place="shared"))
        assert code == "wrong_pin"
        assert tried(lambda: actions.check_pin_of(scene.lena, pin=PIN, place="shared")) == "done"
    assert tried(lambda: actions.check_pin_of(seats[3], pin="100001", place="shared")) == "wrong_pin"
    assert tried(lambda: actions.check_pin_of(scene.lena, pin=PIN, place="shared")) == "device_rests"
    assert tried(lambda: actions.check_pin_of(scene.lena, pin=PIN, place="another")) == "done"


TABS, TURNS = 4, 50  # four tabs of one browser, in which two seats sit down over and over


def right_pins(scene):
    """What came of right PINs that were typed in four tabs at the same time."""

    def sit(tab):
        seat = (scene.sean, scene.lena)[tab % 2]
        return [tried(lambda: actions.check_pin_of(seat, pin=PIN, place="shared")) for _turn in range(TURNS)]

    return at_once(scene, TABS, sit)


def test_right_pins_at_the_same_time_in_one_browser_make_nobody_wait(scene):
    assert right_pins(scene) == {"done": TABS * TURNS}
    assert Tries.objects.get(key="pin-at:shared").count == 0


def test_the_control_a_time_by_the_clock_where_nothing_rests_makes_right_ones_wait(scene, monkeypatch):
    """Whoever looked at the clock before the other's try was written finds a time to come, and is told to wait."""
    monkeypatch.setattr(tries_actions, "_free_at", lambda now, rest=rules.NONE: now + rest)
    found = Counter()
    for _try in range(5):
        found += right_pins(scene)
        if found["device_rests"] + found["pin_rests"]:
            return
    raise AssertionError(f"nobody had to wait: {found}")


def test_fifty_failures_in_a_day_alarm_the_managers_once(scene):
    for number in range(13):
        seat = factories.seat(scene.agency, name=f"S {number}")
        for turn in range(4):
            tried(lambda seat=seat, turn=turn: actions.check_pin_of(seat, pin="100001", place=f"{seat.pk}-{turn}"))
    jobs = list(Job.objects.filter(name="accounts.tell_pin_alarm"))
    assert len(jobs) == 1 and Activity.objects.filter(verb="accounts.pin_refused").count() == 52
    HANDLERS["accounts.tell_pin_alarm"](**jobs[0].args)
    assert [sent.to for sent in mail.outbox] == [[scene.owner.email]] and "Bright Agency" in mail.outbox[0].subject


def test_a_window_ends_and_another_begins():
    def admit():
        return tries_actions.admit("k", pace=rules.pin_pace, fades=rules.PIN_REST)

    assert [admit().wait for _turn in range(5)] == [0] * 5 and admit().wait > 890
    past = timezone.now() - timedelta(seconds=1)
    Tries.objects.update(free_at=past, fades_at=past)
    assert admit() == Try(0, 1)


# --- freeze ---------------------------------------------------------------------------------------------------------


def spare(scene):
    """A session of the seat that can be ended."""
    return factories.seat_session(scene.sean)


def race(scene, freeze):
    """Twenty threads act while somebody is shut out; lines that were written after the freeze was committed."""
    row = factories.seat_session(scene.sean)
    actor = actor_of_session(session_of(scene.sean.user, row.pk), now=timezone.now())
    acted = threading.Event()

    def work(each):
        if each == 0:
            acted.wait(20)
            yield tried(freeze)
            return
        for _turn in range(30):
            outcome = tried(lambda: actions.end_seat_session(actor, session=spare(scene)))
            acted.set()
            yield outcome
            if outcome == "shut out":
                return

    found = at_once(scene, ACTORS + 1, work)
    shutting = ("accounts.seat_frozen", "accounts.door_frozen", "accounts.seat_removed")
    freezing = Activity.objects.filter(verb__in=shutting)
    late = Activity.objects.filter(verb="accounts.seat_left", pk__gt=freezing.get().pk).count()
    return found, late


def shut(scene, how):
    return {
        "freeze the seat": lambda: actions.freeze_seat(scene.manager, seat=scene.sean),
        "remove the seat": lambda: actions.remove_seat(scene.manager, seat=scene.sean),
        "freeze the door": lambda: actions.freeze_door(scene.manager, door=scene.agency.door),
    }[how]


@pytest.mark.parametrize("how", ["freeze the seat", "remove the seat", "freeze the door"])
def test_after_a_freeze_nothing_is_written(scene, how):
    found, late = race(scene, shut(scene, how))
    assert late == 0, found
    assert found["shut out"] == ACTORS and found["done"] >= 2, found


def test_the_control_without_the_guard_writes_go_on(scene, monkeypatch):
    monkeypatch.setattr(backends, "_still_there", lambda row: None)
    found, late = race(scene, shut(scene, "freeze the seat"))
    assert late > 0 and not found["shut out"], found
