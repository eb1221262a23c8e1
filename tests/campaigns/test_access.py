"""Access to tools and accounts: each act by page and by REST alike, proofs that renew themselves, the warning."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from analytics.actions import pulls
from analytics.choices import RunState, SourceState
from analytics.models import AccountLink, PullRun, Source
from campaigns import actions, jobs
from campaigns.actions.writing import today_of, zone_of
from campaigns.models import AccessItem, AccessProof, Campaign
from campaigns.rules.access import Subject
from core.models import Activity, AuditEvent, Job
from tests import factories
from tests.campaigns.conftest import Hands

NOWHERE = "0190a8a0-0000-7000-8000-000000000000"


def an_item(world, **values):
    values = {"name": "GA4", "kind": "tracking", "owner": world.owner, **values}
    return actions.add_access_item(world.actor, campaign=world.campaign, **values)


@pytest.fixture
def item(world):
    return an_item(world)


def today(world):
    return today_of(world.campaign)


def add(hands, **changes):
    typed = {"name": "Baidu", "kind": "ad_account", "level": "admin", "owner": str(hands.world.owner.pk), **changes}
    kind, _colon, key = typed.get("subject", "").partition(":")
    body = {name: value for name, value in typed.items() if name != "subject"}
    body |= {"subject_type": kind, "subject_id": key} if kind else {}
    code = hands.world.campaign.code
    return hands.act(page=f"c/{code}/access/new/", typed=typed, api="access-items/", body={**body, "campaign": code})


def act(hands, row, verb, *, api=None, typed=None, body=None, method="post"):
    """`verb`: the end of the page's address; `api`: that of the resource's where it is another."""
    page = f"c/{hands.world.campaign.code}/access/{row.pk}/{verb}"
    path = f"access-items/{row.pk}/{verb if api is None else api}"
    return hands.act(page=page, typed=typed, api=path, body=typed if body is None else body, method=method)


def test_an_access_is_listed(hands, world):
    account = factories.ad_account(world.workspace)
    assert add(hands, subject=f"placements.adaccount:{account.pk}", requested_date="2026-11-01")
    row = AccessItem.objects.get(name="Baidu")
    assert (row.level, row.subject_id, row.subject_label) == ("admin", account.pk, str(account))
    assert str(row.requested_date) == "2026-11-01"
    assert Activity.objects.filter(verb="campaigns.access_item_added", subject_id=str(row.pk)).count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, ""),
        ({"kind": "spaceship"}, ""),
        ({"owner": NOWHERE}, ""),
        ({"subject": f"placements.adaccount:{NOWHERE}"}, ""),
        ({"address": "javascript:alert(1)"}, ""),
        ({"requested_date": "2026-11-05", "granted_date": "2026-11-04"}, "not granted before it is requested"),
        ({"granted_date": "2026-11-05", "expires_date": "2026-11-04"}, "does not expire before it is granted"),
    ],
)
def test_a_wrong_access_is_refused_in_words(hands, wrong, sentence):
    assert not add(hands, **wrong)
    assert 400 <= hands.answer.status_code < 500
    assert sentence in hands.words
    assert not AccessItem.objects.exists()


def test_a_name_stands_once_on_the_list(hands, item):
    assert not add(hands, name=item.name)
    assert "an access item of that name already" in hands.words


def test_anothers_account_is_as_unknown_as_none(hands, other):
    theirs = factories.ad_account(other.workspace)
    answers = []
    for key in (theirs.pk, NOWHERE):
        assert not add(hands, subject=f"placements.adaccount:{key}")
        answers.append((hands.answer.status_code, hands.words.count("There is no such thing here.")))
    assert answers[0] == answers[1]


def test_an_access_is_changed_and_the_second_of_two_is_told(hands, world, item):
    typed = {"name": "GA4 web", "kind": "tracking", "level": "edit", "owner": str(world.owner.pk)}
    seen = {"lock_version": item.lock_version}
    assert act(hands, item, "edit/", api="", typed={**typed, **seen}, body=typed, method="patch")
    item.refresh_from_db()
    assert (item.name, item.lock_version) == ("GA4 web", 2)
    code = world.campaign.code
    assert not hands.act(
        page=f"c/{code}/access/{item.pk}/edit/",
        typed={**typed, "name": "Mine", **seen},
        api=f"access-items/{item.pk}/",
        body={"name": "Mine"},
        method="patch",
        etag=f'"{item.pk.hex}-1"',
    )
    assert AccessItem.objects.get(pk=item.pk).name == "GA4 web"


@pytest.mark.parametrize("step", ["requested", "granted"])
def test_an_access_is_brought_on(hands, world, item, step):
    assert act(hands, item, "mark/", typed={"step": step})
    item.refresh_from_db()
    assert getattr(item, f"{step}_date") == today(world)
    assert not act(hands, item, "mark/", typed={"step": "stolen"})
    assert 400 <= hands.answer.status_code < 500 or hands.told


def test_a_test_event_proves_it_and_is_taken_back(hands, world, item):
    def state():
        return AccessItem.objects.get(pk=item.pk).standing(today(world), zone_of(world.campaign)).state

    assert not act(hands, item, "", api="proofs/", typed={"kind": "test_event"})
    assert "Say what you saw, or attach a file." in hands.words
    assert act(hands, item, "", api="proofs/", typed={"kind": "test_event", "note": "purchase seen in DebugView"})
    assert state() == "proven"
    proof = AccessProof.objects.get()
    assert (proof.note, proof.given_by, proof.file) == ("purchase seen in DebugView", world.owner, None)
    assert hands.act(
        page=f"c/{world.campaign.code}/access/proofs/{proof.pk}/withdraw/",
        api=f"access-proofs/{proof.pk}/",
        method="delete",
    )
    assert state() == "to_request"
    verbs = Activity.objects.filter(subject_id=str(item.pk)).values_list("verb", flat=True)
    assert {"campaigns.access_proven", "campaigns.access_proof_withdrawn"} <= set(verbs)


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_file_is_proof_enough_and_is_handed_out_inert(door, world, owner, item):
    upload = SimpleUploadedFile("seen.svg", b"<svg onload=alert(1)>", content_type="image/svg+xml")
    page, api = f"{world.c}/access/{item.pk}/", f"/api/v1/access-items/{item.pk}/proofs/"
    answer = owner.post(page if door == "page" else api, {"kind": "manual", "upload": upload})
    assert answer.status_code in (200, 302)
    proof = AccessProof.objects.get()
    page, api = f"{world.c}/access/proofs/{proof.pk}/evidence/", f"/api/v1/access-proofs/{proof.pk}/content/"
    answer = owner.get(page if door == "page" else api)
    assert b"".join(answer.streaming_content) == b"<svg onload=alert(1)>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_access_is_archived_and_restored(hands, item):
    assert act(hands, item, "archive/", api="", method="delete")
    item.refresh_from_db()
    assert item.archived_at
    assert not act(hands, item, "mark/", typed={"step": "granted"})
    assert "Restore it first" in hands.words
    assert act(hands, item, "restore/")
    item.refresh_from_db()
    assert item.archived_at is None


def test_a_name_that_was_given_away_meanwhile_is_not_restored(hands, world, item):
    actions.archive_access_item(world.actor, item=item)
    an_item(world)
    assert not act(hands, item, "restore/")
    assert "of that name already" in hands.words


def test_whoever_only_looks_on_changes_nothing(onlooker, item):
    assert not act(onlooker, item, "mark/", typed={"step": "granted"})
    assert not act(onlooker, item, "", api="proofs/", typed={"note": "x"})
    assert not add(onlooker)
    assert onlooker.answer.status_code == 403
    item.refresh_from_db()
    assert item.lock_version == 1


@pytest.mark.parametrize("door", ["page", "api"])
def test_an_approver_proves_what_is_theirs_and_nothing_else(door, world, item):
    approver = factories.member(world.workspace, role="approver")
    hands = Hands(world, door, world.client(approver))
    mine = an_item(world, name="Mine", owner=approver)
    assert act(hands, mine, "", api="proofs/", typed={"kind": "manual", "note": "I got in"})
    assert not act(hands, item, "", api="proofs/", typed={"kind": "manual", "note": "I got in"})
    assert hands.answer.status_code in (403, 422)
    assert AccessProof.objects.get().item == mine


def test_each_unsafe_request_is_one_event(hands, item):
    before = AuditEvent.objects.count()
    assert act(hands, item, "", api="proofs/", typed={"kind": "manual", "note": "I got in"})
    assert AuditEvent.objects.count() == before + 1


# --- pulls ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def source(world):
    return Source.objects.create(workspace=world.workspace, kind="json", platform="x", name="Feed", config={})


def a_run(source, **values):
    day = timezone.now().date()
    common = {"workspace": source.workspace, "source": source, "day_from": day, "day_to": day}
    return PullRun.objects.create(**{**common, "state": RunState.RUNNING, **values})


def test_a_successful_pull_proves_its_source_and_accounts_and_renews_itself(world, source):
    account = factories.ad_account(world.workspace)
    AccountLink.objects.create(workspace=world.workspace, source=source, ad_account=account)
    items = [
        an_item(world, name="Feed", subject=Subject("analytics.source", source.pk, "it")),
        an_item(world, name="Account", subject=Subject("placements.adaccount", account.pk, "it")),
        an_item(world, name="Other", subject=Subject("placements.adaccount", world.campaign.pk, "it")),
    ]
    for _twice in range(2):
        run = a_run(source)
        pulls.end(run, RunState.DONE, "", source_state=SourceState.CONNECTED)
        proofs = AccessProof.objects.all()
        assert {proof.item_id for proof in proofs} == {items[0].pk, items[1].pk}
        assert len(proofs) == 2 and {proof.origin_id for proof in proofs} == {run.pk}
        assert {proof.at for proof in proofs} == {run.finished_at}
    states = {row.name: bool(row.proven_at) for row in AccessItem.objects.all()}
    assert states == {"Feed": True, "Account": True, "Other": False}


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.PARTIAL])
def test_a_pull_that_failed_proves_nothing(world, source, state):
    an_item(world, subject=Subject("analytics.source", source.pk, "it"))
    pulls.end(a_run(source), state, "no", source_state=SourceState.FAILING)
    assert not AccessProof.objects.exists()


def test_an_older_pull_never_takes_back_a_newer_proof(world, item, source):
    proof = actions.prove_access(world.actor, item=item, note="now")
    subjects = {"analytics.source": [source.pk]}
    AccessItem.objects.filter(pk=item.pk).update(subject_type="analytics.source", subject_id=source.pk)
    actions.prove_by_pull(world.actor, subjects=subjects, run_id=source.pk, at=proof.at - timedelta(3))
    item.refresh_from_db()
    assert item.proven_at == proof.at


def test_the_proof_of_a_pull_is_nobodys_to_take_back(hands, world, item, source):
    AccessItem.objects.filter(pk=item.pk).update(subject_type="analytics.source", subject_id=source.pk)
    subjects = {"analytics.source": [source.pk]}
    actions.prove_by_pull(world.actor, subjects=subjects, run_id=source.pk, at=timezone.now())
    proof = AccessProof.objects.get()
    assert not hands.act(
        page=f"c/{world.campaign.code}/access/proofs/{proof.pk}/withdraw/",
        api=f"access-proofs/{proof.pk}/",
        method="delete",
    )
    assert "A pull proves by itself" in hands.words


# --- the warning ----------------------------------------------------------------------------------------------------


def warned(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.warn_of_expiry()
    return Job.objects.filter(name="campaigns.tell_expiring")


def test_the_owner_is_told_once_of_each_expiry(world, item, django_capture_on_commit_callbacks):
    actions.update_access_item(world.actor, item=item, expires_date=today(world) + timedelta(9))
    for _daily in range(2):
        assert warned(django_capture_on_commit_callbacks).count() == 1
    jobs.tell_expiring(item_id=item.pk)
    (letter,) = mail.outbox
    assert letter.to == [world.owner.email]
    assert letter.subject == "Access expires soon: GA4"
    assert f"/c/{world.campaign.code}/access/{item.pk}/" in letter.body
    item.refresh_from_db()
    actions.update_access_item(world.actor, item=item, expires_date=today(world) + timedelta(10))
    assert warned(django_capture_on_commit_callbacks).count() == 2


@pytest.mark.parametrize("case", ["later", "over", "archived", "closed", "never"])
def test_nobody_is_told_without_need(case, world, item, django_capture_on_commit_callbacks):
    days = {"later": 15, "over": -1, "never": None}.get(case, 9)
    AccessItem.objects.filter(pk=item.pk).update(expires_date=days and today(world) + timedelta(days))
    if case == "archived":
        AccessItem.objects.filter(pk=item.pk).update(archived_at=timezone.now())
    if case == "closed":
        Campaign.objects.filter(pk=world.campaign.pk).update(state="closed")
    assert not warned(django_capture_on_commit_callbacks).exists()


# --- the list -------------------------------------------------------------------------------------------------------


def test_the_list_names_accounts_of_placements_that_nobody_listed(world, owner):
    used, idle = factories.ad_account(world.workspace), factories.ad_account(world.workspace)
    factories.placement(world.campaign, ad_account=used)
    page = owner.get(f"{world.c}/access/")
    assert [subject.id for subject in page.context["missing"]] == [used.pk]
    assert f"?subject=placements.adaccount%3A{used.pk}" in page.content.decode()
    form = owner.get(f"{world.c}/access/new/?subject=placements.adaccount:{used.pk}").context["form"]
    assert (form["subject"].value(), form["name"].value()) == (f"placements.adaccount:{used.pk}", str(used))
    an_item(world, subject=Subject("placements.adaccount", used.pk, "it"))
    assert owner.get(f"{world.c}/access/").context["missing"] == []
    assert idle.name not in page.content.decode()


def test_the_list_is_filtered_and_exported(world, owner, item):
    an_item(world, name="=cmd()", kind="tool", granted_date=today(world))

    def names(query):
        return [row.name for row in owner.get(f"{world.c}/access/?{query}").context["items"]]

    assert names("state=granted") == ["=cmd()"]
    assert names("kind=tracking") == ["GA4"]
    assert names("state=nonsense") == []
    text = owner.get(f"{world.c}/access/export/?as=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows] == ["Name", "GA4", "'=cmd()"]
    assert owner.get(f"{world.c}/access/export/?as=xlsx").content.startswith(b"PK")


def test_lists_hold_their_query_budgets(world, owner, assert_budget):
    for n in range(12):
        an_item(world, name=f"Tool {n}", kind="tool")
    with assert_budget("campaigns:access"):
        owner.get(f"{world.c}/access/")
    with assert_budget("campaigns:access-item"):
        owner.get(AccessItem.objects.first().get_absolute_url())
    with assert_budget("api:access-items-list"):
        assert len(owner.get("/api/v1/access-items/").json()["results"]) == 12
    with assert_budget("api:access-proofs-list"):
        owner.get("/api/v1/access-proofs/")
