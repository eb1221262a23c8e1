"""The Gantt with 5,000 tasks in a real Chromium: drawn, dragged, linked, by keys, by finger, by two people."""

import os
import time
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django_scopes import scopes_disabled
from playwright.sync_api import expect

from benchmarks.plans import add_work
from campaigns.models import Campaign
from core.actor import Actor
from tasks import actions
from tasks.models import Dependency, Task
from tests import conftest, factories
from tests.browser.conftest import SIZES
from tests.browser.site import Guard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT = 5000
GANTT = "document.querySelector('.gantt').gantt"
READY = ".gantt[data-ready]"


class Screen:
    """A person before the Gantt: what they see is asked of the page, what they did of the database."""

    def __init__(self, page, world):
        self.page, self.world = page, world

    def ask(self, expression, argument=None):
        return self.page.evaluate(
            f"(argument) => {{ const gantt = {GANTT}, chart = gantt.chart; {expression} }}", argument
        )

    def go(self, task, *, zoom=7):
        """Bring a task into sight; the centre of its bar."""
        self.ask(
            f"""chart.zoom({zoom}); const at = chart.rows.at(gantt.plan.byId.get(argument));
            chart.box.scrollTop = at * chart.row - chart.height / 3; chart.read(); chart.go(at)""",
            task.pk.hex,
        )
        self.page.wait_for_timeout(60)
        return self.bar(task)

    def bar(self, task):
        """{x, y, left, right, width} of a task's bar on the screen."""
        return self.ask(
            """const slot = chart.pool.slotAt(chart.rows.at(gantt.plan.byId.get(argument)));
            const r = slot.bar.getBoundingClientRect();
            return {x: r.left + r.width / 2, y: r.top + r.height / 2, left: r.left, right: r.right, width: r.width}""",
            task.pk.hex,
        )

    def px(self):
        return self.ask("return chart.scale.px")

    def drag(self, start, end, *, steps=6):
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=steps)
        mouse.move(*end, steps=steps)
        mouse.up()

    def until(self, condition, argument=None, seconds=15):
        """Wait for a condition; not by wait_for_function, which the page's Content-Security-Policy refuses."""
        end = time.monotonic() + seconds
        while not self.ask(f"return {condition}", argument):
            assert time.monotonic() < end, f"never came true: {condition}"
            self.page.wait_for_timeout(50)

    def settle(self):
        """Until nothing is being saved and the plan of the server is on the screen."""
        self.until("!gantt.changes.busy")
        self.page.wait_for_timeout(150)

    def saved(self):
        """Save the cascade if it is asked about."""
        panel = self.page.locator(".g-panel")
        self.until("document.querySelector('.g-panel') || !gantt.changes.busy")
        if panel.count():
            panel.get_by_role("button", name="Save").click()
        self.settle()


@pytest.fixture
def world(live_server):
    built = conftest.build()
    with scopes_disabled():
        days = {"start_date": date.today() - timedelta(days=60), "finish_date": date.today() + timedelta(days=200)}
        Campaign.objects.filter(pk=built.campaign.pk).update(**days)
        built.campaign.refresh_from_db()
        count = int(os.environ.get("PHAROS_GANTT_TASKS", COUNT))
        second = factories.member(built.workspace, name="Second Person")
        built.tasks = add_work(built.actor, built.campaign, count, [built.owner, second])
        built.second = second
        yield built


@pytest.fixture
def screen(world, live_server, chromium):
    """(look) -> a Screen of a signed-in person with the Gantt open."""
    contexts, guard = [], Guard()
    home = live_server.url.replace("localhost", "127.0.0.1")

    def opened(user=None, *, width=1440, theme="light", language="en", touch=False, path="tasks/gantt/"):
        locale = {"en": "en-GB", "zh-hans": "zh-CN"}[language]
        context = chromium.new_context(
            viewport=SIZES[width], color_scheme=theme, locale=locale, base_url=home, has_touch=touch
        )
        contexts.append(context)
        client = Client()
        client.force_login(user or world.owner)
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": home} for name, value in cookies.items()])
        page = guard.watch(context.new_page())
        page.goto(f"{world.c}/{path}")
        page.wait_for_selector(READY)
        return Screen(page, world)

    yield opened
    conftest.close(contexts)
    assert not guard.faults, "\n".join(guard.faults)


def leaf(world, *, position=30, **where):
    """A plain task in the middle of a chain."""
    rows = Task.objects.filter(campaign=world.campaign, is_summary=False, kind="task", links_out__isnull=False, **where)
    return rows.order_by("position")[position]


def fresh(task):
    return Task.objects.get(pk=task.pk)


def test_five_thousand_tasks_are_drawn_scrolled_zoomed_folded_and_filtered(screen, world):
    one = screen()
    page = one.page
    assert page.evaluate("document.querySelectorAll('*').length") <= 1000
    assert one.ask("return gantt.plan.tasks.length") == world.tasks.__len__()
    for top in (0.3, 0.9, 0.1):
        one.ask("chart.box.scrollTop = chart.body.offsetHeight * argument", top)
        page.wait_for_timeout(80)
        seen = one.ask(
            """const box = chart.box.getBoundingClientRect();
            return [...document.querySelectorAll(".gr:not([hidden])")].filter((row) => {
              const r = row.getBoundingClientRect(); return r.bottom > box.top + 48 && r.top < box.bottom;
            }).map((row) => row.querySelector(".gr-name").ariaLabel)"""
        )
        first = one.ask("return Math.floor(chart.top / chart.row)")
        wanted = one.ask(
            "return chart.rows.list.slice(argument, argument + 5).map((r) => r.task ? r.task.title : r.title)", first
        )
        assert set(wanted) <= set(seen)
    for name in ("Days", "Months", "Quarters", "Weeks"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.querySelectorAll('*').length") <= 1000
    rows = one.ask("return chart.rows.length")
    one.ask("gantt.toggleAll(false)")
    assert one.ask("return chart.rows.length") == 6
    page.locator(".gr-toggle").first.click()
    assert 6 < one.ask("return chart.rows.length") < rows
    one.ask("gantt.toggleAll(true)")
    assert one.ask("return chart.rows.length") == rows
    page.fill("[data-search]", "工作包 1")
    expect(page.locator("[data-count]")).to_contain_text(f"of {len(world.tasks):,}".replace(",", ""))
    titles = one.ask("return chart.rows.list.filter((r) => r.task && !r.faint).map((r) => r.task.title)")
    assert titles and all("工作包" in title and "1" in title for title in titles) and "q=" in page.url
    page.get_by_role("button", name="Clear filters").first.click()
    page.locator("[popovertarget=gantt-view]").click()
    page.locator("[data-do=group][data-value=owner]").click()
    heads = one.ask("return chart.rows.list.filter((r) => r.isGroup).map((r) => r.title)")
    assert heads == sorted([world.owner.name, "Second Person"])
    page.reload()
    page.wait_for_selector(READY)
    assert one.ask("return gantt.asked.group") == "owner"


def test_a_bar_is_dragged_with_its_cascade_resized_and_undone(screen, world):
    one = screen()
    task = leaf(world)
    was, later = fresh(task), Dependency.objects.filter(predecessor=task).first().successor
    was_later = fresh(later)
    bar = one.go(task)
    one.drag((bar["x"], bar["y"]), (bar["x"] + 7 * one.px(), bar["y"]))
    panel = one.page.locator(".g-panel")
    expect(panel).to_be_visible()
    assert fresh(task).start_date == was.start_date, "nothing is saved before it is asked for"
    assert one.page.locator(".g-ghost").count() > 1
    panel.get_by_label("Leave the others").check()
    one.until("document.querySelectorAll('.g-ghost').length === 1")
    panel.get_by_label("Keep the gaps").check()
    one.until("document.querySelectorAll('.g-ghost').length > 1")
    one.saved()
    assert fresh(task).start_date == was.start_date + timedelta(days=7)
    assert fresh(later).start_date > was_later.start_date
    one.page.keyboard.press("Control+z")
    expect(one.page.locator("#toasts")).to_contain_text("Undone")
    assert (fresh(task).start_date, fresh(later).start_date) == (was.start_date, was_later.start_date)
    one.page.keyboard.press("Control+Shift+z")
    expect(one.page.locator("#toasts")).to_contain_text("Done again")
    assert fresh(task).start_date == was.start_date + timedelta(days=7)
    one.settle()
    bar = one.go(task)
    one.drag((bar["right"] - 3, bar["y"]), (bar["right"] - 3 + 7 * one.px(), bar["y"]))
    one.saved()
    assert fresh(task).duration_days == was.duration_days + 5
    assert fresh(task).start_date == was.start_date + timedelta(days=7)


def test_a_move_is_given_up_with_escape(screen, world):
    one = screen()
    task = leaf(world)
    bar = one.go(task)
    one.drag((bar["x"], bar["y"]), (bar["x"] + 7 * one.px(), bar["y"]))
    expect(one.page.locator(".g-panel")).to_be_visible()
    one.page.keyboard.press("Escape")
    expect(one.page.locator(".g-panel")).to_have_count(0)
    assert one.page.locator(".g-ghost").count() == 0
    assert abs(one.bar(task)["left"] - bar["left"]) < 1 and fresh(task).lock_version == task_version(task)


def task_version(task):
    return Task.objects.values_list("lock_version", flat=True).get(pk=task.pk)


def test_progress_and_links_are_drawn(screen, world):
    one = screen()
    page = one.page
    task = leaf(world, duration_days__gte=4)
    bar = one.go(task, zoom=8)
    page.mouse.move(bar["x"], bar["y"])
    grip = page.locator(".g-grip").bounding_box()
    y = grip["y"] + grip["height"] / 2
    one.drag((grip["x"] + grip["width"] / 2, y), (bar["left"] + bar["width"] * 0.6, y))
    expect(page.locator("#toasts")).to_contain_text("60 %")
    assert fresh(task).progress == 60
    one.settle()

    rows = Task.objects.filter(campaign=world.campaign, phase=task.phase, parent=task.parent, kind="task")
    other = rows.filter(position__gt=task.position + 1, is_summary=False).order_by("position").first()
    bar = one.go(task, zoom=4)
    page.mouse.move(bar["x"], bar["y"])
    dot = page.locator(".g-dot.is-end").bounding_box()
    goal = one.bar(other)
    one.drag((dot["x"] + 7, dot["y"] + 7), (goal["left"] + 2, goal["y"]))
    expect(page.locator("#toasts")).to_contain_text(other.title)
    assert Dependency.objects.filter(predecessor=task, successor=other, kind="FS").exists()

    one.settle()
    first = Dependency.objects.filter(successor=task).first().predecessor
    bar, goal = one.go(task, zoom=4), one.bar(first)
    page.mouse.move(bar["x"], bar["y"])
    dot = page.locator(".g-dot.is-end").bounding_box()
    one.drag((dot["x"] + 7, dot["y"] + 7), (goal["left"] + 2, goal["y"]))
    toast = page.locator("#toasts .toast.bad")
    expect(toast).to_contain_text(task.title)  # the cycle is refused, and its path is named
    expect(toast).to_contain_text(first.title)


def test_a_line_is_pressed_changed_and_removed(screen, world):
    one = screen()
    page = one.page
    task = leaf(world)
    link = Dependency.objects.filter(predecessor=task).first()
    one.go(task)
    x, y = one.ask(
        """const found = chart.arrows.drawn.find(({link}) => link.before.id === argument);
        const [[x1, y1], [x2, y2]] = found.line.points;
        const body = chart.body.getBoundingClientRect();
        return [(x1 + x2) / 2 + body.left + chart.names, (y1 + y2) / 2 + body.top]""",
        task.pk.hex,
    )
    page.mouse.click(x, y)
    dialog = page.locator("dialog.g-link")
    expect(dialog).to_be_visible()
    page.fill("#g-link-lag", "3")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Link changed")
    assert Dependency.objects.get(pk=link.pk).lag_days == 3
    one.settle()
    one.ask("gantt.changes.editLink(gantt.plan.links.find((one) => one.before.id === argument), [0, 0])", task.pk.hex)
    page.locator("dialog.g-link").get_by_role("button", name="Remove the link").click()
    expect(page.locator("#toasts")).to_contain_text("no longer waits")
    assert not Dependency.objects.filter(pk=link.pk).exists()


def test_a_bar_is_moved_and_reported_on_by_keyboard(screen, world):
    one = screen()
    page, keys = one.page, one.page.keyboard
    task = leaf(world)
    was = fresh(task)
    one.go(task)
    assert page.evaluate("document.activeElement.className").startswith("gb")
    keys.press("Alt+ArrowRight")
    keys.press("Alt+ArrowRight")
    one.saved()
    moved = fresh(task)
    assert moved.start_date > was.start_date
    keys.press("Shift+Alt+ArrowRight")
    one.saved()
    assert fresh(task).duration_days == was.duration_days + 1
    keys.press("Alt+ArrowUp")
    one.until(f"gantt.plan.byId.get(argument).progress === {was.progress + 10}", task.pk.hex)
    one.settle()
    assert fresh(task).progress == was.progress + 10


def test_the_chart_is_walked_folded_and_zoomed_by_keyboard(screen, world):
    one = screen()
    page, keys = one.page, one.page.keyboard
    one.go(leaf(world))
    before = one.ask("return chart.scale.step")
    keys.press("+")
    assert one.ask("return chart.scale.step") == before + 1
    keys.press("-")
    row = one.ask("return chart.focus")
    keys.press("ArrowDown")
    assert one.ask("return chart.focus") == row + 1
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        one.ask("return chart.focused.task.title")
    )
    keys.press("Space")
    keys.press("Shift+ArrowDown")
    expect(page.locator("[data-chosen-count]")).to_contain_text("2")
    keys.press("Escape")
    expect(page.locator("[data-chosen]")).to_be_hidden()
    rows = one.ask("return chart.rows.length")
    keys.press("[")
    keys.press("[")
    assert one.ask("return chart.rows.length") < rows
    keys.press("]")
    assert one.ask("return chart.rows.length") == rows
    keys.press("t")
    assert abs(one.ask("return chart.scale.x(chart.today) - chart.left - chart.width * 0.3")) < 2


def test_a_link_and_the_task_by_keyboard(screen, world):
    one = screen()
    page, keys = one.page, one.page.keyboard
    task = leaf(world)
    one.go(task)
    keys.press("l")
    expect(page.locator("[data-told]")).to_contain_text(task.title)
    for _step in range(3):
        keys.press("ArrowDown")
    target = one.ask("return chart.focused.task.id")
    keys.press("Enter")
    page.wait_for_selector("#toasts .toast")
    one.settle()
    made = Dependency.objects.filter(predecessor=task, successor_id=target).exists()
    assert made or page.locator("#toasts .toast.bad").count()
    one.go(task)
    keys.press("?")
    expect(page.locator("#gantt-help")).to_be_visible()
    keys.press("Escape")
    one.go(task)
    keys.press("Enter")
    expect(page.locator("#peek")).to_contain_text(task.title)


def test_chosen_tasks_move_together_and_back(screen, world):
    one = screen()
    page = one.page
    first = leaf(world, links_in__isnull=True, position=3)
    second = leaf(world, links_in__isnull=True, position=4)
    was = [fresh(first).start_date, fresh(second).start_date]
    for task in (first, second):
        bar = one.go(task)
        page.keyboard.down("Control")
        page.mouse.click(bar["x"], bar["y"])
        page.keyboard.up("Control")
    page.locator("[data-do=later]").click()
    expect(page.locator("#toasts")).to_contain_text("2 tasks moved")
    assert all(
        now > before for now, before in zip([fresh(first).start_date, fresh(second).start_date], was, strict=True)
    )
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert [fresh(first).start_date, fresh(second).start_date] == was


def test_two_people_the_second_sees_both_versions(screen, world):
    task = leaf(world)
    one, two = screen(), screen(world.second)
    was = fresh(task)
    actor = Actor(user=world.owner, workspace=world.workspace, role="owner")
    bar = two.go(task)
    actions.move_task(actor, task=fresh(task), start_date=was.start_date + timedelta(days=14))
    two.drag((bar["x"], bar["y"]), (bar["x"] + 7 * two.px(), bar["y"]))
    dialog = two.page.locator("dialog[open]")
    expect(dialog).to_contain_text(str(was.start_date + timedelta(days=14)))
    expect(dialog).to_contain_text(str(was.start_date + timedelta(days=7)))
    dialog.get_by_role("button", name="Save mine").click()
    two.until("document.querySelector('#toasts .toast')")
    two.settle()
    assert fresh(task).start_date == was.start_date + timedelta(days=7)
    one.ask("return gantt.reload()")  # what the poll does every 25 seconds
    shown = one.ask("return chart.dates.iso(gantt.plan.byId.get(argument).start)", task.pk.hex)
    assert shown == str(was.start_date + timedelta(days=7))


def test_a_finger_scrolls_at_once_and_drags_after_a_rest(screen, world):
    one = screen(touch=True)
    page = one.page
    task = leaf(world)
    was = fresh(task)
    bar = one.go(task)
    assert one.ask("return chart.row") >= 44 or page.evaluate("matchMedia('(pointer: coarse)').matches") is False
    touch = page.context.new_cdp_session(page)

    def finger(kind, x=0, y=0):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", bar["x"], bar["y"])
    for n in range(1, 6):
        finger("touchMove", bar["x"] + 12 * n, bar["y"])
    finger("touchEnd")
    page.wait_for_timeout(500)
    assert fresh(task).start_date == was.start_date and page.locator(".g-panel").count() == 0

    bar = one.go(task)
    finger("touchStart", bar["x"], bar["y"])
    page.wait_for_timeout(600)
    width = 7 * one.px()
    for n in range(1, 8):
        finger("touchMove", bar["x"] + width * n / 7, bar["y"])
        page.wait_for_timeout(20)
    finger("touchEnd")
    one.saved()
    assert fresh(task).start_date == was.start_date + timedelta(days=7)


def test_who_may_only_look_changes_nothing(screen, world):
    viewer = factories.member(world.workspace, role="viewer", name="Vera Viewer")
    one = screen(viewer)
    task = leaf(world)
    version = task_version(task)
    bar = one.go(task)
    one.drag((bar["x"], bar["y"]), (bar["x"] + 7 * one.px(), bar["y"]))
    one.page.keyboard.press("Alt+ArrowRight")
    one.page.wait_for_timeout(700)
    assert one.page.locator(".g-panel").count() == 0 and task_version(task) == version
    assert one.page.locator("[data-do=undo]").count() == 0


def test_the_picture_is_a_png_of_the_rows(screen, world):
    one = screen()
    one.page.fill("[data-search]", "工作包 10")
    one.until("chart.rows.length < 50")
    with one.page.expect_download() as waiting:
        one.page.locator("[popovertarget=gantt-export]").click()
        one.page.locator("[data-do=png]").click()
    path = waiting.value.path()
    assert waiting.value.suggested_filename.endswith(".png") and path.read_bytes().startswith(b"\x89PNG")
    width, height = (int.from_bytes(path.read_bytes()[at : at + 4]) for at in (16, 20))
    assert width > 900 and height > 76


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [1440, 390])
def test_looks(screen, world, theme, language, width):
    one = screen(theme=theme, language=language, width=width)
    page = one.page
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    is_list = page.locator(".gantt").get_attribute("data-face") == "list"
    assert is_list == (width == 390)
    if is_list:
        assert page.locator(".gl-row:visible").count() > 5
        small = page.evaluate(
            """[...document.querySelectorAll(".gl-row, .g-tools .btn")]
            .filter((one) => one.offsetParent && one.offsetHeight < 43.5).length"""
        )
        assert small == 0
        page.locator(".gl-row.is-group").first.click()
        page.locator("[data-do=face][data-value=chart]").click()
        expect(page.locator(".g-box")).to_be_visible()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = [
        (one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert not grave, grave


def test_titles_and_words_in_bars_end_where_their_room_does(screen):
    one = screen()
    long = "长标题 a title far too long for its column, and for any bar in sight of a window " * 4
    found = one.ask(
        """for (const row of chart.rows.list.slice(0, 12)) if (row.task) row.task.title = argument;
        chart.zoom(9); chart.box.scrollTop = 0; chart.read(); chart.redraw();
        return [...chart.pool.slots].filter((slot) => slot.row?.task?.title === argument).map((slot) => ({
          title: slot.title.lastChild.data, over: slot.title.scrollWidth - slot.title.clientWidth,
          whole: slot.name.ariaLabel, bar: slot.bar.lastChild.data ?? "",
          barOver: slot.bar.scrollWidth - slot.bar.clientWidth }))""",
        long,
    )
    assert len(found) >= 6 and any(each["bar"] for each in found)
    for each in found:
        assert each["title"].endswith("…") and len(each["title"]) > 8 and long.startswith(each["title"][:-1])
        assert each["over"] <= 0 and each["whole"] == long
        if each["bar"]:
            assert each["bar"].endswith("…") and each["barOver"] <= 0
    row = one.page.locator(".gr:not([hidden])", has=one.page.locator(".gb.is-todo")).first
    row.locator(".gr-title").hover()
    expect(row.locator(".gr-title")).to_have_attribute("title", row.locator(".gr-name").get_attribute("aria-label"))


def test_the_row_under_the_pointer_is_marked(screen):
    one = screen()
    first, second = (one.page.locator(".gr:not([hidden]) > .gr-name").nth(at) for at in (4, 5))
    ground = "name => getComputedStyle(name).backgroundColor"
    plain = first.evaluate(ground)
    first.hover()
    assert first.evaluate(ground) != plain and second.evaluate(ground) == plain
    second.hover()
    assert first.evaluate(ground) == plain and second.evaluate(ground) != plain


def test_rows_that_rush_by_tell_their_figures_when_they_rest(screen):
    """Hundreds of rows further in a frame they stand without; a row further it comes with them."""
    one = screen()
    asked = """const down = (rows) => { chart.box.scrollTop += rows * chart.row; chart.read(); chart.pool.draw(); };
      const seen = () => chart.pool.slots.filter((slot) => slot.row && chart.pool.inSight(slot.at));
      const parts = ({who, from, to, days, slack}) => [who, from, to, days, slack];
      const of = (slot) => parts(slot).map((part) => part.lastChild?.data ?? "");
      const told = () => seen().map(of);"""
    rushing = one.ask(asked + "return [300, 300, 300].flatMap((rows) => { down(rows); return told().flat().join('') })")
    assert rushing == ["", "", ""]
    one.until("!chart.frame && !chart.pool.slots.some((slot) => slot.isBare)")
    told, wanted = one.ask(f"{asked} return [told(), seen().map((slot) => slot.figures)]")
    assert told == wanted and sum(bool(start and finish) for _who, start, finish, *_rest in told) > 10
    bare = one.ask(
        f"{asked} return [1, 1, 1, 1].map((rows) => {{ down(rows); return told().filter(([, from]) => !from).length }})"
    )
    assert bare == [0, 0, 0, 0]


def test_on_a_phone_the_chart_opens_at_today_and_later_where_it_was_left(screen):
    one = screen(width=390)
    chart, listed = (one.page.locator(f"[data-do=face][data-value={face}]") for face in ("chart", "list"))
    expect(one.page.locator(".gantt")).to_have_attribute("data-face", "list")
    chart.click()
    one.until("chart.left > 0 && chart.left <= chart.scale.x(chart.today) && chart.left === chart.box.scrollLeft")
    assert one.ask("return chart.scale.x(chart.today) - chart.left < chart.width")
    assert abs(one.ask("return chart.box.scrollTop - chart.openTop(chart.row, chart.height)")) < 1
    one.ask("chart.box.scrollLeft += 700; chart.box.scrollTop += 640")
    left, top = one.ask("return [chart.box.scrollLeft, chart.box.scrollTop]")
    one.until(f"chart.left === {left} && chart.top === {top}")
    listed.click()
    expect(one.page.locator(".gantt")).to_have_attribute("data-face", "list")
    chart.click()
    one.until(f"!chart.frame && chart.left === {left} && chart.top === {top}")
    assert one.ask("return [chart.box.scrollLeft, chart.box.scrollTop]") == [left, top]
