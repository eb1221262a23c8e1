"""The Gantt without its script: the feed, the page, the table, the workbook and the print."""

import base64
import io
import json
import uuid

import openpyxl
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import CalendarDay, Organization, WorkCalendar
from campaigns.models import Phase
from core import pdf
from core.swap import swap
from tasks import actions
from tasks.gantt import feed, lines, sheets
from tasks.gantt.words import words
from tasks.models import Baseline, Problem
from tasks.models.feed import PlanReader
from tests import factories
from tests.tasks.conftest import day, fresh, link, make

PLACES = {name: n for n, name in enumerate(feed.FIELDS)}


@pytest.fixture
def plan(world):
    """Two phases: a package of two linked tasks, a fixed milestone that waits for them, a task without phase."""
    before, after = factories.phase(world.campaign, "Preparation"), factories.phase(world.campaign, "Launch")
    package = make(world, "Package", phase=before)
    copy = make(world, "文案", parent=package, phase=before, duration_days=3, assignees=[world.owner])
    film = make(
        world, "=Film", parent=package, phase=before, duration_days=5, channel=factories.channel(world.workspace)
    )
    launch = make(world, "Launch day", phase=after, kind="milestone")
    loose = make(world, "Loose end", deadline=day(4))
    link(world, copy, film, kind="FS", lag_days=1)
    link(world, film, launch)
    return {"package": package, "copy": copy, "film": film, "launch": launch, "loose": loose}


def feed_of(world, client=None, query="", **headers):
    client = client or world.client()
    return client.get(f"/api/v1/work-plans/{world.campaign.pk}/feed/{query}", headers=headers)


def column(answer, name):
    """A column of the feed, one value a task."""
    values = answer["tasks"][PLACES[name]]
    if name == "id":
        raw = base64.b64decode(values)
        return [uuid.UUID(bytes=raw[at : at + 16]) for at in range(0, len(raw), 16)]
    return values if isinstance(values, list) else [values] * answer["count"]


def links_of(answer):
    columns = [one if isinstance(one, list) else [one] * answer["link_count"] for one in answer["links"]]
    return list(zip(*columns, strict=True))


def test_the_feed_tells_the_plan_as_it_is_stored(world, plan):
    answer = feed_of(world).json()
    rows = [fresh(plan[name]) for name in ("package", "copy", "film", "launch", "loose")]
    assert column(answer, "id") == [row.pk for row in rows]
    assert column(answer, "title") == [row.title for row in rows]
    assert column(answer, "parent") == [-1, 0, 0, -1, -1]
    assert column(answer, "phase") == [0, 0, 0, 1, -1]
    assert [answer["kinds"][n] for n in column(answer, "kind")] == [row.kind for row in rows]
    assert [feed.day_of(n) for n in column(answer, "start")] == [row.start_date for row in rows]
    assert [feed.day_of(n) for n in column(answer, "finish")] == [row.finish_date for row in rows]
    assert column(answer, "total_float") == [row.total_float for row in rows]
    assert column(answer, "lock_version") == [row.lock_version for row in rows]
    assert [bool(n & feed.CRITICAL) for n in column(answer, "flags")] == [row.is_critical for row in rows]
    assert [bool(n & feed.SUMMARY) for n in column(answer, "flags")] == [True, False, False, False, False]
    assert [feed.day_of(n) for n in column(answer, "deadline")] == [None] * 4 + [day(4)]
    assert column(answer, "assignees") == [-1, 0, -1, -1, -1] and answer["people"][0][1] == world.owner.name
    channels = [answer["channels"][n][1] if n >= 0 else None for n in column(answer, "channel")]
    assert channels == [None, None, factories.channel(world.workspace).label, None, None]
    assert links_of(answer) == [(1, 2, 0, 1, 0), (2, 3, 0, 0, 0)]
    assert [phase[1] for phase in answer["phases"]] == list(Phase.objects.values_list("name", flat=True))


def test_problems_archived_tasks_and_several_people(world, plan):
    second = factories.member(world.workspace)
    actions.update_task(world.actor, task=fresh(plan["copy"]), assignees=[world.owner, second])
    about = {"subject_type": "tasks.task", "subject_id": plan["film"].pk, "subject_label": "x", "text": "No footage"}
    solver = {"solver": world.owner, "due_date": day(9)}
    Problem.objects.create(workspace=world.workspace, campaign=world.campaign, **about, **solver)
    actions.archive_task(world.actor, task=fresh(plan["launch"]))
    answer = feed_of(world).json()
    assert answer["count"] == 4 and links_of(answer) == [(1, 2, 0, 1, 0)]
    assert [bool(n & feed.PROBLEM) for n in column(answer, "flags")] == [False, False, True, False]
    people = column(answer, "assignees")[1]
    assert sorted(answer["people"][n][1] for n in people) == sorted([world.owner.name, second.name])
    assert people == sorted(people)  # by name


def test_several_people_of_all_tasks_are_a_list_each(world):
    second = factories.member(world.workspace)
    make(world, "Alone", assignees=[world.owner, second])
    assert feed_of(world).json()["tasks"][PLACES["assignees"]] == [[0, 1]]


def test_who_has_archived_tasks_alone_is_not_listed(world, plan):
    second = factories.member(world.workspace)
    gone = make(world, "Gone", assignees=[second, world.owner])
    actions.archive_task(world.actor, task=fresh(gone))
    answer = feed_of(world).json()
    assert [name for _key, name in answer["people"]] == [world.owner.name]
    assert column(answer, "assignees") == [-1, 0, -1, -1, -1]


def test_nothing_new_is_answered_without_a_body(world, plan, assert_budget):
    client = world.client()
    with assert_budget("api:work-plan-feed"):
        first = feed_of(world, client)
    etag = first["ETag"]
    with assert_budget("api:work-plan-feed unchanged"):
        again = feed_of(world, client, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize("change", ["title", "move", "link", "phase", "problem", "archive"])
def test_every_change_makes_a_new_version(world, plan, change):
    before = feed_of(world)["ETag"]
    if change == "title":
        actions.update_task(world.actor, task=fresh(plan["loose"]), title="Another")
    elif change == "move":
        actions.move_task(world.actor, task=fresh(plan["copy"]), start_date=day(12))
    elif change == "link":
        link(world, plan["loose"], plan["copy"])
    elif change == "phase":
        factories.phase(world.campaign, "Third")
    elif change == "problem":
        about = {"subject_type": "tasks.task", "subject_id": plan["film"].pk, "subject_label": "x", "text": "y"}
        rest = {"solver": world.owner, "due_date": day(9)}
        Problem.objects.create(workspace=world.workspace, campaign=world.campaign, **about, **rest)
    else:
        actions.archive_task(world.actor, task=fresh(plan["loose"]))
    after = feed_of(world, **{"If-None-Match": before})
    assert after.status_code == 200 and after["ETag"] != before


@pytest.mark.parametrize("change", ["people", "place", "days off", "calendar", "channel", "organization", "person"])
def test_what_no_date_depends_on_makes_a_new_version_too(world, plan, change):
    before = feed_of(world)["ETag"]
    if change == "people":
        actions.update_task(world.actor, task=fresh(plan["loose"]), assignees=[world.owner])
    elif change == "place":
        actions.place_task(world.actor, task=fresh(plan["loose"]), position=0)
    elif change == "days off":
        calendar = WorkCalendar.objects.get(workspace=world.workspace)
        CalendarDay.objects.create(workspace=world.workspace, calendar=calendar, date=day(30), is_working=False)
    elif change == "calendar":
        swap(WorkCalendar.objects.get(workspace=world.workspace), days_off="6")
    elif change == "channel":
        swap(factories.channel(world.workspace), labels={"en": "Search"})
    elif change == "organization":
        Organization.objects.create(workspace=world.workspace, name="Partner")
    else:
        swap(world.owner, name="Somebody Else")
    after = feed_of(world, **{"If-None-Match": before})
    assert after.status_code == 200 and after["ETag"] != before


@pytest.mark.parametrize("kind", ["link", "phase"])
def test_one_that_went_and_one_that_came_make_a_new_version(world, plan, kind):
    made = link(world, plan["copy"], plan["loose"]) if kind == "link" else factories.phase(world.campaign, "Third")
    before = feed_of(world)["ETag"]
    if kind == "link":
        actions.unlink(world.actor, link=made)
        link(world, plan["film"], plan["loose"])
    else:
        made.delete()
        factories.phase(world.campaign, "Fourth")
    assert feed_of(world, **{"If-None-Match": before}).status_code == 200


def test_words_in_another_language_are_another_version(world, plan):
    english, chinese = (feed_of(world, **{"Accept-Language": language}) for language in ("en", "zh-hans"))
    assert english.json()["channels"] != chinese.json()["channels"] and english["ETag"] != chinese["ETag"]


def test_a_baseline_is_told_beside_the_plan(world, plan):
    kept = actions.take_baseline(world.actor, campaign=world.campaign, name="First plan")
    kept = getattr(kept, "baseline", kept)
    was = fresh(plan["copy"])
    actions.move_task(world.actor, task=fresh(was), start_date=day(12))
    answer = feed_of(world, query=f"?baseline={kept.pk}").json()
    found = {place: (feed.day_of(start), feed.day_of(end)) for place, start, end in answer["baseline"]["tasks"]}
    assert answer["baseline"]["name"] == "First plan"
    assert found[1] == (was.start_date, was.finish_date) and feed.day_of(column(answer, "start")[1]) != was.start_date
    assert feed_of(world, query=f"?baseline={uuid.uuid4()}").status_code == 404
    assert feed_of(world, query="?baseline=x").status_code == 400


def test_days_off_and_years_not_published(world, plan):
    actions.move_task(world.actor, task=fresh(plan["loose"]), start_date=day(4, 1).replace(year=2090))
    calendar = feed_of(world).json()["calendar"]
    off = {n for first, last in calendar["days_off"] for n in range(first, last + 1)}
    number = (day(7) - feed.EPOCH).days  # a Saturday
    assert number in off and number + 1 in off and number + 2 not in off
    assert 2090 in calendar["unpublished"] and 2026 not in calendar["unpublished"]


def test_an_empty_plan_and_a_foreign_one(world, other):
    answer = feed_of(world).json()
    assert (answer["count"], answer["tasks"], answer["links"], answer["plan"]) == (0, [], [], None)
    assert other.client().get(f"/api/v1/work-plans/{world.campaign.pk}/feed/").status_code == 404
    assert world.client().get(f"/api/v1/work-plans/{uuid.uuid4()}/feed/").status_code == 404


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_hands_the_script_what_it_needs(world, plan, owner, viewer, assert_budget):
    owner.get(f"{world.c}/tasks/gantt/")
    with assert_budget("tasks:gantt"):
        page = owner.get(f"{world.c}/tasks/gantt/").content.decode()
    assert f"/api/v1/work-plans/{world.campaign.pk}/feed/" in page and 'data-may-plan="1"' in page
    assert "style=" not in page and f"{world.c}/tasks/table/" in page
    told = page.partition('id="gantt-words" type="application/json">')[2].partition("</script>")[0]
    assert json.loads(told)["buffers"].keys() == {"keep", "use", "ignore"}
    assert 'data-may-plan="0"' in viewer.get(f"{world.c}/tasks/gantt/").content.decode()


def test_every_word_of_the_script_is_there_in_both_languages():
    def flat(value):
        return [text for one in value.values() for text in (flat(one) if isinstance(one, dict) else [str(one)])]

    with translation.override("en"):
        english = flat(words())
    with translation.override("zh-hans"):
        chinese = flat(words())
    same = {a for a, b in zip(english, chinese, strict=True) if a == b}
    assert len(english) > 80 and not same


# --- the table ------------------------------------------------------------------------------------------------------


def test_the_table_is_the_same_plan(world, plan, owner, assert_budget):
    owner.get(f"{world.c}/tasks/table/")
    with assert_budget("tasks:table"):
        response = owner.get(f"{world.c}/tasks/table/")
    rows = [(line.wbs, line.title, line.number, line.predecessors) for line in response.context["page"]]
    assert rows == [
        ("1", "Preparation", None, ""),
        ("1.1", "Package", 1, ""),
        ("1.1.1", "文案", 2, ""),
        ("1.1.2", "=Film", 3, "2FS+1d"),
        ("2", "Launch", None, ""),
        ("2.1", "Launch day", 4, "3"),
        ("3", "Without a phase", None, ""),
        ("3.1", "Loose end", 5, ""),
    ]
    assert "<script" not in response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_numbers_of_predecessors_are_those_one_types(world, plan):
    sheet = lines.Sheet(PlanReader(world.campaign).source())
    texts = {line.key: line.predecessors for line in sheet.lines() if line.key and not line.is_group}
    assert {str(uuid.UUID(key)): text for key, text in texts.items()} == {
        str(task.pk): actions.predecessors_text(task) for task in plan.values()
    }


@pytest.mark.parametrize("group", ["owner", "channel"])
def test_the_table_by_person_or_channel(world, plan, owner, group):
    page = owner.get(f"{world.c}/tasks/table/?group={group}").context["page"]
    heads = [line.title for line in page if line.is_group]
    assert heads == [world.owner.name if group == "owner" else factories.channel(world.workspace).label, "None"]
    assert [line.title for line in page][1] == ("文案" if group == "owner" else "=Film")


def test_a_long_table_is_paged_or_printed_whole(world, owner):
    for n in range(230):
        factories.task(world.campaign, f"Task {n}", start_date=day(2), finish_date=day(3))
    first = owner.get(f"{world.c}/tasks/table/").context["page"]
    assert (len(first), first.paginator.num_pages) == (200, 2)
    assert len(owner.get(f"{world.c}/tasks/table/?all=1").context["page"]) == 231
    assert owner.get(f"{world.c}/tasks/table/?page=x&group=bogus&baseline=x").status_code == 200


# --- files ----------------------------------------------------------------------------------------------------------


def test_the_workbook_has_figures_and_a_chart_of_cells(world, plan, owner):
    kept = actions.take_baseline(world.actor, campaign=world.campaign, name="First plan")
    kept = getattr(kept, "baseline", kept)
    actions.report_progress(world.actor, task=fresh(plan["film"]), progress=50)
    response = owner.get(f"{world.c}/tasks/gantt/export.xlsx?baseline={kept.pk}")
    assert response["Content-Disposition"].startswith("attachment")
    figures, chart = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets
    head, *rows = [[cell.value for cell in row] for row in figures.rows]
    film = dict(zip(head, rows[3], strict=True))
    row = fresh(plan["film"])
    assert film["Task"] == "    =Film" and figures.cell(5, 3).data_type == "s"
    assert (film["Start"].date(), film["Finish"].date()) == (row.start_date, row.finish_date)
    assert (film["Predecessors"], film["Progress (%)"], film["Later by (days)"]) == ("2FS+1d", 50, 0)
    painted = [cell for cell in chart[6] if cell.column > 2 and cell.fill.fgColor.rgb in ("FFB9C0F2", "FF3F4FD9")]
    assert len(painted) == (row.finish_date - row.start_date).days + 1
    assert {cell.fill.fgColor.rgb for cell in painted} == {"FFB9C0F2", "FF3F4FD9"}
    assert any(cell.value == "◆" for cell in chart[8])
    formulas = [cell for sheet in (figures, chart) for line in sheet.rows for cell in line if cell.data_type == "f"]
    assert not formulas


def test_the_print_is_a_pdf_of_all_sheets(world, plan, owner):
    weasyprint = pytest.importorskip("weasyprint")
    for n in range(90):
        factories.task(world.campaign, f"短视频脚本 {n}", start_date=day(2), finish_date=day(3 + n % 20))
    response = owner.get(f"{world.c}/tasks/gantt/export.pdf")
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF-")
    source = PlanReader(world.campaign).source()
    chart = sheets.Chart(lines.Sheet(source).lines(), source.links, today=day(9), is_off=lambda one: one.weekday() > 4)
    html = render_to_string("tasks/gantt_print.html", {"campaign": world.campaign, "chart": chart, "today": day(9)})
    assert len(weasyprint.HTML(string=html).render().pages) == len(chart.sheets) == 3
    film = next(row for sheet in chart.sheets for row in sheet.rows if row.title == "=Film")
    row = fresh(plan["film"])
    assert film.bar.x == chart.x(row.start_date)
    assert film.bar.width == pytest.approx(chart.px * ((row.finish_date - row.start_date).days + 1), abs=0.1)
    assert len(chart.sheets[0].arrows) == 2


def test_without_the_extra_there_is_no_print(world, plan, owner, monkeypatch):
    monkeypatch.setattr(pdf, "is_there", lambda: False)
    assert owner.get(f"{world.c}/tasks/gantt/export.pdf").status_code == 404
    assert "export.pdf" not in owner.get(f"{world.c}/tasks/gantt/").content.decode()


def test_a_print_fetches_nothing(httpserver, tmp_path):
    if not pdf.is_there():
        pytest.skip("needs weasyprint")
    picture = tmp_path / "x.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    with_both = f'<img src="{httpserver.url_for("/x.png")}"><img src="{picture.as_uri()}"><p>x</p>'
    assert pdf.pdf_bytes(with_both).startswith(b"%PDF-") and not httpserver.log
    assert len(pdf.pdf_bytes(with_both)) < len(pdf.pdf_bytes("<p>x</p>")) + 200


def test_an_empty_plan_has_all_its_files(world, owner):
    assert owner.get(f"{world.c}/tasks/gantt/export.xlsx").status_code == 200
    assert owner.get(f"{world.c}/tasks/table/").status_code == 200
    if pdf.is_there():
        assert owner.get(f"{world.c}/tasks/gantt/export.pdf").status_code == 200
    assert Baseline.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "ems", "shown"),
    [("短视频脚本", 10, "短视频脚本"), ("短视频脚本", 3, "短视…"), ("Short film", 4, "Short…")],
)
def test_words_are_cut_to_their_room(text, ems, shown):
    assert sheets.cut(text, ems) == shown
