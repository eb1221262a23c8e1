"""Problems on anything of a campaign: raised, handed on, solved, escalated, through both doors."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from campaigns.models import CampaignMember
from core.actor import Actor
from core.models import Activity
from raci.models import Letter, RaciHolder, RaciRow
from tasks import jobs
from tasks.actions import problems
from tasks.models import Problem
from tasks.signals import accountable_asked
from tests import factories
from tests.tasks.conftest import run_jobs, task_in

DUE = date(2026, 11, 10)


@pytest.fixture
def solver(world):
    return factories.member(world.workspace, name="Sol Solver", email="sol@example.com")


def problem_on(world, subject, solver, **values):
    values = {"text": "The images are missing", "due_date": DUE, **values}
    return problems.raise_problem(world.actor, campaign=world.campaign, subject=subject, solver=solver, **values)


def raise_it(hands, subject, person, **values):
    world, kind = hands.world, subject._meta.label_lower
    typed = {"text": "The images are missing", "solver": str(person.pk), "due_date": "2026-11-10", **values}
    body = typed | {"campaign": world.campaign.code, "subject_type": kind, "subject_id": str(subject.pk)}
    page = f"c/{world.campaign.code}/problems/on/{kind}/{subject.pk}/"
    return hands.act(page=page, typed=typed, api="problems/", body=body)


def act(hands, problem, verb, **typed):
    page = f"c/{hands.world.campaign.code}/problems/{problem.pk}/{verb}/"
    return hands.act(page=page, typed=typed, api=f"problems/{problem.pk}/{verb}/", body=typed)


def test_a_problem_blocks_its_task_until_the_last_one_is_solved(hands, world, task, solver):
    task.state = "in_review"
    task.save()
    assert raise_it(hands, task, solver)
    first = Problem.objects.get()
    assert (first.solver, first.due_date, first.raised_by, first.subject_label) == (
        solver,
        DUE,
        world.owner,
        task.title,
    )
    second = problem_on(world, task, solver, text="And the texts")
    task.refresh_from_db()
    assert task.state == "blocked"
    assert act(hands, first, "solve", solution="Sent by the agency")
    task.refresh_from_db()
    first.refresh_from_db()
    assert task.state == "blocked" and first.state == "solved" and first.solution == "Sent by the agency"
    assert act(hands, second, "solve", solution="Written")
    task.refresh_from_db()
    assert task.state == "in_review"
    assert act(hands, second, "reopen")
    task.refresh_from_db()
    assert task.state == "blocked"
    assert act(hands, second, "solve", solution="Now really")
    task.refresh_from_db()
    assert task.state == "in_review"
    moved = Activity.objects.filter(subject_id=str(task.pk), verb="tasks.task_moved").order_by("at")
    assert [one.changes["state"][1] for one in moved] == ["blocked", "in_review", "blocked", "in_review"]


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_a_task_that_is_over_is_not_blocked(world, task, solver, state):
    task.state = state
    task.save()
    problem = problem_on(world, task, solver)
    task.refresh_from_db()
    assert task.state == state
    problems.solve_problem(world.actor, problem=problem, solution="Done")
    task.refresh_from_db()
    assert task.state == state


def test_anything_of_the_campaign_may_have_a_problem(hands, world, solver, other):
    assert raise_it(hands, factories.placement(world.campaign), solver)
    assert raise_it(hands, world.campaign, solver)
    assert Problem.objects.count() == 2
    assert not raise_it(hands, other.campaign, solver)
    assert not raise_it(hands, factories.campaign(world.workspace, world.owner), solver)
    assert Problem.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"text": " "}, {"due_date": ""}, {"solver": ""}, {"due_date": "1999-01-01"}])
def test_a_problem_says_what_who_and_when(hands, task, solver, wrong):
    assert not raise_it(hands, task, solver, **wrong)
    assert hands.words and not Problem.objects.exists()


def test_solving_needs_words_and_is_done_once(hands, world, task, solver):
    problem = problem_on(world, task, solver)
    assert not act(hands, problem, "solve", solution="  ")
    assert act(hands, problem, "solve", solution="Found")
    assert not act(hands, problem, "solve", solution="Again")
    problem.refresh_from_db()
    assert problem.solution == "Found"


def test_who_may_solve(world, task, solver):
    approver = factories.member(world.workspace, role="approver")
    problem = problem_on(world, task, approver)
    outsider = factories.member(world.workspace, role="approver")
    url = f"/api/v1/problems/{problem.pk}/solve/"
    kind = "application/json"
    assert world.client(outsider).post(url, {"solution": "x"}, content_type=kind).status_code == 403
    assert world.client(approver).post(url, {"solution": "x"}, content_type=kind).status_code == 200


def test_a_viewer_raises_nothing(onlooker, task, solver):
    assert not raise_it(onlooker, task, solver)
    assert onlooker.answer.status_code == 403


def test_a_problem_is_handed_on(hands, world, task, solver):
    problem = problem_on(world, task, world.owner)
    assert run_jobs("tasks.tell_problem") == 0  # nobody is told of what they do themselves
    typed = {"text": "Still missing", "solver": str(solver.pk), "due_date": "2026-11-12", "lock_version": 1}
    body = {key: typed[key] for key in ("text", "solver", "due_date")}
    page = f"c/{world.campaign.code}/problems/{problem.pk}/"
    assert hands.act(page=page, typed=typed, api=f"problems/{problem.pk}/", body=body, method="patch")
    problem.refresh_from_db()
    assert (problem.text, problem.solver, problem.due_date) == ("Still missing", solver, date(2026, 11, 12))
    assert run_jobs("tasks.tell_problem") == 1 and mail.outbox[0].to == ["sol@example.com"]


def test_the_solver_is_told_and_then_the_one_who_asked(world, task, solver):
    problem = problem_on(world, task, solver)
    assert run_jobs("tasks.tell_problem") == 1
    sent = mail.outbox.pop()
    assert sent.to == ["sol@example.com"] and f"/problems/{problem.pk}/" in sent.body and problem.text in sent.body
    problems.solve_problem(factories.actor_of(solver, world.workspace), problem=problem, solution="Here they are")
    assert run_jobs("tasks.tell_problem") == 1
    assert mail.outbox[0].to == [world.owner.email] and "Here they are" in mail.outbox[0].body


def test_an_overdue_problem_is_escalated_once(world, task, solver):
    colleague = factories.member(world.workspace, name="Acc Ountable", email="acc@example.com")

    def answer(sender, problem, **kwargs):
        return [colleague, solver]

    accountable_asked.connect(answer)
    try:
        late = problem_on(world, task, solver, due_date=timezone.localdate() - timedelta(2))
        problem_on(world, task, solver, due_date=timezone.localdate() + timedelta(2))
        run_jobs("tasks.tell_problem")
        mail.outbox.clear()
        jobs.escalate_problems()
        jobs.escalate_problems()
    finally:
        accountable_asked.disconnect(answer)
    late.refresh_from_db()
    assert late.escalated_at
    assert Activity.objects.get(verb="tasks.problem_escalated").subject_id == str(late.pk)
    assert run_jobs("tasks.tell_problem") == 3
    assert sorted(one.to[0] for one in mail.outbox) == sorted(["acc@example.com", "sol@example.com", world.owner.email])


def test_a_later_day_takes_the_escalation_back(world, task, solver):
    problem = problem_on(world, task, solver, due_date=timezone.localdate() - timedelta(2))
    problems.escalate_problem(Actor.system(world.workspace), problem=problem)
    problems.change_problem(world.actor, problem=problem, due_date=timezone.localdate() + timedelta(9))
    assert problem.escalated_at is None


def test_the_list_of_problems(world, owner, viewer, stranger, solver, assert_budget):
    for number in range(9):
        problem_on(world, task_in(world.campaign, f"Task {number}"), solver, text=f"Trouble {number}")
    problems.solve_problem(world.actor, problem=Problem.objects.get(text="Trouble 3"), solution="Gone")
    url = f"{world.c}/problems/"
    with assert_budget("tasks:problems"):
        page = owner.get(url).content.decode()
    assert "Trouble 4" in page and "Trouble 3" not in page
    assert "Trouble 3" in viewer.get(url + "?state=solved").content.decode()
    assert "Trouble 4" not in owner.get(f"{url}?solver={world.owner.pk}").content.decode()
    assert owner.get(f"{url}?solver=nobody&state=x&page=99").status_code == 200
    assert stranger.get(url).status_code == 404
    with assert_budget("api:problems-list"):
        assert len(owner.get("/api/v1/problems/?state=open").json()["results"]) == 8


def test_the_page_of_a_problem(world, owner, viewer, task, solver, assert_budget):
    problem = problem_on(world, task, solver, text="<b>Trouble</b>")
    url = f"{world.c}/problems/{problem.pk}/"
    with assert_budget("tasks:problem"):
        page = owner.get(url).content.decode()
    assert "&lt;b&gt;Trouble" in page and task.get_absolute_url() in page and "/solve/" in page
    assert "/solve/" not in viewer.get(url).content.decode()


def test_what_others_changed_meanwhile_is_shown(world, owner, task, solver):
    problem = problem_on(world, task, solver)
    problems.change_problem(world.actor, problem=problem, text="Theirs")
    typed = {"text": "Mine", "solver": str(solver.pk), "due_date": "2026-11-10", "lock_version": 1}
    answer = owner.post(f"{world.c}/problems/{problem.pk}/", typed)
    assert answer.status_code == 422 and "Theirs" in answer.content.decode()
    problem.refresh_from_db()
    assert problem.text == "Theirs"


def test_the_matrix_says_who_answers_for_a_task(world, task, solver):
    person = factories.member(world.workspace, name="Acc Ountable", email="acc@example.com")
    member = factories.member(world.workspace, name="Des Igner", email="des@example.com")
    place = {"workspace": world.workspace, "campaign": world.campaign}
    CampaignMember.objects.create(**place, user=member, function="design")
    row = RaciRow.objects.create(**place, kind="task", task=task)
    for values in ({"kind": "person", "user": person}, {"kind": "function", "function": "design"}):
        Letter.objects.create(**place, row=row, holder=RaciHolder.objects.create(**place, **values), letter="A")
    late = problem_on(world, task, solver, due_date=timezone.localdate() - timedelta(2))
    run_jobs("tasks.tell_problem")
    mail.outbox.clear()
    problems.escalate_problem(Actor.system(world.workspace), problem=late)
    run_jobs("tasks.tell_problem")
    told = {one.to[0] for one in mail.outbox}
    assert told == {"acc@example.com", "des@example.com", "sol@example.com", world.owner.email}
