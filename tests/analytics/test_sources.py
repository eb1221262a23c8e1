"""Sources through both doors: connect, change, test, pull, pause, put away; what is shown and what never is."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from analytics.actions import pulls, sources
from analytics.choices import RunState, SourceKind, SourceState
from analytics.connectors import sandbox
from analytics.models import PullRun, Source
from core.actor import Actor
from core.crypto import decrypt
from core.errors import Invalid, RuleBroken
from core.models import Activity

TYPED = {
    "name": "Shop feed",
    "platform": "Shop",
    "url": "https://api.example.com/report?from={from}&to={to}",
    "auth": "bearer",
    "token": "s3cret-canary",
    "rows": "data",
    "paging_kind": "cursor",
    "paging_parameter": "cursor",
    "paging_path": "next",
    "column:date": "date",
    "column:campaign": "campaign",
    "column:cost_micros": "cost",
    "micros:cost_micros": "on",
    "level": "campaign",
    "every_minutes": "30",
    "time_zone": "Asia/Shanghai",
    "look_back_days": "7",
    "settle_days": "3",
    "act": "save",
}
CONFIG = {
    "url": TYPED["url"],
    "auth": "bearer",
    "rows": "data",
    "paging": {"kind": "cursor", "parameter": "cursor", "path": "next"},
    "columns": {"date": "date", "campaign": "campaign", "cost_micros": "cost"},
    "micros": ["cost"],
    "level": "campaign",
}


@pytest.fixture
def channel(settings):
    """The sandbox channel, serving."""
    server = sandbox.start(0)
    port = server.server_address[1]
    settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{port}"]
    yield port
    server.shutdown()
    server.server_close()


@pytest.fixture
def source(world):
    return sources.create_source(
        world.actor, kind=SourceKind.JSON, platform="shop", name="Feed", config=CONFIG, token="s3cret-canary"
    )


@pytest.mark.parametrize("door", ["page", "api"])
def test_connect_a_source(door, world, owner):
    if door == "page":
        answer = owner.post(f"{world.w}/data/sources/new/", TYPED)
        assert answer.status_code == 302, answer.content.decode()
    else:
        body = {"name": "Shop feed", "platform": "shop", "config": CONFIG, "token": "s3cret-canary"}
        body |= {"every_minutes": 30, "look_back_days": 7}
        answer = owner.post("/api/v1/sources/", body, content_type="application/json")
        assert answer.status_code == 201, answer.json()
        assert "s3cret" not in answer.content.decode() and answer.json()["has_credentials"] is True
    made = Source.objects.get()
    assert (made.name, made.platform, made.every_minutes, made.look_back_days) == ("Shop feed", "shop", 30, 7)
    assert made.config["columns"] == CONFIG["columns"] and made.config["micros"] == ["cost"]
    assert decrypt(made.credentials) == {"token": "s3cret-canary"}
    assert made.next_pull_at is not None
    assert Activity.objects.filter(verb="analytics.source_created").exists()


@pytest.mark.parametrize("door", ["page", "api"])
def test_settings_that_lack_something_are_refused_in_words(door, world, owner):
    if door == "page":
        answer = owner.post(f"{world.w}/data/sources/new/", TYPED | {"url": "https://api.example.com/report"})
        assert answer.status_code == 422
    else:
        body = {"name": "x", "config": CONFIG | {"url": "https://api.example.com/report"}}
        answer = owner.post("/api/v1/sources/", body, content_type="application/json")
        assert answer.status_code == 400
    assert "where the days go" in answer.content.decode()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "config",
    [
        [],
        {"url": 5},
        {"url": "https://[", "columns": []},
        CONFIG | {"columns": {"date": "date", "x": "nonsense", "campaign": "campaign"}},
        CONFIG | {"columns": {"date": "date", "x": "ctr", "campaign": "campaign"}},
        CONFIG | {"columns": {"a": 1}},
        CONFIG | {"paging": {"kind": "cursor"}},
        CONFIG | {"paging": {"kind": "page", "parameter": "p", "size": "many"}},
        CONFIG | {"level": "event"},
        CONFIG | {"auth": "header", "auth_name": "a: b\r\nx"},
        CONFIG | {"method": "DELETE"},
        CONFIG | {"micros": "cost"},
        CONFIG | {"currency": "RMB?"},
        CONFIG | {"account": {"name": 5}},
    ],
)
def test_no_settings_are_an_error_of_ours(config, world):
    with pytest.raises(Invalid) as refused:
        sources.create_source(world.actor, kind=SourceKind.JSON, platform="x", name="x", config=config)
    assert refused.value.code == "config"


@pytest.mark.parametrize("door", ["page", "api"])
def test_change_a_source_and_keep_its_token(door, world, owner, source):
    if door == "page":
        typed = TYPED | {"token": "", "name": "Renamed", "lock_version": source.lock_version}
        answer = owner.post(f"{world.w}/data/sources/{source.pk}/settings/", typed)
        assert answer.status_code == 302, answer.content.decode()
    else:
        tag = owner.get(f"/api/v1/sources/{source.pk}/")["ETag"]
        answer = owner.patch(
            f"/api/v1/sources/{source.pk}/",
            {"name": "Renamed", "every_minutes": 30},
            content_type="application/json",
            headers={"If-Match": tag},
        )
        assert answer.status_code == 200, answer.json()
    source.refresh_from_db()
    assert source.name == "Renamed" and source.every_minutes == 30 and source.next_pull_at is not None
    assert decrypt(source.credentials) == {"token": "s3cret-canary"}


def test_a_new_token_ends_needs_reauth_and_no_log_line_tells_it(world, source):
    Source.objects.update(state=SourceState.NEEDS_REAUTH, last_error="refused")
    source.refresh_from_db()
    sources.update_source(world.actor, source=source, token="another-canary")
    assert (source.state, source.last_error) == (SourceState.CONNECTED, "")
    told = str(list(Activity.objects.values_list("changes", flat=True)))
    assert "canary" not in told and source.credentials not in told


def test_the_token_appears_on_no_page_and_in_no_answer(world, owner, source):
    addresses = ["", "settings/", "completeness/", "runs/"]
    pages = [f"{world.w}/data/sources/{source.pk}/{rest}" for rest in addresses] + [f"{world.w}/data/sources/"]
    for address in [*pages, "/api/v1/sources/", f"/api/v1/sources/{source.pk}/"]:
        answer = owner.get(address)
        assert answer.status_code == 200, address
        assert "canary" not in answer.content.decode() and source.credentials not in answer.content.decode()


@pytest.mark.parametrize("door", ["page", "api"])
def test_test_shows_rows_and_stores_nothing(door, world, owner, channel):
    row = sources.create_source(
        world.actor,
        kind=SourceKind.JSON,
        platform="sandbox_ads",
        name="Sandbox",
        config=sandbox.config(channel),
        token=sandbox.TOKEN,
        is_sandbox=True,
    )
    if door == "page":
        text = owner.post(f"{world.w}/data/sources/{row.pk}/test/").content.decode()
        assert "Sandbox feed always-on" in text and "invented figures" in text
    else:
        answer = owner.post(f"/api/v1/sources/{row.pk}/test/")
        assert answer.status_code == 200, answer.content
        assert answer.json()["rows"][0]["name"] == "Sandbox feed always-on" and answer.json()["problems"] == []
    assert not PullRun.objects.exists() and not row.account_links.exists()


def test_a_fetched_page_proposes_what_its_columns_mean(world, owner, channel):
    typed = {name: value for name, value in TYPED.items() if ":" not in name}
    typed |= {
        "url": sandbox.config(channel)["url"],
        "token": sandbox.TOKEN,
        "paging_path": "next_cursor",
        "act": "look",
    }
    answer = owner.post(f"{world.w}/data/sources/new/", typed)
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert "sbx-1001" in text  # a sample value
    form = answer.context["form"]
    chosen = {path: form[f"column:{path}"].value() for path in form.paths}
    assert chosen == {
        "date": "date",
        "campaign_id": "campaign_id",
        "campaign_name": "campaign",
        "currency": "currency",
        "impressions": "impressions",
        "clicks": "clicks",
        "cost": "cost",
        "conversions": "conversions",
    }
    assert not Source.objects.exists()


def test_a_refused_token_is_said_in_words(world, owner, channel):
    typed = TYPED | {"url": sandbox.config(channel)["url"], "token": "wrong", "act": "look"}
    answer = owner.post(f"{world.w}/data/sources/new/", typed)
    assert answer.status_code == 422 and "refuses the credentials (401)" in answer.content.decode()


def test_an_address_inside_the_network_is_refused(world, owner, settings):
    settings.FETCH_ALLOWED_PRIVATE = []
    typed = TYPED | {"url": "https://169.254.169.254/?{from}{to}", "act": "look"}
    answer = owner.post(f"{world.w}/data/sources/new/", typed)
    assert answer.status_code == 422 and "private network" in answer.content.decode()


@pytest.mark.parametrize("door", ["page", "api"])
def test_pull_now(door, world, owner, source):
    days = {"day_from": "2026-11-01", "day_to": "2026-11-03"}
    if door == "page":
        answer = owner.post(f"{world.w}/data/sources/{source.pk}/pull/", days)
        run = PullRun.objects.get()
        assert answer.status_code == 302 and answer["Location"].endswith(f"/data/runs/{run.pk}/")
    else:
        answer = owner.post(f"/api/v1/sources/{source.pk}/pull/", days, content_type="application/json")
        assert answer.status_code == 202, answer.json()
        run = PullRun.objects.get()
        again = owner.post(f"/api/v1/sources/{source.pk}/pull/", days, content_type="application/json")
        assert again.status_code == 409 and again.json()["code"] == "already_running"
    assert (run.day_from, run.day_to, run.state) == (date(2026, 11, 1), date(2026, 11, 3), RunState.QUEUED)
    assert owner.get(f"{world.w}/data/runs/{run.pk}/").status_code == 200
    assert owner.get(f"/api/v1/pull-runs/{run.pk}/").json()["state"] == "queued"


@pytest.mark.parametrize("days", [("2026-11-03", "2026-11-01"), ("2020-01-01", "2026-01-01")])
def test_days_that_make_no_sense(days, world, owner, source):
    body = {"day_from": days[0], "day_to": days[1]}
    answer = owner.post(f"/api/v1/sources/{source.pk}/pull/", body, content_type="application/json")
    assert answer.status_code == 409 and answer.json()["code"] == "days"


@pytest.mark.parametrize("door", ["page", "api"])
def test_pull_a_finished_run_again(door, world, owner, source):
    run = PullRun.objects.create(
        workspace=world.workspace, source=source, day_from="2026-11-01", day_to="2026-11-02", state=RunState.FAILED
    )
    if door == "page":
        assert owner.post(f"{world.w}/data/runs/{run.pk}/retry/").status_code == 302
    else:
        assert owner.post(f"/api/v1/pull-runs/{run.pk}/retry/").status_code == 202
    again = PullRun.objects.exclude(pk=run.pk).get()
    assert (again.day_from, again.state) == (date(2026, 11, 1), RunState.QUEUED)


@pytest.mark.parametrize("door", ["page", "api"])
def test_pause_and_resume(door, world, owner, source):
    sources.update_source(world.actor, source=source, every_minutes=5)
    base = f"{world.w}/data/sources/{source.pk}" if door == "page" else f"/api/v1/sources/{source.pk}"
    assert owner.post(f"{base}/pause/").status_code in (200, 302)
    source.refresh_from_db()
    assert (source.state, source.next_pull_at) == (SourceState.PAUSED, None)
    assert owner.post(f"{base}/resume/").status_code in (200, 302)
    source.refresh_from_db()
    assert source.state == SourceState.CONNECTED and source.next_pull_at is not None


@pytest.mark.parametrize("door", ["page", "api"])
def test_archive_and_restore(door, world, owner, source):
    if door == "page":
        assert owner.post(f"{world.w}/data/sources/{source.pk}/archive/").status_code == 302
        base = f"{world.w}/data/sources/{source.pk}/restore/"
    else:
        tag = owner.get(f"/api/v1/sources/{source.pk}/")["ETag"]
        assert owner.delete(f"/api/v1/sources/{source.pk}/").status_code == 428
        assert owner.delete(f"/api/v1/sources/{source.pk}/", headers={"If-Match": tag}).status_code == 204
        base = f"/api/v1/sources/{source.pk}/restore/"
    source.refresh_from_db()
    assert source.archived_at is not None
    with pytest.raises(RuleBroken):
        pulls.start_pull(world.actor, source=source, day_from=date(2026, 11, 1), day_to=date(2026, 11, 1))
    assert owner.post(base).status_code in (200, 302)
    source.refresh_from_db()
    assert source.archived_at is None


def test_completeness_over_rest(world, owner, source):
    answer = owner.get(f"/api/v1/sources/{source.pk}/completeness/?from=2026-11-01&to=2026-11-03")
    assert answer.status_code == 200 and answer.json() == {"accounts": []}
    for query in ("", "?from=2026-11-03&to=2026-11-01", "?from=0001-01-01&to=9999-12-31", "?from=x&to=y"):
        assert owner.get(f"/api/v1/sources/{source.pk}/completeness/{query}").status_code == 400


def test_a_viewer_reads_but_does_not_act(world, viewer, source):
    assert viewer.get(f"{world.w}/data/sources/").status_code == 200
    assert viewer.get(f"{world.w}/data/sources/{source.pk}/").status_code == 200
    for act in ("test", "pull", "pause", "resume", "archive"):
        assert viewer.post(f"{world.w}/data/sources/{source.pk}/{act}/").status_code == 403
        if act != "archive":
            assert viewer.post(f"/api/v1/sources/{source.pk}/{act}/").status_code == 403
    assert viewer.get(f"{world.w}/data/sources/{source.pk}/settings/").status_code == 403


def test_the_stranger_finds_nothing(world, stranger, source):
    run = PullRun.objects.create(
        workspace=world.workspace, source=source, day_from="2026-11-01", day_to="2026-11-02", state=RunState.DONE
    )
    for address in (f"sources/{source.pk}", f"sources/{source.pk}/completeness", f"pull-runs/{run.pk}"):
        assert stranger.get(f"/api/v1/{address}/?from=2026-11-01&to=2026-11-02").status_code == 404
    assert stranger.post(f"/api/v1/sources/{source.pk}/pull/").status_code == 404


@pytest.mark.parametrize("name", ["sources", "runs"])
def test_empty_lists_say_what_comes_here(name, world, owner):
    answer = owner.get(f"{world.w}/data/{name}/")
    assert answer.status_code == 200 and "empty" in answer.content.decode()
    assert owner.get(f"{world.w}/data/").status_code == 302


def test_lists_keep_to_their_budget(world, owner, assert_budget):
    for number in range(30):
        row = sources.create_source(
            world.actor, kind=SourceKind.JSON, platform="shop", name=f"Feed {number}", config=CONFIG
        )
        PullRun.objects.create(
            workspace=world.workspace, source=row, day_from="2026-11-01", day_to="2026-11-02", state=RunState.DONE
        )
    for name, address in (
        ("analytics:sources", f"{world.w}/data/sources/"),
        ("analytics:runs", f"{world.w}/data/runs/"),
        ("analytics:source", f"{world.w}/data/sources/{row.pk}/"),
        ("api:sources-list", "/api/v1/sources/"),
        ("api:pull-runs-list", "/api/v1/pull-runs/"),
    ):
        with assert_budget(name):
            assert owner.get(address).status_code == 200


def test_sandboxes_are_pointed_to_where_they_serve_now(world, source):
    row = sources.create_source(
        world.actor, kind=SourceKind.JSON, platform="s", name="S", config=sandbox.config(1000), is_sandbox=True
    )
    sources.repoint_sandboxes(Actor.system(world.workspace), config=sandbox.config(2000))
    row.refresh_from_db()
    source.refresh_from_db()
    assert "127.0.0.1:2000" in row.config["url"] and source.config == CONFIG


def test_the_calendar_shows_what_arrived(world, owner, channel):
    row = sources.create_source(
        world.actor,
        kind=SourceKind.JSON,
        platform="sandbox_ads",
        name="Sandbox",
        config=sandbox.config(channel),
        token=sandbox.TOKEN,
        time_zone="Asia/Shanghai",
    )
    today = timezone.now().astimezone(sandbox.ZONE).date()
    for first, last in ((4, 4), (2, 0)):
        days = {"day_from": today - timedelta(days=first), "day_to": today - timedelta(days=last)}
        run = pulls.start_pull(world.actor, source=row, **days)
        pulls.pull(run)
        run.refresh_from_db()
        assert run.state == RunState.DONE, run.error
    days = {"from": (today - timedelta(days=9)).isoformat(), "to": (today + timedelta(days=1)).isoformat()}
    (account,) = owner.get(f"/api/v1/sources/{row.pk}/completeness/", days).json()["accounts"]
    found = {(date.fromisoformat(day) - today).days: state for day, state in account["days"].items()}
    assert found == {-4: "complete", -3: "missing", -2: "complete", -1: "complete", 0: "partial"}
    text = owner.get(f"{world.w}/data/sources/{row.pk}/completeness/").content.decode()
    assert 'class="day complete"' in text and 'class="day partial"' in text and 'class="day missing"' in text
