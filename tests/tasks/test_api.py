"""The REST door of tasks, links, work plans and baselines."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import create_api_key
from tasks import actions
from tasks.models import Dependency, Task
from tests import factories
from tests.tasks.conftest import Api, dates, day, fresh, link, make


def body(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_task_is_made_with_everything(world, api):
    phase, kpi_less = factories.phase(world.campaign), {"campaign": world.campaign.code, "title": "拍摄主视觉"}
    values = {"phase": str(phase.pk), "assignees": [str(world.owner.pk)], "channel": "sem", "duration_days": 3}
    values |= {"cost": {"amount": "1200.50", "currency": "CNY"}, "effort_hours": "12.5", "start_date": "2026-11-09"}
    response = api.post("tasks/", kpi_less | values)
    made = body(response, 201)
    assert response["ETag"] == f'"{made["id"].replace("-", "")}-{made["lock_version"]}"'
    assert (made["start_date"], made["finish_date"], made["is_critical"]) == ("2026-11-09", "2026-11-11", True)
    assert made["assignees"] == [{"id": str(world.owner.pk), "name": world.owner.name}]
    assert made["cost"] == {"amount": "1200.50", "currency": "CNY"} and made["channel"] == "sem"
    assert made["moves"] == ["in_progress", "in_review", "done", "cancelled"]


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"duration_days": -1},
        {"cost": {"amount": "1", "currency": "USD"}},
        {"assignees": ["nobody"]},
        {"start_date": "1999-01-01"},
        {"constraint": "soon"},
        {"parent": "01900000-0000-7000-8000-000000000000"},
    ],
)
def test_what_cannot_be_a_task(world, api, values):
    problem = body(api.post("tasks/", {"campaign": world.campaign.code, "title": "Task", **values}), 400)
    assert problem["errors"] and not Task.objects.exists()


def test_a_change_tells_its_cascade_and_may_be_asked_before(world, api, chain):
    url = f"tasks/{chain[0].pk}/"
    asked = body(api.change(url, {"duration_days": 5, "dry_run": True}))
    assert [one["title"] for one in asked["changes"]] == ["Brief", "Design", "Launch"] and asked["activity"] is None
    assert fresh(chain[0]).duration_days == 3
    done = body(api.change(url, {"duration_days": 5}))
    assert done["changes"] == asked["changes"] and done["activity"] and done["task"]["finish_date"] == "2026-11-06"


def test_two_people_on_one_task(world, api, chain):
    url = f"tasks/{chain[0].pk}/"
    seen = api.client.get(f"/api/v1/{url}")["ETag"]
    body(api.change(url, {"title": "Theirs"}))
    problem = body(api.change(url, {"title": "Mine"}, seen=seen), 412)
    assert problem["code"] == "stale" and problem["current"]["title"] == "Theirs"
    moved = api.post(f"{url}move/", {"start_date": "2026-11-09"}, **{"If-Match": seen})
    assert body(moved, 412)["current"]["title"] == "Theirs"
    assert body(api.send("patch", url, {"title": "Mine"}), 428)["code"] == "precondition_required"


def test_move(world, api, chain):
    url = f"tasks/{chain[0].pk}/move/"
    told = body(api.post(url, {"start_date": "2026-11-05", "buffer": "keep", "dry_run": True}))
    assert [one["start_date"][1] for one in told["changes"]] == ["2026-11-05", "2026-11-10", "2026-11-11"]
    assert dates(*chain) == [(2, 4), (5, 6), (6, 6)]
    body(api.post(url, {"start_date": "2026-11-05"}))
    assert dates(*chain) == [(5, 9), (10, 11), (11, 11)]
    assert body(api.post(url, {}), 400)["code"] == "nothing_asked"
    held = body(api.post(f"tasks/{chain[1].pk}/move/", {"start_date": "2026-11-03"}))
    assert held["conflicts"][0]["code"] == "held"


def test_states_progress_and_place(world, api, chain):
    url = f"tasks/{chain[0].pk}/"
    assert body(api.post(f"{url}transitions/", {"state": "in_progress"}))["task"]["state"] == "in_progress"
    assert body(api.post(f"{url}progress/", {"progress": 100}))["task"]["state"] == "done"
    assert body(api.post(f"{url}transitions/", {"state": "cancelled"}), 409)["code"] == "wrong_state"
    body(api.change(url, {"state": "in_progress", "progress": 30}))
    assert fresh(chain[0]).progress == 30
    other = make(world, "Other")
    below = body(api.post(f"tasks/{other.pk}/place/", {"parent": str(make(world, "Group").pk)}))
    assert below["task"]["parent"] is not None
    assert body(api.post(f"tasks/{other.pk}/place/", {"step": "outdent"}))["task"]["parent"] is None
    order = [str(task.pk) for task in (chain[2], chain[0])]
    body(api.post("tasks/reorder/", {"campaign": world.campaign.code, "tasks": order}))
    assert fresh(chain[2]).position == 0


def test_copy_archive_restore(world, api, chain):
    copy = body(api.post(f"tasks/{chain[0].pk}/duplicate/", {}), 201)["task"]
    assert copy["title"] == "Brief (copy)"
    assert api.remove(f"tasks/{copy['id']}/").status_code == 204
    assert copy["id"] not in {one["id"] for one in body(api.client.get("/api/v1/tasks/"))["results"]}
    assert body(api.post(f"tasks/{copy['id']}/restore/"))["task"]["archived_at"] is None
    assert body(api.post(f"tasks/{copy['id']}/archive/"))["task"]["archived_at"]


def test_links(world, api, chain):
    ends = {"predecessor": str(chain[0].pk), "successor": str(chain[2].pk)}
    told = body(api.post("dependencies/", {**ends, "kind": "FS", "lag_days": 4, "dry_run": True}))
    assert told["changes"][0]["finish_date"][1] == "2026-11-10" and Dependency.objects.count() == 2
    made = body(api.post("dependencies/", {**ends, "kind": "FS", "lag_days": 4}), 201)
    assert made["dependency"]["lag_days"] == 4 and made["task"]["id"] == str(chain[2].pk)
    url = f"dependencies/{made['dependency']['id']}/"
    body(api.change(url, {"lag_days": 5}))
    assert dates(chain[2]) == [(11, 11)]
    assert api.remove(url).status_code == 204
    circle = {"predecessor": str(chain[2].pk), "successor": str(chain[0].pk)}
    problem = body(api.post("dependencies/", circle), 409)
    assert problem["code"] == "cycle" and "Brief" in problem["detail"]
    assert len(body(api.client.get(f"/api/v1/dependencies/?task={chain[1].pk}"))["results"]) == 2


def test_typed_predecessors(world, api, chain):
    url = f"tasks/{chain[2].pk}/predecessors/"
    body(api.post(url, {"text": "1FS+2d; 2"}))
    assert body(api.client.get(f"/api/v1/{url}"))["text"] == "2; 1FS+2d"
    assert body(api.post(url, {"text": "seven"}), 400)["code"] == "bad_predecessor"


def test_filters(world, api, chain, other):
    tag = actions.update_task  # the tasks below are told apart by one thing each
    phase = factories.phase(world.campaign)
    tag(world.actor, task=chain[0], phase=phase, assignees=[world.owner], deadline=day(3))
    below = make(world, "剪辑视频", parent=fresh(chain[0]))
    code = world.campaign.code
    for query, expected in {
        f"campaign={code}": 4,
        "state=todo&state=done": 4,
        f"phase={phase.pk}": 1,
        f"assignee={world.owner.pk}": 1,
        "parent=none": 3,
        f"parent={chain[0].pk}": 1,
        "due_before=2026-11-04": 3,
        "critical=true": 1,
        "kind=milestone": 1,
        "q=视频": 1,
        "q=brief": 1,
        "tag=video": 0,
        "archived=true": 0,
    }.items():
        found = body(api.client.get(f"/api/v1/tasks/?{query}"))["results"]
        if query in ("due_before=2026-11-04", "critical=true"):
            assert found, query
        else:
            assert len(found) == expected, query
    assert str(below.pk) in {one["id"] for one in body(api.client.get("/api/v1/tasks/?q=剪辑"))["results"]}
    assert body(api.client.get(f"/api/v1/tasks/?campaign={other.campaign.code}"), 400)


def test_many(world, api, chain):
    phase = factories.phase(world.campaign)
    ids = [str(task.pk) for task in chain]
    sent = {"campaign": world.campaign.code, "tasks": ids, "phase": str(phase.pk), "shift_days": 1}
    told = body(api.post("tasks/bulk/", sent))
    assert len(told["changes"]) == 3 and fresh(chain[0]).phase_id == phase.pk
    moves = [{"task": ids[0], "start_date": "2026-11-10"}, {"task": ids[1], "duration_days": 4}]
    body(api.post("tasks/moves/", {"campaign": world.campaign.code, "moves": moves, "buffer": "use"}))
    assert dates(*chain[:2]) == [(10, 12), (13, 18)]
    actions.change_task_state(world.actor, task=fresh(chain[2]), state="cancelled")
    problem = body(api.post("tasks/bulk/", {"campaign": world.campaign.code, "tasks": ids, "state": "done"}), 409)
    assert problem["code"] == "some_refused" and problem["errors"][0]["attr"] == ids[2]


def test_the_plan_undo_and_redo(world, api, chain):
    url = f"work-plans/{world.campaign.pk}/"
    plan = body(api.client.get(f"/api/v1/{url}"))
    assert plan["direction"] == "forward" and plan["id"] == str(world.campaign.pk)
    back = {"direction": "backward", "launch_date": "2026-11-20"}
    assert len(body(api.change(url, back | {"dry_run": True}))["changes"]) == 3
    body(api.change(url, back))
    assert dates(*chain) == [(16, 18), (19, 20), (20, 20)]
    body(api.post(f"{url}undo/"))
    assert dates(*chain) == [(2, 4), (5, 6), (6, 6)]
    body(api.post(f"{url}redo/"))
    assert dates(chain[2]) == [(20, 20)]
    assert body(api.post(f"{url}redo/"), 409)["code"] == "nothing_to_undo"
    assert body(api.change(url, {"launch_date": "2020-01-01"}))["missed"]
    assert body(api.client.get(f"/api/v1/{url}"))["warnings"]


def test_a_campaign_without_tasks_has_a_plan_all_the_same(world, api):
    url = f"work-plans/{world.campaign.pk}/"
    assert body(api.client.get(f"/api/v1/{url}"))["start_date"] == "2026-11-01"
    body(api.change(url, {"start_date": "2026-10-19"}))
    assert body(api.client.get(f"/api/v1/{url}"))["start_date"] == "2026-10-19"


def test_baselines(world, api, chain):
    made = body(api.post("baselines/", {"campaign": world.campaign.code, "name": "Kick-off"}), 201)
    assert body(api.post("baselines/", {"campaign": world.campaign.code, "name": "Kick-off"}), 400)["errors"]
    actions.update_task(world.actor, task=chain[0], duration_days=5, cost_amount=100, effort_hours=8)
    actions.archive_task(world.actor, task=fresh(chain[2]))
    make(world, "Late idea")
    told = body(api.client.get(f"/api/v1/baselines/{made['id']}/variance/"))
    lines = {line["title"]: line for line in told["results"]}
    assert (lines["Brief"]["duration_days"], lines["Brief"]["finish_days"]) == (2, 2)
    assert lines["Brief"]["cost"] == {"amount": "100.00", "currency": "CNY"}
    assert (lines["Launch"]["kind"], lines["Late idea"]["kind"]) == ("removed", "added")
    assert (told["total"]["added"], told["total"]["removed"], told["total"]["later"]) == (1, 1, 2)
    changed = body(api.client.get(f"/api/v1/baselines/{made['id']}/variance/?changed=true"))
    assert len(changed["results"]) == 4
    assert body(api.change(f"baselines/{made['id']}/", {"name": "As promised"}))["name"] == "As promised"
    assert api.remove(f"baselines/{made['id']}/").status_code == 204


def test_who_may_not(world, viewer, chain, stranger):
    watching = Api(viewer)
    assert body(watching.client.get(f"/api/v1/tasks/{chain[0].pk}/"))
    for path in (f"tasks/{chain[0].pk}/move/", f"tasks/{chain[0].pk}/transitions/", "tasks/bulk/", "baselines/"):
        assert watching.post(path, {"state": "done"}).status_code == 403, path
    for path in (f"tasks/{chain[0].pk}/", f"work-plans/{world.campaign.pk}/"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404


def test_budgets(world, api, assert_budget):
    above = make(world, "Group")
    tasks = [make(world, f"Task {number}", parent=above, assignees=[world.owner]) for number in range(30)]
    for before, after in pairwise(tasks):
        link(world, before, after)
    with assert_budget("api:tasks-list"):
        assert len(body(api.client.get(f"/api/v1/tasks/?campaign={world.campaign.code}&limit=100"))["results"]) == 31
    with assert_budget("api:tasks-detail"):
        api.client.get(f"/api/v1/tasks/{tasks[0].pk}/")
    with assert_budget("api:tasks-create"):
        body(api.post("tasks/", {"campaign": world.campaign.code, "title": "One more"}), 201)
    _key, secret = create_api_key(world.actor, name="Mine", scopes=["*"], expires_at=timezone.now() + timedelta(1))
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    program.get("/api/v1/me/")  # a key's first use is written down
    with assert_budget("api:tasks-create by key"):
        sent = {"campaign": world.campaign.code, "title": "And one"}
        assert program.post("/api/v1/tasks/", sent, content_type="application/json").status_code == 201
    with assert_budget("api:tasks-move"):
        body(api.post(f"tasks/{tasks[0].pk}/move/", {"start_date": "2026-11-09"}))
    with assert_budget("api:dependencies-list"):
        api.client.get("/api/v1/dependencies/?limit=100")
    with assert_budget("api:work-plans-detail"):
        api.client.get(f"/api/v1/work-plans/{world.campaign.pk}/")
