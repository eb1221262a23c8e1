"""The pages of the work: list, board, calendar, workload, forms; who sees them and what they cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Absence
from campaigns.models import Phase
from tasks import actions
from tasks.models import Task
from tests import factories
from tests.tasks.conftest import day, fresh, make, task_in

PAGES = ["", "board/", "calendar/", "workload/", "recurring/", "new/", "recurring/new/"]


def at(world, rest=""):
    return f"{world.c}/tasks/{rest}"


@pytest.fixture
def plan(world, chain):
    """The chain in a phase, with a sub-task and people."""
    phase = Phase.objects.create(
        workspace=world.workspace, campaign=world.campaign, name="Warm-up", start_date=day(1), finish_date=day(15)
    )
    Task.objects.update(phase=phase)
    make(world, "Sketch", parent=chain[1], assignees=[world.owner], effort_hours=Decimal(16), duration_days=2)
    return chain


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers(world, owner, stranger, plan, page):
    assert owner.get(at(world, page)).status_code == 200
    assert stranger.get(at(world, page)).status_code == 404


@pytest.mark.parametrize("page", ["", "board/", "calendar/", "workload/", "recurring/"])
def test_viewers_read_and_find_no_buttons(world, viewer, plan, page):
    words = viewer.get(at(world, page)).content.decode()
    for way in ("/quick/", "/bulk/", "tasks/new/", "draggable", "data-may-plan"):
        assert way not in words


@pytest.mark.parametrize("page", ["", "board/", "calendar/", "workload/"])
def test_nonsense_in_the_address_is_no_fault(world, owner, plan, page):
    for query in (
        "phase=x&assignee=1&state=x&channel=%20&tag=9",
        "from=2026-99-99&page=x&group=x&o=-x",
        "first=1&last=x",
    ):
        assert owner.get(f"{at(world, page)}?{query}").status_code == 200


# --- list -----------------------------------------------------------------------------------------------------------


def shown(response):
    """The titles of the list, indented by their depth, groups in brackets."""
    lines = response.context["lines"]
    return [f"{'-' * int(one['depth'])}{one['title']}" if "key" in one else f"[{one['title']}]" for one in lines]


def test_the_list_is_a_tree_in_groups(world, owner, plan):
    assert shown(owner.get(at(world))) == ["[Warm-up]", "Brief", "Design", "-Sketch", "Launch"]
    assert shown(owner.get(f"{at(world)}?group=none")) == ["Brief", "Design", "-Sketch", "Launch"]
    owned = shown(owner.get(f"{at(world)}?group=owner"))
    assert owned == ["[Nobody yet]", "Brief", "Design", "-Sketch", "Launch"]
    assert shown(owner.get(f"{at(world)}?o=-title")) == ["Sketch", "Launch", "Design", "Brief"]


def test_the_list_is_filtered(world, owner, plan):
    actions.change_task_state(world.actor, task=plan[0], state="in_progress")
    assert shown(owner.get(f"{at(world)}?group=none&state=in_progress")) == ["Brief"]
    assert shown(owner.get(f"{at(world)}?group=none&assignee=me")) == ["Sketch"]
    assert shown(owner.get(f"{at(world)}?group=none&q=laun")) == ["Launch"]
    assert shown(owner.get(f"{at(world)}?group=none&kind=milestone")) == ["Launch"]
    assert shown(owner.get(f"{at(world)}?group=none&first=2026-11-06")) == ["Design", "-Sketch", "Launch"]
    actions.archive_task(world.actor, task=fresh(plan[2]))
    assert shown(owner.get(f"{at(world)}?group=none&archived=1")) == ["Launch"]


def test_the_list_in_a_file(world, owner, plan):
    text = owner.get(f"{at(world)}?export=csv").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 5 and lines[1].startswith("1,1,Brief,task,to do,") and ",2026-11-02,2026-11-04,3," in lines[1]
    assert owner.get(f"{at(world)}?export=xlsx").content[:2] == b"PK"


def test_a_thousand_tasks_come_in_pages_and_few_queries(world, owner, assert_budget):
    rows = [
        Task(
            workspace=world.workspace,
            campaign=world.campaign,
            title=f"Task {n}",
            position=n,
            start_date=day(2),
            finish_date=day(3),
        )
        for n in range(1000)
    ]
    Task.objects.bulk_create(rows)
    through = Task.assignees.through
    through.objects.bulk_create(through(task=row, user=world.owner) for row in rows[::2])
    with assert_budget("tasks:list"):
        answer = owner.get(at(world))
    assert len(answer.context["lines"]) == 100 and answer.context["page"].paginator.count == 1001
    for name in ("board", "calendar", "workload"):
        with assert_budget(f"tasks:{name}"):
            assert owner.get(at(world, f"{name}/")).status_code == 200


def test_htmx_gets_the_table_alone(world, owner, plan):
    words = owner.get(at(world), headers={"HX-Request": "true"}).content.decode()
    assert words.lstrip().startswith("<section") and "<html" not in words and "Brief" in words


# --- inline edit: the page's door of the acts that REST has too -------------------------------------------------------


def change(client, world, task, field, *values, seen=None):
    data = {"field": field, "value": list(values), "lock_version": seen or fresh(task).lock_version}
    return client.post(at(world, f"{task.pk}/cell/"), data, headers={"Accept": "application/json"})


def test_cells(world, owner, chain):
    brief, design, launch = chain
    assert change(owner, world, brief, "title", "Brief 策划").json()["text"]
    answer = change(owner, world, brief, "duration_days", "5").json()
    assert "2 other tasks moved" in answer["text"]
    assert fresh(launch).finish_date == day(10)
    owner.post(answer["undo"], headers={"Accept": "application/json"})
    assert fresh(launch).finish_date == day(6) and fresh(brief).title == "Brief 策划"
    change(owner, world, design, "assignees", str(world.owner.pk))
    assert list(design.assignees.all()) == [world.owner]
    change(owner, world, design, "assignees")
    assert not design.assignees.exists()
    change(owner, world, design, "predecessors", "1FS+2d")
    assert fresh(design).start_date == day(9)
    change(owner, world, brief, "progress", "40")
    assert (fresh(brief).progress, fresh(brief).state) == (40, "in_progress")
    change(owner, world, brief, "state", "done")
    assert fresh(brief).progress == 100
    change(owner, world, launch, "start_date", "2026-11-20")
    assert fresh(launch).start_date == day(20)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "x" * 201), ("duration_days", "x"), ("progress", "101"), ("predecessors", "99FS"),
     ("start_date", "1999-01-01"), ("state", "blocked"), ("state", "x"), ("assignees", "x"), ("nothing", "1")],
)  # fmt: skip
def test_bad_cells_are_refused_in_words(world, owner, chain, field, value):
    answer = change(owner, world, chain[1], field, value)
    assert answer.status_code == 422 and answer.json()["detail"]
    assert fresh(chain[1]).lock_version == chain[1].lock_version


def test_a_circle_is_refused_with_its_path(world, owner, chain):
    answer = change(owner, world, chain[0], "predecessors", "3")
    assert answer.status_code == 422 and "Launch" in answer.json()["detail"]


def test_a_cell_of_an_older_version_is_refused(world, owner, chain):
    seen = fresh(chain[0]).lock_version
    actions.update_task(world.actor, task=fresh(chain[0]), title="Theirs")
    assert change(owner, world, chain[0], "title", "Mine", seen=seen).status_code == 412
    assert fresh(chain[0]).title == "Theirs"


def test_assignees_report_and_do_not_plan(world, chain):
    worker = factories.member(world.workspace, role="approver", name="Wu Worker")
    chain[0].assignees.add(worker)
    client = world.client(worker)
    assert change(client, world, chain[0], "progress", "50").status_code == 200
    assert change(client, world, chain[0], "title", "Mine").status_code == 403
    assert change(client, world, chain[1], "progress", "50").status_code == 403


def test_quick_add_bulk_and_undo(world, owner, chain):
    json = {"Accept": "application/json"}
    made = owner.post(at(world, "quick/"), {"title": "Press release"}, headers=json).json()
    assert Task.objects.get(pk=made["task"]).title == "Press release"
    assert owner.post(at(world, "quick/"), {"title": " "}, headers=json).status_code == 422
    keys = [str(task.pk) for task in chain[:2]]
    data = {"task": keys, "assignees": [str(world.owner.pk)], "add_tags": "KOL, 双12"}
    done = owner.post(at(world, "bulk/"), data, headers=json).json()
    assert "2 tasks" in done["text"]
    assert sorted(tag.name for tag in chain[1].tags.all()) == ["KOL", "双12"] and chain[0].assignees.count() == 1
    assert owner.post(done["undo"], headers=json).json() == {"text": "Undone."}
    assert not chain[0].assignees.exists() and not chain[1].tags.exists()
    assert owner.post(at(world, "bulk/"), {"task": keys}, headers=json).status_code == 422
    assert owner.post(at(world, "bulk/"), {"state": "done"}, headers=json).status_code == 422


def test_without_a_script_the_same_acts_come_back_to_the_page(world, owner, chain):
    answer = owner.post(at(world, f"{chain[0].pk}/move/"), {"state": "in_progress", "from": "board", "query": "q=b"})
    assert answer.status_code == 302 and answer["Location"] == at(world, "board/?q=b")
    assert fresh(chain[0]).state == "in_progress"
    owner.post(at(world, f"{chain[0].pk}/archive/"))
    assert fresh(chain[0]).archived_at
    owner.post(at(world, f"{chain[0].pk}/restore/"))
    extra = make(world, "Extra")
    owner.post(at(world, f"{extra.pk}/step/"), {"step": "up"})
    assert [task.title for task in Task.objects.order_by("position")] == ["Brief", "Design", "Extra", "Launch"]
    owner.post(at(world, f"{extra.pk}/step/"), {"step": "indent"})
    assert fresh(extra).parent == chain[1]
    owner.post(at(world, f"{chain[1].pk}/duplicate/"))
    assert Task.objects.filter(title__startswith="Design").count() == 2


# --- forms ----------------------------------------------------------------------------------------------------------


def form_of(client, url):
    """What the form of a page would send as it stands."""
    form = client.get(url).context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = (
                [str(getattr(each, "pk", each)) for each in value] if isinstance(value, list) else value
            )
    return data


def test_the_form_makes_a_whole_task(world, owner, chain):
    folder = make(world, "Afterwards")
    data = form_of(owner, at(world, "new/")) | {
        "title": "Review", "assignees": [str(world.owner.pk)], "duration_days": "2", "predecessors": "3+1d",
        "tags": "KOL，legal", "effort_hours": "12.5", "parent": str(folder.pk),
    }  # fmt: skip
    answer = owner.post(at(world, "new/"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Task.objects.get(title="Review")
    assert (made.duration_days, made.effort_hours, made.parent) == (2, Decimal("12.5"), folder)
    assert sorted(tag.name for tag in made.tags.all()) == ["KOL", "legal"] and made.links_in.get().lag_days == 1


def test_the_form_changes_only_what_was_touched(world, owner, chain):
    url = at(world, f"{chain[1].pk}/edit/")
    data = form_of(owner, url)
    assert owner.post(url, data | {"title": "Drafts"}).status_code == 302
    task = fresh(chain[1])
    assert (task.title, task.constraint, task.is_pinned) == ("Drafts", "asap", False)
    assert [each.predecessor for each in task.links_in.all()] == [chain[0]]


def test_what_others_saved_meanwhile_is_shown(world, owner, chain):
    url = at(world, f"{chain[1].pk}/edit/")
    mine = form_of(owner, url) | {"title": "Mine"}
    actions.update_task(world.actor, task=fresh(chain[1]), title="Theirs")
    answer = owner.post(url, mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Theirs" in page and 'value="Mine"' in page
    assert owner.post(url, mine | {"lock_version": fresh(chain[1]).lock_version}).status_code == 302
    assert fresh(chain[1]).title == "Mine"


@pytest.mark.parametrize("wrong", [{"title": ""}, {"predecessors": "77"}, {"duration_days": "x"}, {"start_date": "x"}])
def test_bad_forms_say_why_and_save_nothing(world, owner, chain, wrong):
    answer = owner.post(at(world, "new/"), {"title": "New", "kind": "task"} | wrong)
    assert answer.status_code == 422 and answer.context["form"].errors
    assert Task.objects.count() == 3


# --- calendar and workload --------------------------------------------------------------------------------------------


def test_the_calendar_knows_swapped_days(world, owner, chain):
    october = owner.get(f"{at(world, 'calendar/')}?from=2026-10-01").context["weeks"]
    cells = {cell["day"]: cell for week in october for cell in week["days"]}
    assert cells[date(2026, 10, 1)]["swapped"] == "off" and cells[date(2026, 10, 10)]["swapped"] == "work"
    week = owner.get(f"{at(world, 'calendar/')}?scale=week&from=2026-11-04").context["weeks"]
    bars = [(one["task"].title, one["bar"].column, one["bar"].span) for one in week[0]["bars"]]
    assert bars == [("Brief", 1, 3), ("Design", 4, 2), ("Launch", 5, 1)]


def test_the_workload_counts_hours_and_absences(world, owner, chain):
    person = factories.member(world.workspace, name="Bo Busy")
    today = timezone.localdate()
    monday = today - timedelta(today.weekday())
    task_in(
        world.campaign,
        "Big",
        start_date=monday,
        finish_date=monday + timedelta(4),
        effort_hours=Decimal(60),
        assignees=[person],
    )
    task_in(world.campaign, "Unknown", start_date=monday, finish_date=monday, assignees=[person])
    Absence.objects.create(
        workspace=world.workspace, user=person, start_date=monday + timedelta(1), finish_date=monday + timedelta(2)
    )
    context = owner.get(f"{at(world, 'workload/')}?from={monday}").context
    first = context["lines"][0]["cells"][0]
    assert (first.hours, first.state, first.unknown) == (("60", "24"), "over", "1 without hours")
    everywhere = owner.get(f"{at(world, 'workload/')}?from={monday}&scope=all").context
    assert everywhere["lines"][0]["cells"][0].hours[0] == "60"


@pytest.mark.parametrize("door", ["page", "api"])
def test_links_typed_beside_those_of_somebody_else_are_refused(world, owner, chain, door):
    """The second of two sees that the first was quicker, also where no date moved."""
    launch, seen = chain[2], fresh(chain[2])
    change(owner, world, launch, "predecessors", "1;2")
    if door == "page":
        answer = change(owner, world, launch, "predecessors", "2FS+1d", seen=seen.lock_version)
    else:
        tag = {"If-Match": f'"{seen.pk.hex}-{seen.lock_version}"', "Pharos-Workspace": world.workspace.slug}
        url = f"/api/v1/tasks/{launch.pk}/predecessors/"
        answer = owner.post(url, {"text": "2FS+1d"}, content_type="application/json", headers=tag)
    assert answer.status_code == 412
    assert sorted(launch.links_in.values_list("predecessor__title", "lag_days")) == [("Brief", 0), ("Design", 0)]
