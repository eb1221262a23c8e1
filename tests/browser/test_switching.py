"""Two tabs of one browser in which two seats take the keyboard from each other: what one does is never the other's."""

import re
from collections import Counter

import pytest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.views import keyboard
from core.models import Activity, AuditEvent
from tasks.actions.plan import work_plan_of
from tasks.models import Problem
from tests import conftest, factories
from tests.factories import PIN
from tests.partner_world import agency_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TURNS = 100  # of each tab

# A tab takes the keyboard, reads a page as whoever it says is there, and reports a problem in that one's name.
TAB = """({tab, seat, pin, task, day, turns}) => { window.told = (async () => {
    const told = [];
    const read = async (path) => new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    const token = (page) => page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const send = async (path, fields, page) =>
        (await fetch(path, {method: "POST", body: new URLSearchParams({...fields, csrfmiddlewaretoken: token(page)})}));
    for (let turn = 0; turn < turns; turn++) {
        const keys = await read(`/door/seats/?seat=${seat}`);
        const sat = (await send("/door/seats/", {seat, pin}, keys)).status;
        const page = await read(task);
        const who = page.querySelector(".p-client small")?.textContent;
        const text = `${who} in tab ${tab}, turn ${turn}`;
        const answer = who ? await send(`${task}problem/`, {text, due_date: day}, page) : null;
        const done = answer?.ok && new URL(answer.url).pathname === task;  // and nobody came between since
        told.push({sat, done: Boolean(done), status: answer?.status ?? 0});
    }
    return told;
})(); }"""


@pytest.fixture
def desk(on_file, browser):
    """(world, agency, the browser at whose door both seats are known, the address of a task)."""
    server = LiveServer("127.0.0.1")  # made after the file: its threads then have a connection each
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        work_plan_of(world.actor, world.campaign)
        agency = agency_of(world)
        client = factories.door_client(agency.organization.door, agency.seat, agency.lead)
        context = browser.new_context(base_url=server.url, locale="en-GB")
        context.set_default_timeout(90_000)
        cookies = {name: client.cookies[name].value for name in ("sessionid", "device")}
        context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
        yield agency, context, f"{agency.p}/tasks/{agency.task().pk}/"
    server.stop()


def switched(desk, turns):
    """Both tabs at once; [(who sat there by the page, who did it by the tables)], and what the tabs were told."""
    agency, context, task = desk
    tabs = [(context.new_page(), seat) for seat in (agency.seat, agency.lead)]
    common = {"pin": PIN, "task": task, "day": timezone.localdate().isoformat(), "turns": turns}
    for page, _seat in tabs:
        page.goto("/door/seats/")
    for number, (page, seat) in enumerate(tabs):
        page.evaluate(TAB, {"tab": number, "seat": str(seat.pk), **common})
    told = [line for page, _seat in tabs for line in page.evaluate("window.told")]
    return list(attributed(agency)), told


def attributed(agency):
    """(the name on the page before whoever clicked, the name in the row, in its line and in the sealed event)."""
    for problem in Problem.objects.select_related("raised_by"):
        line = Activity.objects.get(verb="tasks.problem_raised", subject_id=str(problem.pk))
        event = AuditEvent.objects.get(pk=line.event_id)
        assert event.door_id == agency.organization.door.pk
        names = {seat.user_id: seat.user.name for seat in (agency.seat, agency.lead)}
        yield (
            re.match(r"[\w ]+?(?= \()", problem.text)[0],
            problem.raised_by.name,
            names[line.user_id],
            names[event.user_id],
        )


def test_two_hundred_switches_in_two_tabs(desk):
    found, told = switched(desk, TURNS)
    statuses = Counter(line["status"] for line in told)
    print(f"{len(told)} turns, {len(found)} reports, {dict(statuses)}, {Counter(line['sat'] for line in told)}")
    assert len(told) == 2 * TURNS and not [line for line in told if max(line["sat"], line["status"]) >= 500]
    assert [names for names in found if len(set(names)) != 1] == []
    assert sum(line["done"] for line in told) <= len(found) > TURNS / 4, "many clicks count"
    assert {names[0] for names in found} == {"Mei", "Lea Lead"}
    assert statuses[403] > 0, "and the tabs came between each other"


def test_without_a_new_token_for_each_seat_one_acts_in_the_others_name(desk, monkeypatch):
    """The control: a new token, but as Django keeps it, in a cookie beside that of the session."""
    monkeypatch.setattr(keyboard, "bind_token", rotate_token)
    assert any(len(set(names)) != 1 for _try in range(4) for names in switched(desk, 20)[0])


def test_a_form_that_another_seat_left_open_is_refused_with_a_sentence(desk):
    """By hand: one reads a task, the other takes the keyboard in the next tab, the first clicks."""
    agency, context, task = desk
    first, second = context.new_page(), context.new_page()
    sit(first, agency.seat)
    first.goto(task)
    expect(first.locator(".p-client small")).to_contain_text("Mei")
    first.get_by_text("Something stands in the way").click()
    first.locator("[name=text]").fill("Mei has no logo")
    sit(second, agency.lead)
    first.get_by_role("button", name="Tell the client").click()
    expect(first.locator("h1")).to_be_visible()
    assert not Problem.objects.exists()
    first.goto(task)
    expect(first.locator(".p-client small")).to_contain_text("Lea Lead")


def sit(page, seat):
    page.goto(f"/door/seats/?seat={seat.pk}")
    page.locator("[name=pin]").press_sequentially(PIN)  # six digits send themselves
    page.wait_for_url("**/partner/")
