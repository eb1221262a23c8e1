"""What a partner reports on its tasks, through both doors, and what is not theirs to say."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.jobs import HANDLERS
from core.models import Job
from tasks.actions import create_task, update_task
from tasks.actions.plan import work_plan_of
from tasks.actions.problems import solve_problem
from tasks.models import ChecklistItem, Problem, Task, TaskFile
from tests import factories
from tests.partner_world import BOTH, words_of


@pytest.fixture
def task(agency):
    """A task of a campaign whose work plan is there already."""
    work_plan_of(agency.world.actor, agency.world.campaign)
    return agency.task()


def act(agency, door, page, rest, data=None, seat=None):
    """One act by its page or by REST; the status."""
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/tasks/{page}", data or {}).status_code
    return agency.api(seat).post(f"partner/{rest}", data or {}).status_code


DONE = {"page": 302, "api": 200}


@BOTH
def test_a_task_is_begun_and_done(door, agency, task):
    for state in ("in_progress", "done"):
        status = act(agency, door, f"{task.pk}/move/", f"tasks/{task.pk}/transitions/", {"state": state})
        assert status == DONE[door] and Task.objects.get().state == state
    assert Task.objects.get().progress == 100


@BOTH
@pytest.mark.parametrize("state", ["cancelled", "blocked", "nonsense"])
def test_what_is_not_the_partners_to_say(door, state, agency, task):
    act(agency, door, f"{task.pk}/move/", f"tasks/{task.pk}/transitions/", {"state": state})
    assert Task.objects.get().state == "todo"


@BOTH
def test_progress(door, agency, task):
    act(agency, door, f"{task.pk}/progress/", f"tasks/{task.pk}/progress/", {"progress": 40})
    row = Task.objects.get()
    assert (row.progress, row.state) == (40, "in_progress")


@BOTH
def test_a_line_of_the_checklist_is_ticked(door, agency, task):
    item = agency.item(task)
    if door == "page":
        agency.client().post(f"{agency.p}/tasks/items/{item.pk}/tick/")
    else:
        assert agency.api().change(f"partner/checklist-items/{item.pk}/", {"is_done": True}).status_code == 200
        assert agency.api().change(f"partner/checklist-items/{item.pk}/", {"text": "Mine"}).status_code == 400
    assert ChecklistItem.objects.get().done_by == agency.seat.user


@BOTH
def test_a_file_is_attached_and_fetched(door, agency, task):
    upload = SimpleUploadedFile("board.pdf", b"%PDF-1.4 board")
    client = agency.client()
    if door == "page":
        client.post(f"{agency.p}/tasks/{task.pk}/files/", {"file": upload})
        url = f"{agency.p}/tasks/files/{TaskFile.objects.get().pk}/"
    else:
        answer = client.post("/api/v1/partner/task-files/", {"task": str(task.pk), "file": upload})
        assert answer.status_code == 201
        url = f"/api/v1/partner/task-files/{answer.json()['id']}/content/"
    assert words_of(client.get(url)) == "%PDF-1.4 board"


@BOTH
def test_a_problem_is_raised_and_solved(door, agency, task):
    data = {"text": "No logo yet", "due_date": "2026-11-20"}
    if door == "page":
        assert act(agency, door, f"{task.pk}/problem/", "", data) == 302
    else:
        assert act(agency, door, "", "problems/", data | {"task": str(task.pk)}) == 201
    problem = Problem.objects.get()
    assert (problem.solver, problem.raised_by) == (agency.world.owner, agency.seat.user)
    assert Task.objects.get().state == "blocked"
    page, rest = f"problems/{problem.pk}/solve/", f"problems/{problem.pk}/solve/"
    act(agency, door, page, rest, {"solution": "Came by mail"})
    assert Problem.objects.get().state == "solved" and Task.objects.get().state == "todo"


@BOTH
@pytest.mark.parametrize("who", ["reader", "rival", "section not granted"])
def test_others_change_nothing(door, who, agency, rival, task):
    seat = {"reader": agency.reader, "rival": rival.seat}.get(who, agency.seat)
    if who == "section not granted":
        agency.organization.grants.update(areas={"assets": "write"})
    status = act(agency, door, f"{task.pk}/move/", f"tasks/{task.pk}/transitions/", {"state": "done"}, seat)
    assert status in (403, 404) and Task.objects.get().state == "todo"


def test_lists_hold_own_tasks_alone(agency, rival, assert_budget):
    mine, theirs = agency.task("Mine to do"), rival.task("Theirs to do")
    factories.task(agency.world.campaign, "Ours to do")
    client = agency.client()
    with assert_budget("tasks:partner-tasks"):
        page = words_of(client.get(f"{agency.p}/tasks/"))
    with assert_budget("api:partner-tasks-list"):
        rest = client.get("/api/v1/partner/tasks/").json()["results"]
    with assert_budget("tasks:partner-task"):
        client.get(f"{agency.p}/tasks/{mine.pk}/")
    assert "Mine to do" in page and "Theirs to do" not in page and "Ours to do" not in page
    assert [row["id"] for row in rest] == [str(mine.pk)] and theirs.pk


def test_what_a_partner_is_told_of_a_task(agency, task):
    """An allow-list: a field that is added to the answer is a decision."""
    [told] = agency.client().get("/api/v1/partner/tasks/").json()["results"]
    assert set(told) == {
        *("id", "created_at", "updated_at", "lock_version", "campaign", "campaign_name", "kind", "title"),
        *("description", "state", "progress", "start_date", "finish_date", "deadline", "actual_start", "actual_finish"),
    }


# --- what a partner is told -----------------------------------------------------------------------------------------


def told(name):
    """Run what waits to be told; {address: (subject, body)}."""
    for job in Job.objects.filter(name=name):
        HANDLERS[name](**job.args)
    return {one.to[0]: (one.subject, one.body) for one in mail.outbox}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_tasks_that_are_given_are_told_once_an_hour_to_seats_at_work(agency, rival, language):
    world = agency.world
    type(agency.seat.user).objects.update(language=language)
    create_task(world.actor, campaign=world.campaign, title="Cut the film", organization=agency.organization)
    task = create_task(world.actor, campaign=world.campaign, title="Shoot the film").task
    create_task(world.actor, campaign=world.campaign, title="Count the money, 7391846")
    update_task(world.actor, task=task, organization=agency.organization)
    update_task(world.actor, task=Task.objects.get(pk=task.pk), title="Shoot the long film")
    [job] = Job.objects.filter(name="tasks.tell_given")
    assert job.run_at > timezone.now()
    mails = told("tasks.tell_given")
    assert set(mails) == {agency.seat.email, agency.lead.email}, "neither readers nor rivals"
    subject, body = mails[agency.seat.email]
    assert "Cut the film" in body and "Shoot the long film" in body and "/partner/tasks/" in body
    assert "7391846" not in body and ("2 tasks" in subject) == (language == "en")


@pytest.mark.parametrize("why", ["taken_away", "archived", "not_granted", "frozen", "done"])
def test_what_is_no_longer_theirs_is_not_told(agency, why):
    world = agency.world
    task = create_task(world.actor, campaign=world.campaign, title="Cut", organization=agency.organization).task
    row = Task.objects.filter(pk=task.pk)
    if why == "not_granted":
        agency.organization.grants.update(areas={"assets": "write"})
    if why == "frozen":
        agency.organization.seats.update(frozen_at=timezone.now())
    changes = {"taken_away": {"organization": None}, "archived": {"archived_at": timezone.now()}}
    row.update(**changes.get(why, {"state": "done"} if why == "done" else {"title": "Cut"}))
    assert not told("tasks.tell_given")


def test_acts_that_give_nothing_to_anybody_tell_nobody(agency):
    create_task(agency.world.actor, campaign=agency.world.campaign, title="Ours")
    create_task(
        agency.world.actor,
        campaign=agency.world.campaign,
        title="Maybe",
        organization=agency.organization,
        dry_run=True,
    )
    assert not Job.objects.filter(name="tasks.tell_given").exists()


def test_a_seat_hears_that_its_problem_is_solved(agency, rival, task):
    act(agency, "page", f"{task.pk}/problem/", "", {"text": "No studio", "due_date": timezone.localdate()})
    problem = Problem.objects.get()
    solve_problem(agency.world.actor, problem=problem, solution="We booked another one")
    Job.objects.filter(name="tasks.tell_problem").exclude(args__occasion="solved").delete()
    mails = told("tasks.tell_problem")
    [(address, (_subject, body))] = mails.items()
    assert address == agency.seat.email and f"/partner/tasks/{task.pk}/" in body and "booked another one" in body
    mail.outbox.clear()
    agency.organization.grants.all().delete()
    assert not told("tasks.tell_problem")
