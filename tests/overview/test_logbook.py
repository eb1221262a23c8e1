"""The logbook as people read it: filters, words, pages of a long list, files, REST; who sees what of it."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from campaigns.models import BudgetLine
from core import chain
from core.actor import Actor, Reach
from core.audit import record
from core.context import Context, using
from core.models import Activity, AuditEvent
from overview.querysets.logbook import logbook, page_of
from overview.querysets.told import label_of, told
from tests import factories
from tests.inventory import fill, key_of

PAGE, REST = "{w}/activity/", "/api/v1/activities/"


@pytest.fixture
def story(world):
    """Acts of three people on three kinds of things; only these are in the logbook."""
    Activity.objects.all().delete()
    mei = factories.member(world.workspace, name="Mei Member")
    second = factories.campaign(world.workspace, world.owner, name="Second wave")
    Activity._base_manager.all().delete()
    with using(Context(ip="203.0.113.7", method="POST", route="x")):
        record(world.actor, "campaigns.campaign_moved", world.campaign, changes={"state": ["planning", "ready"]})
    actor = factories.actor_of(mei, world.workspace)
    record(actor, "campaigns.campaign_changed", second, changes={"start_date": ["2026-11-01", "2026-11-09"]})
    record(Actor.system(world.workspace), "accounts.workspace_changed", world.workspace, changes={"name": ["A", "B"]})
    world.mei, world.second = mei, second
    return world


def verbs_of_page(world, client, **filters):
    """The verbs that a page shows, by the words of their sentences."""
    page = client.get(PAGE.format(w=world.w), filters).content.decode()
    body = page.split('<ol class="log">', 1)[1] if '<ol class="log">' in page else ""
    words = {"moved the campaign": "moved", "changed the campaign": "changed", "changed the workspace": "workspace"}
    return {verb for words, verb in words.items() if words in body}


def verbs_of_rest(world, client, **filters):
    rows = client.get(REST, filters).json()["results"]
    names = {"campaign_moved": "moved", "campaign_changed": "changed", "workspace_changed": "workspace"}
    return {names[row["verb"].split(".")[1]] for row in rows}


CASES = [
    ({}, {}, {"moved", "changed", "workspace"}),
    ({"who": "{mei}"}, {"person": "{mei}"}, {"changed"}),
    ({"kind": "accounts.workspace"}, {"kind": "accounts.workspace"}, {"workspace"}),
    ({"area": "campaigns"}, {"area": "campaigns"}, {"moved", "changed"}),
    ({"verb": "campaigns.campaign_moved"}, {"verb": "campaigns.campaign_moved"}, {"moved"}),
    ({"campaign": "{second}"}, {"campaign": "{second}"}, {"changed"}),
    ({"subject": "{second}"}, {"subject": "{second}"}, {"changed"}),
    ({"q": "second WAVE"}, {"q": "second WAVE"}, {"changed"}),
    ({"q": "mei"}, {"q": "mei"}, {"changed"}),
    ({"finish": "2020-01-01"}, {"until": "2020-01-01T00:00:00Z"}, set()),
]


@pytest.mark.parametrize(("page", "rest", "expected"), CASES)
def test_every_filter_through_both_doors(story, owner, page, rest, expected):
    ids = {"mei": story.mei.pk, "second": story.second.pk}
    asked = [{name: value.format(**ids) for name, value in each.items()} for each in (page, rest)]
    assert verbs_of_page(story, owner, **asked[0]) == expected
    assert verbs_of_rest(story, owner, **asked[1]) == expected


def test_what_pharos_did_by_itself(story, owner):
    assert verbs_of_page(story, owner, who="pharos") == {"workspace"}


def test_a_campaign_has_its_own_page(story, owner):
    page = owner.get(f"{story.c}/activity/").content.decode()
    assert "moved the campaign" in page and "changed the campaign" not in page.split('<ol class="log">', 1)[1]
    assert 'name="campaign"' not in page


def test_somebody_who_left_can_still_be_asked_for(story, owner):
    story.mei.memberships.all().delete()
    assert verbs_of_page(story, owner, who=str(story.mei.pk)) == {"changed"}
    page = owner.get(PAGE.format(w=story.w), {"who": str(story.mei.pk)}).content.decode()
    assert "No longer here" in page


@pytest.mark.parametrize("query", ["who=1", "who=%00", "subject=x", "before=x", "after=1&before=2", "campaign=1"])
def test_made_up_filters_are_no_error(story, owner, query):
    assert owner.get(f"{PAGE.format(w=story.w)}?{query}").status_code in (200, 400)


# --- words ---------------------------------------------------------------------------------------------------------


def words_of(world, thing, changes, language="en", actor=None):
    line = record(world.actor, "campaigns.campaign_changed", thing, changes=changes)
    line.refresh_from_db()
    with translation.override(language):
        return told(line, actor or world.actor)


@pytest.mark.parametrize(
    ("changes", "language", "expected"),
    [
        ({"state": ["planning", "ready"]}, "en", ("State", "planning", "ready")),
        ({"state": ["planning", "ready"]}, "zh-hans", ("状态", "策划中", "就绪")),
        ({"start_date": [None, "2026-11-09"]}, "en", ("Start", "", "9 Nov 2026")),
        ({"start_date": [None, "2026-11-09"]}, "zh-hans", ("开始", "", "2026年11月9日")),
        ({"markets": [[], ["China", "Singapore"]]}, "en", ("Markets", "", "China, Singapore")),
        ({"2026-11-01 amount": ["1.00", "12345.5000"]}, "en", ("1 Nov 2026 · Amount", "1", "12,345.50")),
        ({"reason": ["", "Late"]}, "zh-hans", ("原因", "", "Late")),
        ({"amount": [None, "240000 CNY"]}, "zh-hans", ("金额", "", "¥240,000.00")),
        ({"amount": ["1200.5 EUR", "9 CNY too"]}, "en", ("Amount", "€1,200.50", "9 CNY too")),
        ({"brand_searches": [None, {"2026-11-01": "1"}]}, "en", ("Brand searches", "", "1 value")),
        ({"Kickoff 启动会 · Marketing": ["", "R/A"]}, "en", ("Kickoff 启动会 · Marketing", "", "R/A")),
    ],
)
def test_changes_are_told_in_words(world, changes, language, expected):
    [(label, before, after)] = words_of(world, world.campaign, changes, language)
    assert (before, after) == expected[1:]
    assert label == expected[0]


def test_what_was_empty_and_stays_so_is_not_told(world):
    assert words_of(world, world.campaign, {"name": ["", None], "sha256": [None, "f" * 64], "odd": "x"}) == []


def test_a_field_that_is_gone_keeps_its_name(db):
    assert label_of("campaigns.campaign", "some_old_thing") == "Some old thing"
    with translation.override("zh-hans"):
        assert [label_of("tasks.task", name) for name in ("organization", "parent")] == ["组织", "上级"]
    assert label_of("nowhere.nothing", "state") == "State"


@pytest.mark.parametrize("value", ["2026-13-45", "2026-02-30T25:61", "NaN", "1e9999999", "x" * 10_000, 10**40, -0.0])
def test_no_value_is_too_odd_to_be_told(world, value):
    assert words_of(world, world.campaign, {"start_date": [None, value], "code": [value, None], "more": [value, True]})


# --- who sees what -------------------------------------------------------------------------------------------------


def test_addresses_of_requests_are_for_managers(story, owner):
    member = story.client(story.mei)
    assert "203.0.113.7" in owner.get(PAGE.format(w=story.w)).content.decode()
    assert "203.0.113.7" not in member.get(PAGE.format(w=story.w)).content.decode()
    asked = {"export": "csv"}
    assert b"203.0.113.7" in owner.get(PAGE.format(w=story.w), asked).content
    assert b"203.0.113.7" not in member.get(PAGE.format(w=story.w), asked).content


def test_addresses_of_others_are_hidden(story):
    line = {"email": ["old@secret.example", "new@secret.example"], "contact": ["", "ring 555-0199"]}
    record(story.actor, "accounts.organization_changed", story.workspace, changes=line)
    shown = {}
    for name, client in (("owner", story.client()), ("member", story.client(story.mei))):
        page, export = client.get(PAGE.format(w=story.w)), client.get(PAGE.format(w=story.w), {"export": "csv"})
        shown[name] = page.content + export.content + client.get(REST).content
    assert b"secret.example" in shown["owner"]
    assert b"secret.example" not in shown["member"] and b"555-0199" not in shown["member"]


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ({"campaigns": "read"}, {"campaigns.campaign_changed"}),
        ({"campaigns": "read", "budget": "read"}, {"campaigns.campaign_changed", "campaigns.budget_line_changed"}),
        ({"tasks": "write"}, set()),
    ],
)
def test_whoever_reaches_parts_of_one_campaign_reads_the_lines_on_those(story, areas, expected):
    line = BudgetLine(campaign=story.second, name="Search")
    record(story.actor, "campaigns.budget_line_changed", line, campaign_id=story.second.pk)
    reach = (Reach(story.second.pk, areas),)
    limited = Actor(user=story.mei, workspace=story.workspace, role="member", reaches=reach)
    assert set(logbook(limited).values_list("verb", flat=True)) == expected


def test_a_seat_reads_what_it_did_itself(story):
    seat = Actor(user=story.mei, workspace=story.workspace, seat=object())
    assert set(Activity.objects.visible_to(seat).values_list("user_id", flat=True)) == {story.mei.pk}
    assert not AuditEvent.objects.visible_to(seat).exists()


def test_another_workspace_reads_nothing(story, other, stranger):
    theirs = stranger.get(f"{other.w}/activity/").content.decode()
    assert "Second wave" not in theirs and "203.0.113.7" not in theirs
    assert stranger.get(f"{story.w}/activity/").status_code == 404


# --- pages of a long list ------------------------------------------------------------------------------------------


@pytest.fixture
def long_list(world):
    """130 lines, many of the same moment."""
    event = AuditEvent.objects.create(workspace_id=world.workspace.pk)
    now = timezone.now() + timedelta(hours=1)
    own = {"workspace_id": world.workspace.pk, "event": event, "user_name": "Ana", "subject_type": "x", "subject_id": 1}
    Activity.objects.bulk_create(
        Activity(at=now + timedelta(seconds=n // 10), verb="x.y", subject_label=f"No. {n}", **own) for n in range(130)
    )
    return Activity.objects.filter(verb="x.y").order_by("-at", "-id")


def test_pages_forth_and_back_show_every_line_once(long_list):
    everything, seen, before = list(long_list), [], ""
    pages = []
    while True:
        found, is_newer, is_older = page_of(long_list, before=before, size=50)
        assert is_newer == bool(seen)
        pages.append(found)
        seen += found
        if not is_older:
            break
        before = str(found[-1].pk)
    assert seen == everything and [len(page) for page in pages] == [50, 50, 30]
    back, is_newer, is_older = page_of(long_list, after=str(pages[2][0].pk), size=50)
    assert (back, is_newer, is_older) == (pages[1], True, True)
    back, is_newer, _older = page_of(long_list, after=str(pages[1][0].pk), size=50)
    assert (back, is_newer) == (pages[0], False)


def test_the_page_links_older_and_newer_and_keeps_the_filter(world, long_list, owner):
    first = owner.get(PAGE.format(w=world.w), {"q": "No."})
    assert 'rel="next"' in first.content.decode() and 'rel="prev"' not in first.content.decode()
    older = first.context["older"]
    second = owner.get(PAGE.format(w=world.w), {"q": "No.", "before": older}).content.decode()
    assert 'rel="next"' in second and 'rel="prev"' in second and "q=No." in second


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_of_a_file_is_a_formula(story, owner, kind):
    record(story.actor, "campaigns.campaign_changed", story.campaign, changes={"name": ["=1+1", "@SUM(A1)"]})
    Activity._base_manager.filter(verb="campaigns.campaign_changed").update(subject_label="=HYPERLINK(1)")
    answer = owner.get(PAGE.format(w=story.w), {"export": kind})
    if kind == "xlsx":
        assert answer["Content-Type"].endswith("spreadsheetml.sheet") and answer.content[:2] == b"PK"
        return
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["At", "Who", "Act", "Thing", "Kind", "Campaign", "Changes", "IP address", "Key"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+", "-"))]
    assert any("'=HYPERLINK(1)" in row for row in rows)


# --- REST ----------------------------------------------------------------------------------------------------------


def test_rest_tells_changes_in_the_language_asked_for(story, owner):
    row = owner.get(REST, {"verb": "campaigns.campaign_moved"}, headers={"Accept-Language": "zh-hans"}).json()[
        "results"
    ]
    assert row[0]["changes"] == {"state": ["planning", "ready"]}
    assert row[0]["told"] == [{"label": "状态", "before": "策划中", "after": "就绪"}]


def test_an_undone_line_is_another_version(story, owner):
    line = Activity.objects.latest("at")
    first = owner.get(f"{REST}{line.pk}/")
    Activity.objects.filter(pk=line.pk).update(undone_at=timezone.now())
    again = owner.get(f"{REST}{line.pk}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200 and again.json()["undone_at"]


def test_events_with_their_seals_are_for_managers(story, owner):
    while chain.seal(timezone.now() + timedelta(minutes=10)):
        pass
    rows = owner.get("/api/v1/audit-events/", {"route": "x"}).json()["results"]
    assert [(row["ip"], len(row["hash"])) for row in rows] == [("203.0.113.7", 64)]
    assert rows[0]["sequence"] > 0 and owner.get(f"/api/v1/audit-events/{rows[0]['id']}/").json() == rows[0]
    assert story.client(story.mei).get("/api/v1/audit-events/").status_code == 403


def test_a_key_of_one_campaign_reads_no_events(db, client):
    full = fill("events")
    for campaigns, status in (([], 200), ([str(full["campaigns.campaign"].pk)], 403)):
        key, secret = key_of(full, ["*"])
        type(key)._base_manager.filter(pk=key.pk).update(campaign_ids=campaigns)
        assert client.get("/api/v1/audit-events/", headers={"Authorization": f"Bearer {secret}"}).status_code == status


@pytest.mark.parametrize(("name", "path"), [("activities", REST), ("audit-events", "/api/v1/audit-events/")])
def test_lists_hold_their_query_budget(story, owner, assert_budget, name, path):
    with assert_budget(f"api:{name}-list"):
        assert owner.get(path).status_code == 200
