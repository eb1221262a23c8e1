"""Checklist, deliverables, files and tags through both doors."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import Activity, StoredFile
from tasks.actions import checklist, deliverables, files, tags
from tasks.models import ChecklistItem, Deliverable, Tag, TaskFile
from tests import factories
from tests.tasks.conftest import task_in

BOTH = pytest.mark.parametrize("door", ["page", "api"])


def at(world, rest):
    return f"c/{world.campaign.code}/tasks/{rest}"


def verbs(row):
    return list(Activity.objects.filter(subject_id=str(row.pk)).order_by("at").values_list("verb", flat=True))


# --- checklist ------------------------------------------------------------------------------------------------------


def test_a_line_is_added_ticked_unticked_and_removed(hands, world, task):
    def change(item, **values):
        typed = {key: str(value).lower() for key, value in values.items()}
        page, api = at(world, f"checklist/{item.pk}/"), f"checklist-items/{item.pk}/"
        return hands.act(page=page, typed=typed, api=api, body=values, method="patch")

    body = {"task": str(task.pk), "text": "  Check the logo "}
    assert hands.act(page=at(world, f"{task.pk}/checklist/"), typed=body, api="checklist-items/", body=body)
    item = ChecklistItem.objects.get()
    assert (item.text, item.position, item.task) == ("Check the logo", 0, task)
    assert change(item, is_done=True)
    item.refresh_from_db()
    assert item.done_at and item.done_by == world.owner
    assert change(item, is_done=False)
    assert change(item, text="check the claim")
    item.refresh_from_db()
    assert item.done_at is None and item.done_by is None and item.text == "check the claim"
    page = at(world, f"checklist/{item.pk}/remove/")
    assert hands.act(page=page, api=f"checklist-items/{item.pk}/", method="delete")
    assert not ChecklistItem.objects.exists()
    assert verbs(item) == [
        f"tasks.checklist_item_{each}" for each in ("added", "ticked", "unticked", "changed", "removed")
    ]


@pytest.mark.parametrize("text", ["", "   ", "x" * 301])
def test_a_line_says_something(hands, world, task, text):
    body = {"task": str(task.pk), "text": text}
    assert not hands.act(page=at(world, f"{task.pk}/checklist/"), typed=body, api="checklist-items/", body=body)
    assert hands.words and not ChecklistItem.objects.exists()


def test_assignees_tick_and_others_do_not(world, task):
    worker, other = (
        factories.member(world.workspace, role="approver"),
        factories.member(world.workspace, role="approver"),
    )
    task.assignees.add(worker)
    item = checklist.add_checklist_item(world.actor, task=task, text="Check")
    for person, status in ((other, 403), (worker, 302)):
        client = world.client(person)
        answer = client.post(f"{world.w}/{at(world, f'checklist/{item.pk}/')}", {"is_done": "true"})
        told = [str(one) for one in client.get(task.get_absolute_url()).context["messages"]]
        item.refresh_from_db()
        assert answer.status_code == 302 and bool(item.done_at) == (status == 302) and bool(told) == (status == 403)


def test_an_archived_task_takes_nothing_more(hands, world, task):
    task.archived_at = task.created_at
    task.save()
    body = {"task": str(task.pk), "text": "Late"}
    assert not hands.act(page=at(world, f"{task.pk}/checklist/"), typed=body, api="checklist-items/", body=body)


def test_a_stale_tick_is_refused(world, owner, task):
    item = checklist.add_checklist_item(world.actor, task=task, text="Check")
    etag = owner.get(f"/api/v1/checklist-items/{item.pk}/")["ETag"]
    checklist.update_checklist_item(world.actor, item=item, text="Checked by others")
    path, kind = f"/api/v1/checklist-items/{item.pk}/", "application/json"
    assert owner.patch(path, {"is_done": True}, content_type=kind, headers={"If-Match": etag}).status_code == 412
    assert owner.patch(path, {"is_done": True}, content_type=kind).status_code == 428


# --- deliverables ---------------------------------------------------------------------------------------------------


def upload(name="plan.pdf", content=b"%PDF-1.4 content"):
    return SimpleUploadedFile(name, content)


def send(door, world, client, path, noun, data):
    """Post a form with a file by either door."""
    return client.post(f"{world.w}/{at(world, path)}" if door == "page" else f"/api/v1/{noun}", data)


@BOTH
def test_deliver_with_a_file_and_take_it_back(door, world, owner, task):
    row = deliverables.add_deliverable(world.actor, task=task, name="Key visual", criteria="approved by brand")
    path, noun = f"deliverables/{row.pk}/deliver/", f"deliverables/{row.pk}/deliver/"
    assert send(door, world, owner, path, noun, {"file": upload()}).status_code in (200, 302)
    row.refresh_from_db()
    assert row.delivered_at and row.file.name == "plan.pdf" and row.file.uploader_id == world.owner.pk
    first = row.file
    assert send(door, world, owner, path, noun, {"file": upload("second.pdf")}).status_code in (200, 302)
    row.refresh_from_db()
    assert row.file.name == "second.pdf" and not StoredFile.objects.filter(pk=first.pk).exists()
    path = f"deliverables/{row.pk}/take-back/"
    assert send(door, world, owner, path, path, {}).status_code in (200, 302)
    row.refresh_from_db()
    assert row.delivered_at is None and row.file is not None
    answer = owner.get(f"{world.w}/{at(world, f'deliverables/{row.pk}/file/')}")
    assert b"".join(answer) == b"%PDF-1.4 content"


def test_deliverables_are_planned_by_planners(hands, world, task):
    body = {"task": str(task.pk), "name": "Report", "criteria": "signed"}
    assert hands.act(page=at(world, f"{task.pk}/deliverables/"), typed=body, api="deliverables/", body=body)
    row = Deliverable.objects.get()
    typed = {"name": "Final report", "criteria": ""}
    page, api = at(world, f"deliverables/{row.pk}/"), f"deliverables/{row.pk}/"
    assert hands.act(page=page, typed=typed, api=api, body=typed, method="patch")
    row.refresh_from_db()
    assert (row.name, row.criteria) == ("Final report", "")
    assert hands.act(page=page + "remove/", api=api, method="delete")
    assert not Deliverable.objects.exists()


def test_a_worker_delivers_but_plans_none(world, task):
    worker = factories.member(world.workspace, role="approver")
    task.assignees.add(worker)
    row = deliverables.add_deliverable(world.actor, task=task, name="Report")
    client = world.client(worker)
    assert client.post(f"{world.w}/{at(world, f'deliverables/{row.pk}/deliver/')}").status_code == 302
    row.refresh_from_db()
    assert row.delivered_at
    assert client.post(f"{world.w}/{at(world, f'{task.pk}/deliverables/')}", {"name": "More"}).status_code == 403


# --- files ----------------------------------------------------------------------------------------------------------


@BOTH
def test_a_file_is_attached_handed_out_and_removed(door, world, owner, task, django_capture_on_commit_callbacks):
    evil = upload("../x/结案<script>.html", b"<script>alert(1)</script>")
    answer = send(door, world, owner, f"{task.pk}/files/", "task-files/", {"task": str(task.pk), "file": evil})
    assert answer.status_code in (201, 302), answer.content
    row = TaskFile.objects.get()
    assert row.file.sha256 == hashlib.sha256(b"<script>alert(1)</script>").hexdigest()
    url = f"{world.w}/{at(world, f'files/{row.pk}/')}" if door == "page" else f"/api/v1/task-files/{row.pk}/content/"
    given = owner.get(url)
    assert b"".join(given) == b"<script>alert(1)</script>"
    assert given["Content-Type"] == "application/octet-stream" and "attachment" in given["Content-Disposition"]
    assert "sandbox" in given["Content-Security-Policy"] and given["X-Content-Type-Options"] == "nosniff"
    key = row.file.key
    with django_capture_on_commit_callbacks(execute=True):
        if door == "page":
            owner.post(f"{world.w}/{at(world, f'files/{row.pk}/remove/')}")
        else:
            etag = owner.get(f"/api/v1/task-files/{row.pk}/")["ETag"]
            assert owner.delete(f"/api/v1/task-files/{row.pk}/", headers={"If-Match": etag}).status_code == 204
    assert not TaskFile.objects.exists() and not StoredFile.objects.exists() and not default_storage.exists(key)


def test_the_same_bytes_are_one_file(world, task):
    first = files.attach_file(world.actor, task=task, upload=upload())
    assert files.attach_file(world.actor, task=task, upload=upload("copy.pdf")) == first
    assert StoredFile.objects.count() == 1


@BOTH
def test_a_file_has_a_limit(door, world, owner, task, monkeypatch):
    monkeypatch.setitem(__import__("core.files").files.LIMITS, "document", 10)
    answer = send(door, world, owner, f"{task.pk}/files/", "task-files/", {"task": str(task.pk), "file": upload()})
    assert answer.status_code in (302, 400, 422) and not TaskFile.objects.exists() and not StoredFile.objects.exists()


def test_files_of_others_are_absent(world, stranger, task):
    row = files.attach_file(world.actor, task=task, upload=upload())
    assert stranger.get(f"{world.w}/{at(world, f'files/{row.pk}/')}").status_code == 404
    assert stranger.get(f"/api/v1/task-files/{row.pk}/content/").status_code == 404


# --- tags -----------------------------------------------------------------------------------------------------------


def test_a_tag_is_made_renamed_and_deleted(hands, world, task):
    plan, code = f"c/{world.campaign.code}/tasks/tags/", world.campaign.code
    new = {"name": " Double  11 "}
    assert hands.act(page=f"{plan}new/", typed=new, api="task-tags/", body={"campaign": code, **new}), hands.words
    tag = Tag.objects.get()
    assert tag.name == "Double 11"
    for name in ("Double 11", "a,b", "x" * 41, " "):
        assert not hands.act(
            page=f"{plan}new/", typed={"name": name}, api="task-tags/", body={"campaign": code, "name": name}
        )
    assert Tag.objects.count() == 1
    task.tags.add(tag)
    page, api, typed = f"{plan}{tag.pk}/", f"task-tags/{tag.pk}/", {"name": "D11", "lock_version": tag.lock_version}
    assert hands.act(page=page, typed=typed, api=api, body={"name": "D11"}, method="patch"), hands.words
    assert task.tags.get().name == "D11"
    stale = {"page": page, "typed": typed | {"name": "D12"}, "api": api, "body": {"name": "D12"}, "method": "patch"}
    assert not hands.act(**stale, etag='"old"')
    assert hands.act(page=f"{page}remove/", api=api, method="delete"), hands.words
    assert not task.tags.exists() and not Tag.objects.exists()


def test_a_viewer_makes_no_tag(onlooker, world):
    body = {"campaign": world.campaign.code, "name": "T"}
    assert not onlooker.act(page=f"c/{world.campaign.code}/tasks/tags/new/", typed=body, api="task-tags/", body=body)
    assert onlooker.answer.status_code == 403 and not Tag.objects.exists()


def test_names_of_tags_make_what_is_new(world, task):
    old = tags.create_tag(world.actor, campaign=world.campaign, name="KOL")
    found = tags.tags_named(world.campaign, ["KOL", "new", "", "KOL"])
    assert [tag.name for tag in sorted(found, key=str)] == ["KOL", "new"] and old in found
    with pytest.raises(Exception, match="at most"):
        tags.tags_named(world.campaign, [str(n) for n in range(21)])


# --- who sees what, and at what cost --------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", ["checklist-items", "deliverables", "task-files", "task-tags"])
def test_lists_ask_few_queries(world, owner, assert_budget, noun):
    for number in range(8):
        row = task_in(world.campaign, f"Task {number}")
        checklist.add_checklist_item(world.actor, task=row, text="Check")
        deliverables.deliver(
            world.actor, deliverable=deliverables.add_deliverable(world.actor, task=row, name="It"), upload=upload()
        )
        files.attach_file(world.actor, task=row, upload=upload())
        tags.create_tag(world.actor, campaign=world.campaign, name=str(number))
    with assert_budget(f"api:{noun}-list"):
        found = owner.get(f"/api/v1/{noun}/").json()["results"]
    assert len(found) == 8


def test_htmx_gets_the_part_alone(world, owner, task):
    url = f"{world.w}/{at(world, f'{task.pk}/checklist/')}"
    good = owner.post(url, {"text": "One <b>line"}, headers={"HX-Request": "true"})
    assert good.status_code == 200 and b"<html" not in good.content and b"One &lt;b&gt;line" in good.content
    bad = owner.post(url, {"text": ""}, headers={"HX-Request": "true"})
    assert bad.status_code == 422 and b'role="alert"' in bad.content


def test_the_page_of_a_task(world, owner, viewer, stranger, assert_budget):
    above = task_in(world.campaign, "Launch", is_summary=True)
    task = task_in(world.campaign, "Write", parent=above, description="# Why\n<script>", assignees=[world.owner])
    for number in range(4):
        checklist.add_checklist_item(world.actor, task=task, text=f"Line {number}")
        deliverables.add_deliverable(world.actor, task=task, name=f"Thing {number}")
        files.attach_file(world.actor, task=task, upload=upload(content=str(number).encode()))
    with assert_budget("tasks:detail"):
        page = owner.get(task.get_absolute_url()).content.decode()
    assert "Line 3" in page and "Thing 3" in page and "<h1>Why" in page and "<script>&" not in page
    panel = owner.get(task.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel and "Open full page" in panel
    shown = viewer.get(task.get_absolute_url()).content.decode()
    assert "Line 3" in shown and "checklist/" not in shown
    assert stranger.get(task.get_absolute_url()).status_code == 404
