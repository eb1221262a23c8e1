"""The library, a campaign's own playbooks, their steps: every act through both doors, in both languages."""

import json
from pathlib import Path

import pytest
from django_scopes import scopes_disabled

import risks
from core.jobs import HANDLERS
from risks import actions
from risks.models import Playbook, PlaybookStep
from risks.rules.playbooks import REACTION
from tests import factories
from tests.risks.conftest import BOTH, default, form_of

DATA = json.loads((Path(risks.__file__).parent / "data" / "playbooks.json").read_text(encoding="utf-8"))


# --- the defaults ---------------------------------------------------------------------------------------------------


def test_a_new_workspace_has_the_four_defaults(world):
    found = {one.builtin_code: one for one in Playbook.objects.library()}
    assert set(found) == {"negative_pr", "channel_policy", "technical_failure", "budget_overrun"}
    assert {one.risk_class for one in found.values()} == {"public_opinion", "channel_policy", "technical", "budget"}
    assert found["negative_pr"].levels == {"blue": 240, "yellow": 120, "orange": 60, "red": 30}
    assert all(one.steps.count() >= 7 and one.said_messages for one in found.values())
    assert not Playbook.objects.missing_classes(world.campaign)


def texts(node):
    """Every text of the data file, with its languages."""
    if isinstance(node, dict) and set(node) == {"en", "zh-hans"}:
        yield node
    elif isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from texts(each)


def test_the_defaults_are_whole_in_both_languages():
    found = list(texts(DATA))
    assert len(found) > 80
    assert all(one["en"].strip() and one["zh-hans"].strip() and one["en"] != one["zh-hans"] for one in found)
    assert all(REACTION[level] >= minutes for one in DATA for level, minutes in one["levels"].items())


def test_a_default_speaks_the_readers_language_until_it_is_rewritten(world, owner):
    book = default("negative_pr")
    url = f"{world.w}/playbooks/{book.pk}/"
    page = lambda language: owner.get(url, headers={"Accept-Language": language}).content.decode()  # noqa: E731
    assert "负面舆情" in page("zh-hans") and "Negative publicity" in page("en")
    data = form_of(owner, url + "edit/", name="Our own storm")
    assert owner.post(url + "edit/", data).status_code == 302
    assert "Our own storm" in page("zh-hans") and "核实事实" in page("zh-hans")
    book.refresh_from_db()
    assert "name" not in book.labels["zh-hans"] and book.labels["zh-hans"]["strategy"]


@BOTH
def test_missing_defaults_are_added_once_and_what_was_archived_stays_away(door, world, owner, api):
    with scopes_disabled():
        Playbook.objects.filter(builtin_code="negative_pr").delete()
    actions.archive_playbook(world.actor, playbook=default("budget_overrun"))
    for _turn in range(2):
        if door == "page":
            assert owner.post(f"{world.w}/playbooks/defaults/").status_code == 302
        else:
            assert api.post("playbooks/load-defaults/").status_code == 200
    assert Playbook.objects.library().count() == 4
    assert default("budget_overrun").archived_at is not None


def test_a_workspace_from_before_gets_them_by_its_job(world):
    with scopes_disabled():
        Playbook.objects.all().delete()
    HANDLERS["risks.load_defaults"](workspace_id=str(world.workspace.pk))
    HANDLERS["risks.load_defaults"](workspace_id=str(world.workspace.pk))
    assert Playbook.objects.library().count() == 4


# --- acts -------------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("place", ["library", "campaign"])
def test_create(door, place, world, owner, api):
    if door == "page":
        url = f"{world.w}/playbooks/new/" if place == "library" else f"{world.c}/playbooks/new/"
        data = form_of(owner, url, name="KOL scandal 达人翻车", risk_class="supplier", level_red="20", pause_all="on")
        data |= {"pause_platforms": "Douyin, weibo", "messages-0-name": "Note", "messages-0-text": "We part ways."}
        response = owner.post(url, data)
        assert response.status_code == 302, response.context["form"].errors
    else:
        body = {"name": "KOL scandal 达人翻车", "risk_class": "supplier", "levels": {"red": 20}, "pause_all": True}
        body |= {"pause_platforms": ["Douyin", "weibo"], "messages": [{"name": "Note", "text": "We part ways."}]}
        body |= {"campaign": world.campaign.code} if place == "campaign" else {}
        assert api.post("playbooks/", body).status_code == 201
    made = Playbook.objects.get(builtin_code="")
    assert made.campaign == (world.campaign if place == "campaign" else None)
    assert (made.levels, made.pause_all, made.pause_platforms) == ({"red": 20}, True, ["Douyin", "weibo"])
    assert made.messages == [{"name": "Note", "text": "We part ways."}]


@BOTH
@pytest.mark.parametrize(
    ("page", "rest", "sentence"),
    [
        ({"level_red": "45"}, {"levels": {"red": 45}}, ""),
        ({"level_blue": "", "level_red": "30", "level_orange": "10"}, {"levels": {"orange": 10, "red": 30}},
         "A higher level reacts no later than a lower one."),
        ({"name": "  "}, {"name": "  "}, ""),
        ({"messages-0-text": "words", "messages-0-name": ""}, {"messages": [{"name": " ", "text": "words"}]}, ""),
        ({"pause_channels": ["nowhere"]}, {"pause_channels": ["nowhere"]}, ""),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_sentence(door, page, rest, sentence, world, owner, api):
    book = default("technical_failure")
    if door == "page":
        url = f"{world.w}/playbooks/{book.pk}/edit/"
        response = owner.post(url, form_of(owner, url) | page)
        assert response.status_code == 422 and sentence in response.content.decode()
    else:
        response = api.change(f"playbooks/{book.pk}/", rest)
        assert response.status_code == 400 and sentence in response.content.decode()
    assert default("technical_failure").lock_version == 1


@BOTH
def test_adopt_copies_it_with_its_steps_and_languages(door, world, owner, api):
    book = default("negative_pr")
    if door == "page":
        response = owner.post(f"{world.w}/playbooks/{book.pk}/adopt/", {"campaign": str(world.campaign.pk)})
        assert response.status_code == 302
    else:
        assert api.post(f"playbooks/{book.pk}/adopt/", {"campaign": world.campaign.code}).status_code == 201
    copy = Playbook.objects.get(campaign=world.campaign)
    assert (copy.name, copy.levels, copy.builtin_code) == (book.name, book.levels, "")
    assert [one.labels for one in copy.steps.all()] == [one.labels for one in book.steps.all()]
    actions.update_playbook(world.actor, playbook=copy, name="Ours")
    assert str(default("negative_pr")) == "Negative publicity"


@BOTH
def test_archive_and_restore(door, world, owner, api):
    book = default("negative_pr")
    for verb, is_gone in (("archive", True), ("archive", True), ("restore", False)):
        if door == "page":
            assert owner.post(f"{world.w}/playbooks/{book.pk}/{verb}/").status_code == 302
        else:
            assert api.post(f"playbooks/{book.pk}/{verb}/").status_code == 200
        assert (default("negative_pr").archived_at is not None) == is_gone


@BOTH
def test_steps_are_added_changed_moved_and_removed(door, world, owner, api):
    book = actions.create_playbook(world.actor, name="Ours")
    for title in ("First", "Second"):
        if door == "page":
            url = f"{world.w}/playbooks/{book.pk}/steps/new/"
            typed = form_of(owner, url, title=title, amount="2", unit="60", function="tech")
            assert owner.post(url, typed).status_code == 302
        else:
            body = {"playbook": str(book.pk), "title": title, "deadline_minutes": 120, "function": "tech"}
            assert api.post("playbook-steps/", body).status_code == 201
    first, second = book.steps.all()
    assert (first.deadline_minutes, first.function, second.position) == (120, "tech", 1)
    if door == "page":
        url = f"{world.w}/playbooks/steps/{second.pk}/"
        assert owner.post(url, form_of(owner, url, title="Really second", amount="")).status_code == 302
        owner.post(f"{url}move/", {"way": "up"})
    else:
        assert api.change(f"playbook-steps/{second.pk}/", {"title": "Really second", "deadline_minutes": None})
        assert api.post(f"playbook-steps/{second.pk}/move/", {"position": 0}).status_code == 200
    assert [(one.title, one.deadline_minutes) for one in book.steps.all()] == [("Really second", None), ("First", 120)]
    if door == "page":
        owner.post(f"{world.w}/playbooks/steps/{first.pk}/remove/")
    else:
        assert api.remove(f"playbook-steps/{first.pk}/").status_code == 204
    assert [one.title for one in book.steps.all()] == ["Really second"]


@BOTH
@pytest.mark.parametrize("values", [{"title": " "}, {"deadline_minutes": 43_201}, {"min_level": "purple"}])
def test_bad_steps_are_refused(door, values, world, owner, api):
    step = default("negative_pr").steps.first()
    if door == "page":
        url = f"{world.w}/playbooks/steps/{step.pk}/"
        typed = {"amount": str(values["deadline_minutes"])} if "deadline_minutes" in values else values
        assert owner.post(url, form_of(owner, url) | typed).status_code == 422
    else:
        assert api.change(f"playbook-steps/{step.pk}/", values).status_code == 400
    assert PlaybookStep.objects.get(pk=step.pk).lock_version == 1


def test_members_keep_the_campaigns_own_managers_the_library(world):
    member = world.client(factories.member(world.workspace, name="Mia Member"))
    book = default("negative_pr")
    assert member.post(f"{world.w}/playbooks/{book.pk}/archive/").status_code == 302
    assert default("negative_pr").archived_at is None
    member.post(f"{world.w}/playbooks/{book.pk}/adopt/", {"campaign": str(world.campaign.pk)})
    copy = Playbook.objects.get(campaign=world.campaign)
    member.post(f"{world.w}/playbooks/{copy.pk}/archive/")
    copy.refresh_from_db()
    assert copy.archived_at is not None


def test_pages_within_their_budgets(world, owner, assert_budget):
    book = default("negative_pr")
    actions.adopt_playbook(world.actor, playbook=book, campaign=world.campaign)
    with assert_budget("risks:playbooks"):
        assert owner.get(f"{world.w}/playbooks/").status_code == 200
    with assert_budget("risks:playbook"):
        assert owner.get(f"{world.w}/playbooks/{book.pk}/").status_code == 200
    with assert_budget("risks:campaign-playbooks"):
        assert owner.get(f"{world.c}/playbooks/").status_code == 200
    with assert_budget("api:playbooks-list"):
        assert len(owner.get("/api/v1/playbooks/").json()["results"]) == 5
    assert len(owner.get(f"/api/v1/playbooks/?campaign={world.campaign.code}").json()["results"]) == 1
    assert len(owner.get("/api/v1/playbooks/?library=true").json()["results"]) == 4


def test_a_playbook_that_others_changed_meanwhile_shows_theirs(world, owner):
    """Also what is a list there: platforms and channels to pause."""
    book = default("technical_failure")
    Playbook.objects.filter(pk=book.pk).update(pause_platforms=["baidu", "douyin"], pause_channels=["sem"])
    messages = {"messages-TOTAL_FORMS": "0", "messages-INITIAL_FORMS": "0"}
    typed = {"name": "Ours", "risk_class": book.risk_class, "lock_version": "99", **messages}
    answer = owner.post(f"{world.w}/playbooks/{book.pk}/edit/", typed)
    assert answer.status_code == 422 and "baidu, douyin" in answer.content.decode()
    assert Playbook.objects.get(pk=book.pk).lock_version == 1
