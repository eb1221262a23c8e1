"""The pages of the work in a real Chromium: edited by the keyboard alone, dragged, taken back, named with an @."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django_scopes import scope
from playwright.sync_api import expect

from campaigns.models import Comment
from tasks import actions
from tasks.models import Recurrence, Task
from tests import conftest, factories
from tests.tasks.conftest import day, fresh, link, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(live_server, browser):
    """(open(path) → page, world, the chain Brief → Design → Launch), signed in as the owner."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        chain = make(world, "Brief", duration_days=3), make(world, "Design", duration_days=2)
        chain = (*chain, make(world, "Launch", kind="milestone"))
        link(world, chain[0], chain[1])
        link(world, chain[1], chain[2])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda line: faults.append(line.text) if line.type == "error" and "422" not in line.text else None,
        )
        page.goto(f"{live_server.url}/sign-in/?next={world.w}/")
        page.fill("input[name=login]", get_user_model().objects.get(pk=world.owner.pk).email)
        page.fill("input[name=password]", factories.PASSWORD)
        page.click("main button.pri")
        page.wait_for_url(f"**{world.w}/")

        def at(path):
            page.goto(f"{live_server.url}{world.c}/{path}")
            return page

        yield at, world, chain
        assert not faults


def cell(page, task, field):
    return page.locator(f"tr[data-id='{task.pk}'] [data-f='{field}']")


def toast(page, text):
    expect(page.locator(".toast").filter(has_text=text).first).to_be_visible()


def test_the_list_is_edited_by_the_keyboard_alone(opened):
    at, _world, (brief, design, launch) = opened
    page = at("tasks/")
    cell(page, brief, "title").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Brief 策划")
    page.keyboard.press("Enter")
    toast(page, "is saved")
    expect(cell(page, brief, "title")).to_contain_text("Brief 策划")
    expect(cell(page, design, "title")).to_be_focused()

    cell(page, brief, "duration_days").focus()
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    toast(page, "2 other tasks moved")
    expect(cell(page, launch, "start_date")).to_have_text("2026-11-10")
    assert fresh(brief).duration_days == 5

    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 700, "y": 60})
    page.keyboard.press("Control+z")
    expect(cell(page, launch, "start_date")).to_have_text("2026-11-06")
    assert fresh(brief).duration_days == 3

    cell(page, design, "predecessors").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.bad")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cell(page, design, "predecessors")).to_have_text("1")


def test_quick_add_choose_and_change_together(opened):
    at, world, chain = opened
    page = at("tasks/")
    page.locator("h1").click()
    page.keyboard.press("c")
    page.keyboard.type("Press release")
    page.keyboard.press("Enter")
    toast(page, "is in the plan")
    expect(page.locator("tbody")).to_contain_text("Press release")
    for task in chain[:2]:
        page.locator(f"tr[data-id='{task.pk}'] .pick input").check()
    expect(page.locator("[data-count]")).to_have_text("2 selected")
    page.get_by_role("button", name="Change together").click()
    page.locator("#bulk-fields select[name=assignees]").select_option(str(world.owner.pk))
    page.get_by_role("button", name="Change them").click()
    page.wait_for_url("**/tasks/")
    assert all(task.assignees.count() == 1 for task in chain[:2]) and Task.objects.count() == 4


def test_the_panel_ticks_its_checklist(opened):
    at, _world, (brief, *_rest) = opened
    page = at("tasks/")
    page.locator("#task-table").get_by_role("link", name="Brief", exact=True).click()
    panel = page.locator("#peek")
    panel.get_by_placeholder("Add a line").fill("Check the logo")
    panel.get_by_placeholder("Add a line").press("Enter")
    box = panel.get_by_role("checkbox", name="Check the logo")
    box.click()
    expect(box).to_have_attribute("aria-checked", "true")
    assert brief.checklist.get().done_by is not None
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_board_is_dragged_and_moved_by_keys(opened):
    at, _world, (brief, design, _launch) = opened
    page = at("tasks/board/")
    lane = page.locator(".lane[data-state=in_progress]")
    page.locator(f".ticket[data-id='{brief.pk}']").drag_to(lane)
    toast(page, "in progress")
    expect(lane.locator(f".ticket[data-id='{brief.pk}']")).to_be_visible()
    assert fresh(brief).state == "in_progress"
    page.locator(f".ticket[data-id='{design.pk}'] a.cover").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(lane.locator(f".ticket[data-id='{design.pk}']")).to_be_visible()
    page.wait_for_timeout(500)
    assert fresh(design).state == "in_progress"


def test_the_calendar_moves_a_task_by_keys(opened):
    at, _world, (brief, *_rest) = opened
    page = at("tasks/calendar/?from=2026-11-01")
    page.locator(f"a[data-id='{brief.pk}']").first.focus()
    page.keyboard.press("Shift+ArrowDown")
    toast(page, "other tasks moved")
    assert fresh(brief).start_date == day(9)


def test_a_recurring_task_is_set_up_in_words(opened):
    at, world, _chain = opened
    page = at("tasks/recurring/new/")
    page.fill("[name=title]", "Weekly report")
    page.get_by_label("Monday").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/tasks/recurring/")
    expect(page.locator("main")).to_contain_text("every week on Monday")
    row = Recurrence.objects.get()
    made = list(Task.objects.filter(recurrence=row).order_by("occurrence_date"))
    assert made and all(task.occurrence_date.weekday() == 0 for task in made)
    assert made[-1].occurrence_date <= actions.today_of(world.campaign) + timedelta(row.ahead_days)


def test_a_name_is_offered_after_an_at(opened):
    at, world, (brief, *_rest) = opened
    person = factories.member(world.workspace, name="Li Na")
    page = at(f"tasks/{brief.pk}/")
    page.locator(".mentions textarea").click()
    page.keyboard.type("Please look @li")
    expect(page.get_by_role("option", name="Li Na")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".mention")).to_have_text("@Li Na")
    assert Comment.objects.get().text == f"Please look @[Li Na]({person.pk})"


def test_a_plan_that_is_over_opens_on_its_own_days_and_nothing_shows_below_the_names(opened):
    at, _world, (brief, *_others) = opened
    page = at("")
    late = fresh(brief).start_date + timedelta(days=400)

    def long_after(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "today": f"{late:%Y-%m-%d}"})

    page.route("**/api/v1/work-plans/*/feed/**", long_after)
    at("tasks/gantt/")
    page.wait_for_selector(".gantt[data-ready]")
    shown = page.evaluate(
        """() => {
          const gantt = document.querySelector(".gantt").gantt, chart = gantt.chart;
          const [first, last] = gantt.plan.own(chart.today), names = document.querySelector(".g-under");
          const cover = names.getBoundingClientRect(), box = chart.box.getBoundingClientRect();
          return { last, today: chart.today,
            seen: chart.scale.x(first) >= chart.left && chart.scale.x(first) < chart.left + chart.width,
            covered: cover.top <= box.top + 49 && cover.bottom >= box.bottom - 20 && cover.left === box.left };
        }"""
    )
    assert shown["today"] > shown["last"] and shown["seen"] and shown["covered"]
