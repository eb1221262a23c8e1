"""Every act on the plan by the page's form and by REST: the same test through both doors."""

import pytest

from tasks import actions
from tasks.models import Baseline, Dependency, Task
from tests.tasks.conftest import dates, day, fresh, link, make


def at(world, rest=""):
    return f"c/{world.campaign.code}/tasks/{rest}"


def titles(**where):
    return list(Task.objects.filter(archived_at=None, **where).order_by("position").values_list("title", flat=True))


def moved(hands, world, days, *, buffer="keep", **more):
    """Give tasks other days: `days` {task: {field: value}}."""
    typed = {"task": [str(task.pk) for task in days], "buffer": buffer}
    for task, values in days.items():
        typed |= {f"{task.pk.hex}-{name}": str(value) for name, value in values.items()}
        typed[f"{task.pk.hex}-lock_version"] = fresh(task).lock_version
    bodies = [{"task": str(task.pk), **_plain(values)} for task, values in days.items()]
    if len(days) == 1:
        api, body = f"tasks/{bodies[0].pop('task')}/move/", bodies[0]
    else:
        api, body = "tasks/moves/", {"campaign": str(world.campaign.pk), "moves": bodies}
    body |= {"buffer": buffer, **more}
    return hands.act(page=at(world, "days/"), typed=typed | more, api=api, body=body)


def _plain(values):
    return {name: value if isinstance(value, int) else str(value) for name, value in values.items()}


# --- days -----------------------------------------------------------------------------------------------------------


def test_one_task_is_moved_with_what_waits_for_it(hands, world, chain):
    assert moved(hands, world, {chain[0]: {"start_date": day(9)}})
    assert dates(*chain) == [(9, 11), (12, 13), (13, 13)]
    assert moved(hands, world, {chain[0]: {"duration_days": 5}})
    assert dates(*chain) == [(9, 13), (16, 17), (17, 17)]


def test_the_others_may_be_left_where_they_are(hands, world):
    first, second = make(world, "First", duration_days=2), make(world, "Second", start_date=day(11))
    link(world, first, second)
    assert moved(hands, world, {first: {"start_date": day(4)}}, buffer="use")
    assert dates(first, second) == [(4, 5), (11, 11)]


def test_several_move_together(hands, world, chain):
    days = {chain[0]: {"start_date": day(3)}, chain[1]: {"start_date": day(16), "finish_date": day(20)}}
    assert moved(hands, world, days)
    assert dates(*chain) == [(3, 5), (16, 20), (20, 20)]


def test_a_cascade_is_looked_at_and_nothing_is_saved(hands, world, chain):
    before = dates(*chain)
    moved(hands, world, {chain[0]: {"start_date": day(9)}}, dry_run=True)
    assert hands.answer.status_code == 200 and dates(*chain) == before
    assert all(word in hands.words for word in ("Brief", "Design", "Launch", "2026-11-12"))


@pytest.mark.parametrize("values", [{}, {"start_date": "2026-11-10", "finish_date": "2026-11-09"}])
def test_days_that_are_none_are_refused(hands, world, chain, values):
    before = dates(*chain)
    assert not moved(hands, world, {chain[0]: values})
    assert hands.answer.status_code in (400, 422) and dates(*chain) == before


def test_a_fixed_task_is_not_moved(hands, world, chain):
    actions.update_task(world.actor, task=chain[2], is_fixed=True, start_date=day(9))
    assert not moved(hands, world, {chain[2]: {"start_date": day(12)}})
    assert dates(chain[2]) == [(9, 9)]


def test_an_onlooker_moves_links_and_orders_nothing(onlooker, world, chain):
    before, lines = dates(*chain), Dependency.objects.count()
    row = Dependency.objects.first()
    assert not moved(onlooker, world, {chain[0]: {"start_date": day(9)}})
    for page, api, method in (
        (f"links/{row.pk}/", f"dependencies/{row.pk}/", "patch"),
        (f"links/{row.pk}/remove/", f"dependencies/{row.pk}/", "delete"),
        (f"{chain[0].pk}/links/", "dependencies/", "post"),
        ("order/", "tasks/reorder/", "post"),
        ("undo/", f"work-plans/{world.campaign.pk}/undo/", "post"),
        ("redo/", f"work-plans/{world.campaign.pk}/redo/", "post"),
    ):
        assert not onlooker.act(page=at(world, page), typed={"kind": "SS"}, api=api, body={}, method=method)
        assert onlooker.answer.status_code == 403
    assert dates(*chain) == before and Dependency.objects.count() == lines


# --- links ----------------------------------------------------------------------------------------------------------


def linked(hands, world, before, after, **values):
    body = {"predecessor": str(before.pk), "successor": str(after.pk), "kind": "FS", "lag_days": 0, **values}
    return hands.act(page=at(world, f"{after.pk}/links/"), typed=body, api="dependencies/", body=body)


def test_a_link_is_made_changed_and_removed(hands, world):
    first, second = make(world, "First", duration_days=2), make(world, "Second")
    assert linked(hands, world, first, second, lag_days=1)
    row = Dependency.objects.get()
    assert (row.predecessor, row.successor, row.kind, row.lag_days) == (first, second, "FS", 1)
    assert dates(second) == [(5, 5)]
    page, api = at(world, f"links/{row.pk}/"), f"dependencies/{row.pk}/"
    body = {"kind": "SS", "lag_days": 3}
    typed = body | {"lock_version": row.lock_version}
    assert hands.act(page=page, typed=typed, api=api, body=body, method="patch")
    row.refresh_from_db()
    assert (row.kind, row.lag_days) == ("SS", 3) and dates(second) == [(5, 5)]
    assert hands.act(page=page + "remove/", api=api, method="delete")
    assert not Dependency.objects.exists() and dates(second) == [(2, 2)]


def test_a_circle_and_a_second_link_are_refused_in_words(hands, world, chain):
    assert not linked(hands, world, chain[2], chain[0])
    assert all(task.title in hands.words for task in chain)
    assert not linked(hands, world, chain[0], chain[1])
    assert not linked(hands, world, chain[0], chain[2], lag_days=3000)
    assert Dependency.objects.count() == 2


def test_links_typed_by_number(hands, world, chain):
    body = {"field": "predecessors", "value": "1FS+2d", "text": "1FS+2d"}
    page, api = at(world, f"{chain[1].pk}/cell/"), f"tasks/{chain[1].pk}/predecessors/"
    assert hands.act(page=page, typed=body, api=api, body=body)
    assert dates(chain[1]) == [(9, 10)]


# --- order and outline ----------------------------------------------------------------------------------------------


def test_tasks_are_put_in_another_order(hands, world):
    one, two, three = (make(world, title) for title in ("One", "Two", "Three"))
    typed = {"task": [str(task.pk) for task in (one, two, three)], "number": ["1", "2", "1"]}
    body = {"campaign": str(world.campaign.pk), "tasks": [str(task.pk) for task in (three, one, two)]}
    assert hands.act(page=at(world, "order/"), typed=typed, api="tasks/reorder/", body=body)
    assert titles() == ["Three", "One", "Two"]


def test_sub_tasks_are_put_in_another_order(hands, world):
    above = make(world, "Above")
    below = [make(world, title, parent=above) for title in ("One", "Two", "Three")]
    typed = {"parent": str(above.pk), "task": [str(task.pk) for task in below], "number": ["3", "2", "3"]}
    tasks = [str(task.pk) for task in (below[1], below[2], below[0])]
    body = {"campaign": str(world.campaign.pk), "parent": str(above.pk), "tasks": tasks}
    assert hands.act(page=at(world, "order/"), typed=typed, api="tasks/reorder/", body=body)
    assert titles(parent=above) == ["Two", "Three", "One"]


@pytest.mark.parametrize("step", ["down", "indent"])
def test_one_step_in_the_tree(hands, world, step):
    one, two, _three = (make(world, title) for title in ("One", "Two", "Three"))
    page, api = at(world, f"{two.pk}/step/"), f"tasks/{two.pk}/place/"
    assert hands.act(page=page, typed={"step": step}, api=api, body={"step": step})
    assert titles(parent=None) == (["One", "Three", "Two"] if step == "down" else ["One", "Three"])
    assert fresh(two).parent_id == (one.pk if step == "indent" else None)
    assert not hands.act(
        page=at(world, f"{one.pk}/step/"),
        typed={"step": "indent"},
        api=f"tasks/{one.pk}/place/",
        body={"step": "indent"},
    )


# --- undo and redo --------------------------------------------------------------------------------------------------


def back(hands, world, way):
    return hands.act(page=at(world, f"{way}/"), api=f"work-plans/{world.campaign.pk}/{way}/")


def test_undo_and_redo(hands, world, chain):
    was = dates(*chain)
    actions.move_task(world.actor, task=chain[0], start_date=day(9))
    now = dates(*chain)
    assert back(hands, world, "undo") and dates(*chain) == was
    assert back(hands, world, "redo") and dates(*chain) == now
    assert not back(hands, world, "redo")
    assert "nothing of yours to redo" in hands.words


def test_the_act_of_a_logbook_line_is_undone(hands, world, chain):
    line = str(actions.move_task(world.actor, task=chain[0], start_date=day(9)).activity)
    page, api = at(world, f"undo/{line}/"), f"work-plans/{world.campaign.pk}/undo/"
    assert hands.act(page=page, api=api, body={"activity": line})
    assert dates(chain[0]) == [(2, 4)]
    assert not hands.act(page=page, api=api, body={"activity": line})
    assert "undone already" in hands.words


# --- tasks ----------------------------------------------------------------------------------------------------------


def test_a_task_is_made_changed_copied_archived_and_restored(hands, world):
    body = {"campaign": str(world.campaign.pk), "title": "Write copy", "kind": "task", "duration_days": 3}
    assert hands.act(page=at(world, "new/"), typed=body, api="tasks/", body=body)
    task = Task.objects.get()
    assert (task.title, task.duration_days) == ("Write copy", 3)
    own = f"tasks/{task.pk}/"
    typed = {"field": "duration_days", "value": 4}
    assert hands.act(
        page=at(world, f"{task.pk}/cell/"), typed=typed, api=own, body={"duration_days": 4}, method="patch"
    )
    assert fresh(task).duration_days == 4
    assert hands.act(page=at(world, f"{task.pk}/duplicate/"), api=f"{own}duplicate/")
    assert titles() == ["Write copy", "Write copy (copy)"]
    assert hands.act(page=at(world, f"{task.pk}/archive/"), api=f"{own}archive/")
    assert titles() == ["Write copy (copy)"]
    assert hands.act(page=at(world, f"{task.pk}/restore/"), api=f"{own}restore/")
    assert titles() == ["Write copy", "Write copy (copy)"]


def test_state_and_progress(hands, world, task):
    page, api = at(world, f"{task.pk}/move/"), f"tasks/{task.pk}/transitions/"
    assert hands.act(page=page, typed={"state": "in_progress"}, api=api, body={"state": "in_progress"})
    typed = {"field": "progress", "value": 60}
    assert hands.act(
        page=at(world, f"{task.pk}/cell/"), typed=typed, api=f"tasks/{task.pk}/progress/", body={"progress": 60}
    )
    assert (fresh(task).state, fresh(task).progress) == ("in_progress", 60)
    assert not hands.act(page=page, typed={"state": "blocked"}, api=api, body={"state": "blocked"})
    assert fresh(task).state == "in_progress"


def test_many_are_changed_together_or_none(hands, world, chain):
    keys = [str(task.pk) for task in chain[:2]]
    body = {"campaign": str(world.campaign.pk), "tasks": keys, "shift_days": 2, "state": "in_progress"}
    typed = {"task": keys, "shift_days": "2", "state": "in_progress"}
    assert hands.act(page=at(world, "bulk/"), typed=typed, api="tasks/bulk/", body=body)
    assert dates(*chain[:2]) == [(4, 6), (9, 10)] and fresh(chain[1]).state == "in_progress"
    blocked = {"state": "blocked", "shift_days": "2"}
    assert not hands.act(page=at(world, "bulk/"), typed=typed | blocked, api="tasks/bulk/", body=body | blocked)
    assert dates(*chain[:2]) == [(4, 6), (9, 10)]


# --- baselines ------------------------------------------------------------------------------------------------------


def test_a_baseline_is_taken_renamed_and_deleted(hands, world, chain):
    base = f"c/{world.campaign.code}/baselines/"
    body = {"campaign": str(world.campaign.pk), "name": "Kickoff"}
    assert hands.act(page=f"{base}take/", typed=body, api="baselines/", body=body)
    row = Baseline.objects.get()
    api = f"baselines/{row.pk}/"
    typed = {"name": "As agreed", "lock_version": row.lock_version}
    assert hands.act(page=f"{base}{row.pk}/rename/", typed=typed, api=api, body={"name": "As agreed"}, method="patch")
    assert Baseline.objects.get().name == "As agreed"
    assert hands.act(page=f"{base}{row.pk}/delete/", api=api, method="delete")
    assert not Baseline.objects.exists()


# --- what the pages show besides ------------------------------------------------------------------------------------


def test_the_pages_of_the_acts_and_their_cost(world, owner, chain, assert_budget):
    for _n in range(5):
        make(world, "Another")
    row = Dependency.objects.first()
    pages = {
        "reschedule": f"days/?task={chain[0].pk}&task={chain[1].pk}",
        "order": "order/",
        "link": f"links/{row.pk}/",
        "link-add": f"{chain[0].pk}/links/",
    }
    for name, path in pages.items():
        with assert_budget(f"tasks:{name}"):
            assert owner.get(f"{world.w}/{at(world, path)}").status_code == 200
    assert "Tick tasks" in owner.get(f"{world.w}/{at(world, 'days/')}").content.decode()
    assert owner.get(f"{world.w}/{at(world, 'days/?task=x')}").status_code == 200
    assert owner.get(f"{world.w}/{at(world, 'order/?parent=x')}").status_code == 200


def test_days_seen_too_long_ago_are_refused_and_then_shown_as_they_are(world, owner, chain):
    url, key = f"{world.w}/{at(world, 'days/')}", chain[0].pk.hex
    typed = {"task": [str(chain[0].pk)], "buffer": "keep", f"{key}-start_date": "2026-11-16"}
    typed[f"{key}-lock_version"] = fresh(chain[0]).lock_version
    actions.move_task(world.actor, task=chain[0], start_date=day(9))
    answer = owner.post(url, typed)
    assert answer.status_code == 422 and "2026-11-09" in answer.content.decode()
    assert dates(chain[0]) == [(9, 11)]
    shown = answer.context["lines"][0][1]["lock_version"].value()
    assert owner.post(url, typed | {f"{key}-lock_version": shown}).status_code == 302
    assert dates(chain[0]) == [(16, 18)]


@pytest.mark.parametrize("typed", [{}, {"task": ["x"], "number": ["1"]}, {"number": ["1"]}])
def test_an_order_of_nothing_is_refused_in_words(world, owner, chain, typed):
    answer = owner.post(f"{world.w}/{at(world, 'order/')}", typed, follow=True)
    assert answer.status_code == 200 and next(iter(answer.context["messages"])).level_tag == "error"
    keys = [str(task.pk) for task in chain]
    answer = owner.post(f"{world.w}/{at(world, 'order/')}", {"task": keys, "number": ["1", "two", "3"]}, follow=True)
    assert "whole numbers" in answer.content.decode() and titles() == ["Brief", "Design", "Launch"]


def test_the_table_offers_the_acts_of_the_chart_to_planners_alone(world, owner, viewer, chain):
    page = owner.get(f"{world.w}/{at(world, 'table/')}").content.decode()
    ways = ("tasks/undo/", "tasks/redo/", "tasks/days/", "tasks/order/", 'name="task"')
    assert all(way in page for way in ways)
    page = viewer.get(f"{world.w}/{at(world, 'table/')}").content.decode()
    assert not any(way in page for way in ways)
