"""The readiness board, its signed lines, the launch that keeps it: by page and by REST alike; the race of two."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections
from django.dispatch import Signal
from django_scopes import scope

from campaigns import actions, signals
from campaigns.actions import campaigns as moves
from campaigns.actions.writing import today_of
from campaigns.models import Campaign, ReadinessLine, ReadinessSnapshot
from campaigns.rules.readiness import canonical, digest
from core import pdf
from core.errors import PharosError
from core.models import Activity, AuditEvent
from raci.models import Letter, RaciHolder, RaciRow
from raci.receivers import state_of_matrix
from tests import conftest, factories
from tests.campaigns.conftest import Hands

OWN = ("brief_written", "kpi_measurable", "raci_clean", "accounts_listed", "accounts_proven", "tracking_tested")


@pytest.fixture
def own_floor(monkeypatch):
    """Only the plan and the matrix speak; what the other floors ask for is tested where they are."""
    asked = Signal()
    asked.connect(state_of_matrix)
    monkeypatch.setattr(signals, "readiness_asked", asked)


def board_of(world):
    campaign = Campaign.objects.get(pk=world.campaign.pk)
    return {line.code: line for line in actions.lines_of(world.actor, campaign, today=today_of(campaign))}


def a_line(world, **values):
    values = {"title": "Shifts of the sale night", "owner": world.owner, "needed": "The shift plan", **values}
    return actions.add_readiness_line(world.actor, campaign=world.campaign, **values)


@pytest.fixture
def line(world):
    return a_line(world)


def act(hands, row, verb, *, api=None, typed=None, body=None, method="post"):
    """`verb`: the end of the page's address; `api`: that of the resource's where it is another."""
    page = f"c/{hands.world.campaign.code}/readiness/lines/{row.pk}/{verb}"
    path = f"readiness-lines/{row.pk}/{verb if api is None else api}"
    return hands.act(page=page, typed=typed, api=path, body=typed if body is None else body, method=method)


def sign(hands, row, **typed):
    row.refresh_from_db()
    return act(hands, row, "", api="sign/", typed={"lock_version": row.lock_version, **typed}, body=typed)


# --- the lines ------------------------------------------------------------------------------------------------------


def test_the_board_names_what_is_missing_and_links_to_its_cause(world):
    board = board_of(world)
    assert {board[code].state for code in OWN} == {"block", "ok", "warn"}
    assert board["brief_written"].detail == "Write the brief first."
    for code in OWN:
        assert world.client().get(board[code].url).status_code == 200


def test_lines_turn_green_as_their_causes_are_mended(world, plan):
    make_ready(world)
    assert {board_of(world)[code].state for code in OWN} == {"ok"}


def make_ready(world):
    """Whatever the product's own lines of a campaign ask for."""
    campaign, workspace = world.campaign, world.workspace
    actions.save_brief(world.actor, campaign=campaign, sections=[{"key": "core_goal", "text": "100,000 buyers"}])
    for name, kind in (("GA4", "tracking"), ("Shop", "tool")):
        item = actions.add_access_item(world.actor, campaign=campaign, name=name, kind=kind, owner=world.owner)
        actions.prove_access(world.actor, item=item, note="a test order came through")
    common = {"workspace": workspace, "campaign": campaign}
    row = RaciRow.objects.create(kind="decision", title="Launch", position=1, **common)
    holder = RaciHolder.objects.create(kind="person", user=world.owner, position=1, **common)
    for letter in "RA":
        Letter.objects.create(row=row, holder=holder, letter=letter, **common)


def test_a_gap_in_the_matrix_blocks(world, plan):
    make_ready(world)
    Letter.objects.filter(letter="A").delete()
    found = board_of(world)["raci_clean"]
    assert (found.state, found.count) == ("block", 1)


def test_a_proof_grows_old(world, plan):
    make_ready(world)
    campaign = Campaign.objects.get(pk=world.campaign.pk)
    in_a_week = today_of(campaign) + timedelta(8)
    later = {line.code: line for line in actions.lines_of(world.actor, campaign, today=in_a_week)}
    assert (later["tracking_tested"].state, later["accounts_proven"].state) == ("block", "block")
    assert "GA4 (proof is old)" in later["tracking_tested"].detail


# --- signed by name -------------------------------------------------------------------------------------------------


def test_a_line_is_added_and_its_owner_signs_it(hands, world):
    code = world.campaign.code
    typed = {"title": "Stock", "owner": str(world.owner.pk), "needed": "Count of the warehouse"}
    assert hands.act(
        page=f"c/{code}/readiness/lines/new/", typed=typed, api="readiness-lines/", body={**typed, "campaign": code}
    )
    row = ReadinessLine.objects.get()
    found = board_of(world)[f"signed:{row.pk}"]
    assert (found.state, found.label, found.group) == ("block", "Stock", "added")
    assert "Needed: Count of the warehouse" in found.detail
    assert not sign(hands, row)
    assert "Say what you saw, or attach a file." in hands.words
    until = today_of(world.campaign) + timedelta(30)
    assert sign(hands, row, evidence="12,000 pieces counted", expires_date=str(until))
    row.refresh_from_db()
    assert (row.signed_by, row.evidence, row.expires_date) == (world.owner, "12,000 pieces counted", until)
    found = board_of(world)[f"signed:{row.pk}"]
    assert found.state == "ok" and "Signed by Ana Owner" in found.detail and "12,000 pieces counted" in found.detail
    assert act(hands, row, "withdraw/")
    assert board_of(world)[f"signed:{row.pk}"].state == "block"
    assert not act(hands, row, "withdraw/")
    assert "This line is not signed." in hands.words


@pytest.mark.parametrize("door", ["page", "api"])
def test_nobody_signs_for_another_not_even_the_owner_of_all(door, world):
    colleague = factories.member(world.workspace, name="Carl")
    row = a_line(world, owner=colleague)
    assert not sign(Hands(world, door), row, evidence="I looked")
    assert sign(Hands(world, door, world.client(colleague)), row, evidence="I looked")
    row.refresh_from_db()
    assert row.signed_by == colleague


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_signature_is_its_givers_and_the_managers_to_take_back(door, world):
    colleague, third = (factories.member(world.workspace, name=name) for name in ("Carl", "Theo"))
    row = a_line(world, owner=colleague)
    assert sign(Hands(world, door, world.client(colleague)), row, evidence="I looked")
    stranger = Hands(world, door, world.client(third))
    assert not act(stranger, row, "withdraw/")
    assert stranger.answer.status_code == 403
    assert act(Hands(world, door), row, "withdraw/")


def test_a_viewer_is_not_named(hands, world):
    looker = factories.member(world.workspace, role="viewer")
    code = world.campaign.code
    typed = {"title": "Stock", "owner": str(looker.pk)}
    assert not hands.act(
        page=f"c/{code}/readiness/lines/new/", typed=typed, api="readiness-lines/", body={**typed, "campaign": code}
    )
    assert "cannot sign" in hands.words


def test_a_change_takes_the_signature_back(hands, world, line):
    assert sign(hands, line, evidence="Seen")
    line.refresh_from_db()
    typed = {"title": line.title, "owner": str(world.owner.pk), "needed": "Shift plan and phone numbers"}
    seen = {"lock_version": line.lock_version}
    assert act(hands, line, "edit/", api="", typed={**typed, **seen}, body=typed, method="patch")
    line.refresh_from_db()
    assert (line.signed_by, line.signed_at, line.evidence) == (None, None, "")


def test_a_signature_that_ended_is_red(world, line):
    actions.sign_readiness_line(world.actor, line=line, evidence="Seen", expires_date=today_of(world.campaign))
    assert board_of(world)[f"signed:{line.pk}"].state == "warn"
    ReadinessLine.objects.update(expires_date=today_of(world.campaign) - timedelta(1))
    found = board_of(world)[f"signed:{line.pk}"]
    assert found.state == "block" and "ended on" in found.detail


def test_a_day_that_is_over_is_refused(hands, world, line):
    assert not sign(hands, line, evidence="Seen", expires_date=str(today_of(world.campaign) - timedelta(1)))
    assert "This day is over already." in hands.words


def test_a_line_is_taken_off_the_board_and_put_back(hands, world, line):
    assert act(hands, line, "archive/", api="", method="delete")
    assert f"signed:{line.pk}" not in board_of(world)
    assert not sign(hands, line, evidence="Seen")
    assert "Restore it first" in hands.words
    assert act(hands, line, "restore/")
    assert f"signed:{line.pk}" in board_of(world)


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_file_is_evidence_enough(door, world, owner, line):
    upload = SimpleUploadedFile("report.html", b"<script>1</script>", content_type="text/html")
    page, api = f"{world.c}/readiness/lines/{line.pk}/", f"/api/v1/readiness-lines/{line.pk}/sign/"
    answer = owner.post(page if door == "page" else api, {"upload": upload, "lock_version": line.lock_version})
    assert answer.status_code in (200, 302)
    file = ReadinessLine.objects.get().file
    assert (file.name, file.size) == ("report.html", 18)
    page = f"{page}evidence/"
    answer = owner.get(page if door == "page" else f"/api/v1/readiness-lines/{line.pk}/content/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "report.html" in board_of(world)[f"signed:{line.pk}"].detail


def test_whoever_only_looks_on_changes_nothing(onlooker, world, line):
    code = world.campaign.code
    assert not act(onlooker, line, "withdraw/")
    assert not sign(onlooker, line, evidence="x")
    assert not onlooker.act(page=f"c/{code}/readiness/keep/", api="readiness-snapshots/", body={"campaign": code})
    assert onlooker.answer.status_code == 403
    assert not ReadinessSnapshot.objects.exists()


def test_each_unsafe_request_is_one_event(hands, line):
    before = AuditEvent.objects.count()
    assert sign(hands, line, evidence="Seen")
    assert AuditEvent.objects.count() == before + 1


# --- kept boards ----------------------------------------------------------------------------------------------------


def test_a_board_is_kept_as_it_stands(hands, world, line):
    code = world.campaign.code
    assert hands.act(page=f"c/{code}/readiness/keep/", api="readiness-snapshots/", body={"campaign": code})
    kept = ReadinessSnapshot.objects.get()
    stood = {one["code"]: one["state"] for one in kept.content["lines"]}
    assert stood == {name: str(one.state) for name, one in board_of(world).items()}
    assert (kept.is_launch, kept.made_by, kept.is_intact) == (False, world.owner, True)
    assert kept.blocks == list(stood.values()).count("block")
    brief = kept.content["lines"][0]["detail"]
    assert brief == {"en": "Write the brief first.", "zh-hans": "请先撰写策划简报。"}
    actions.sign_readiness_line(world.actor, line=line, evidence="Seen")
    kept.refresh_from_db()
    assert {one["code"]: one["state"] for one in kept.content["lines"]} == stood


def test_whoever_changes_a_kept_board_is_found_out(world, owner):
    kept = actions.keep_snapshot(world.actor, campaign=world.campaign)
    kept.content["lines"][0]["state"] = "ok"
    ReadinessSnapshot.objects.update(content=kept.content)
    assert not ReadinessSnapshot.objects.get().is_intact
    assert "Changed since" in owner.get(f"{world.c}/readiness/kept/{kept.pk}/").content.decode()
    assert owner.get(f"/api/v1/readiness-snapshots/{kept.pk}/").json()["is_intact"] is False


def test_a_kept_board_is_taken_away_as_files(world, owner):
    kept = actions.keep_snapshot(world.actor, campaign=world.campaign)
    at = f"{world.c}/readiness/kept/{kept.pk}/export/"
    signed = owner.get(f"{at}?as=json").content
    assert digest(json.loads(signed)) == kept.digest and signed == canonical(kept.content)
    assert "Write the brief first." in owner.get(f"{at}?as=csv").content.decode("utf-8-sig")
    if pdf.is_there():
        assert owner.get(f"{at}?as=pdf").content.startswith(b"%PDF")


# --- the launch -----------------------------------------------------------------------------------------------------

LAUNCHES = {
    "board": ("c/{code}/readiness/launch/", {}),
    "settings": ("c/{code}/settings/step/", {"step": "launch"}),
}


@pytest.fixture
def at_the_gate(world, plan):
    """The campaign's plan is ready; what the board says is another matter."""
    actions.save_brief(world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": "x"}])
    Campaign.objects.filter(pk=world.campaign.pk).update(state="ready")
    return world


def launch(hands, place="board", **typed):
    """By the board, the settings or (with the hands of REST) by a transition."""
    campaign = Campaign.objects.get(pk=hands.world.campaign.pk)
    page, more = LAUNCHES[place]
    return hands.act(
        page=page.format(code=campaign.code),
        typed={**more, "lock_version": campaign.lock_version, **typed},
        api=f"campaigns/{campaign.pk}/transitions/",
        body={"step": "launch", **typed},
    )


@pytest.mark.parametrize("place", LAUNCHES)
def test_no_door_leads_past_the_board(hands, at_the_gate, place):
    assert not launch(hands, place)
    assert "No tracking is listed yet." in hands.words
    assert Campaign.objects.get(pk=at_the_gate.campaign.pk).state == "ready"
    assert not ReadinessSnapshot.objects.exists()


@pytest.mark.parametrize("place", LAUNCHES)
def test_without_the_guard_the_launch_would_go_through(hands, at_the_gate, place, monkeypatch):
    """The control: it is the lines of the board that refuse, nothing else."""
    monkeypatch.setattr(moves, "objections", lambda lines: [])
    assert launch(hands, place)
    assert ReadinessSnapshot.objects.get().blocks > 0


def test_a_green_board_is_kept_with_the_launch(hands, at_the_gate, own_floor):
    make_ready(at_the_gate)
    assert launch(hands)
    kept = ReadinessSnapshot.objects.get()
    assert (kept.is_launch, kept.blocks, kept.override_reason, kept.is_intact) == (True, 0, "", True)
    assert Campaign.objects.get(pk=at_the_gate.campaign.pk).state == "live"


def test_a_manager_overrides_red_and_the_reason_stays_in_sight(hands, at_the_gate, owner):
    assert launch(hands, reason="The media is bought")
    kept = ReadinessSnapshot.objects.get()
    assert (kept.override_reason, kept.content["override_reason"]) == ("The media is bought", "The media is bought")
    assert kept.blocks > 0
    for page in ("readiness/", "readiness/state/", "readiness/kept/", f"readiness/kept/{kept.pk}/"):
        assert "The media is bought" in owner.get(f"{at_the_gate.c}/{page}").content.decode(), page
    moved = Activity.objects.get(verb="campaigns.campaign_moved")
    assert moved.changes["reason"] == ["", "The media is bought"]


@pytest.mark.parametrize("door", ["page", "api"])
def test_whoever_is_no_manager_does_not_override(door, at_the_gate, own_floor):
    lead = factories.member(at_the_gate.workspace, name="Lead")
    Campaign.objects.filter(pk=at_the_gate.campaign.pk).update(owner=lead)
    hands = Hands(at_the_gate, door, at_the_gate.client(lead))
    assert not launch(hands, reason="I want to")
    assert "No tracking is listed yet." in hands.words
    make_ready(at_the_gate)
    assert launch(hands)


def together(world, people, act):
    """What came of the same act by all at once."""
    start, outcomes = threading.Barrier(len(people)), []

    def work(actor):
        with scope(workspace=world.workspace.pk):
            campaign = Campaign.objects.get(pk=world.campaign.pk)
            start.wait()
            try:
                outcomes.append(act(actor, campaign))
            except (PharosError, DatabaseError) as refused:
                outcomes.append(refused)
        connections.close_all()

    threads = [threading.Thread(target=work, args=[actor]) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_launches_at_once_one_counts_and_one_board_is_kept(transactional_db):
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        Campaign.objects.filter(pk=world.campaign.pk).update(state="ready")
        people = [factories.actor_of(factories.member(world.workspace, role="manager"), world.workspace) for _ in "ab"]
        outcomes = together(
            world,
            people,
            lambda actor, campaign: moves.move_campaign(actor, campaign=campaign, step="launch", reason="Go"),
        )
        assert len([one for one in outcomes if isinstance(one, Campaign)]) == 1
        assert len([one for one in outcomes if isinstance(one, Exception)]) == 1
        assert ReadinessSnapshot.objects.filter(is_launch=True).count() == 1
        assert Activity.objects.filter(verb="campaigns.campaign_moved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_swap_the_database_still_keeps_one_launch(transactional_db, monkeypatch):
    """The control: with compare-and-swap off, two would go live; the constraint refuses the second board."""
    monkeypatch.setattr(moves, "swap", lambda campaign, **changes: {})
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        Campaign.objects.filter(pk=world.campaign.pk).update(state="ready")
        outcomes = together(
            world,
            [world.actor, world.actor],
            lambda actor, campaign: moves.move_campaign(actor, campaign=campaign, step="launch", reason="Go"),
        )
        refused = [one for one in outcomes if isinstance(one, PharosError)]
        assert [one.code for one in refused] in ([], ["launched"])
        assert ReadinessSnapshot.objects.filter(is_launch=True).count() == 1


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_board_is_asked_again_for_nothing_while_it_reads_the_same(world, owner, line):
    page = owner.get(f"{world.c}/readiness/")
    etag = page.context["etag"]
    again = owner.get(f"{world.c}/readiness/board/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    actions.sign_readiness_line(world.actor, line=line, evidence="Seen")
    fresh = owner.get(f"{world.c}/readiness/board/", headers={"If-None-Match": etag})
    assert fresh.status_code == 200 and fresh["ETag"] != etag
    assert f'data-key="signed:{line.pk}" data-state="ok"' in fresh.content.decode()


def test_rest_reads_the_same_board(world, owner, line):
    answer = owner.get(f"/api/v1/readiness/?campaign={world.campaign.code}").json()
    board = board_of(world)
    assert [one["code"] for one in answer["lines"]] == list(board)
    assert (answer["is_ready"], answer["blocks"]) == (False, sum(one.blocks for one in board.values()))
    assert owner.get("/api/v1/readiness/?campaign=NOPE").status_code == 400
    assert owner.get("/api/v1/readiness/").status_code == 400


def test_the_launch_is_offered_on_the_board_alone(at_the_gate, owner, viewer):
    settings = owner.get(f"{at_the_gate.c}/settings/").content.decode()
    assert 'value="launch"' not in settings and f'href="{at_the_gate.c}/readiness/"' in settings
    assert "/readiness/launch/" in owner.get(f"{at_the_gate.c}/readiness/").content.decode()
    assert "/readiness/launch/" not in viewer.get(f"{at_the_gate.c}/readiness/").content.decode()


def test_boards_hold_their_query_budgets(world, plan, owner, assert_budget):
    make_ready(world)
    for n in range(8):
        a_line(world, title=f"Line {n}")
        actions.keep_snapshot(world.actor, campaign=world.campaign)
    kept = ReadinessSnapshot.objects.first()
    for name, page in {
        "readiness": "",
        "readiness-board": "board/",
        "readiness-state": "state/",
        "readiness-snapshots": "kept/",
        "readiness-snapshot": f"kept/{kept.pk}/",
    }.items():
        with assert_budget(f"overview:{name}"):
            assert owner.get(f"{world.c}/readiness/{page}").status_code == 200
    for noun in ("readiness-lines", "readiness-snapshots"):
        with assert_budget(f"api:{noun}-list"):
            assert len(owner.get(f"/api/v1/{noun}/").json()["results"]) == 8
    with assert_budget("api:readiness-list"):
        owner.get(f"/api/v1/readiness/?campaign={world.campaign.code}")
