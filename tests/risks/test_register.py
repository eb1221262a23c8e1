"""Every act on the register through both doors; the list, its map, its export; the mails about reviews."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.actions.budget import create_budget_line
from campaigns.actions.readiness import lines_of
from core.jobs import HANDLERS
from core.models import Activity, Job
from risks import actions
from risks.models import Risk
from tests import factories
from tests.risks.conftest import BOTH, add_risk, default, form_of, toasts


def base(world):
    return f"{world.c}/risks/"


@BOTH
def test_create(door, world, owner, api):
    values = {"title": "Stock runs out 断货", "risk_class": "supplier", "probability": 5, "impact": 3}
    if door == "page":
        response = owner.post(base(world) + "new/", form_of(owner, base(world) + "new/") | values)
        assert response.status_code == 302, response.context["form"].errors
    else:
        assert api.post("risks/", {"campaign": world.campaign.code, **values}).status_code == 201
    made = Risk.objects.get()
    assert (made.code, made.state, made.score, made.heat) == ("R-001", "identified", 15, 5)
    assert Activity.objects.get(subject_id=str(made.pk)).verb == "risks.risk_created"


@BOTH
def test_update(door, world, owner, api, risk):
    placement = factories.placement(world.campaign)
    values = {"response": "Answer within the hour", "probability_after": 2, "impact_after": 2}
    values |= {"placement": str(placement.pk), "playbook": str(default("negative_pr").pk)}
    if door == "page":
        url = f"{base(world)}{risk.pk}/edit/"
        response = owner.post(url, form_of(owner, url) | values)
        assert response.status_code == 302, response.context["form"].errors
    else:
        assert api.change(f"risks/{risk.pk}/", values).status_code == 200
    risk = Risk.objects.get()
    assert (risk.response, risk.residual, risk.residual_heat) == ("Answer within the hour", 4, 2)
    assert (risk.placement, risk.playbook, risk.lock_version) == (placement, default("negative_pr"), 2)


@BOTH
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "   "}, "title"),
        ({"probability": 6}, "probability"),
        ({"probability_after": 2}, "impact_after"),
        ({"deputy": "OWNER"}, "deputy"),
        ({"code": "TAKEN"}, "code"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(door, values, field, world, owner, api, risk):
    add_risk(world, "Other", code="TAKEN")
    values = {name: str(world.owner.pk) if value == "OWNER" else value for name, value in values.items()}
    if door == "page":
        url = f"{base(world)}{risk.pk}/edit/"
        response = owner.post(url, form_of(owner, url) | values)
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    else:
        response = api.change(f"risks/{risk.pk}/", values)
        assert response.status_code == 400
        assert field in [error["attr"] for error in response.json()["errors"]]
    assert Risk.objects.get(pk=risk.pk).lock_version == 1


@BOTH
def test_what_belongs_to_another_campaign_is_no_link(door, world, owner, api, risk):
    stranger = factories.placement(factories.campaign(world.workspace, world.owner))
    if door == "page":
        url = f"{base(world)}{risk.pk}/edit/"
        assert owner.post(url, form_of(owner, url) | {"placement": str(stranger.pk)}).status_code == 422
    else:
        assert api.change(f"risks/{risk.pk}/", {"placement": str(stranger.pk)}).status_code == 400


@BOTH
def test_somebody_elses_change_is_not_overwritten(door, world, owner, api, risk):
    url, etag = f"{base(world)}{risk.pk}/edit/", owner.get(f"/api/v1/risks/{risk.pk}/")["ETag"]
    mine = form_of(owner, url) | {"title": "Mine"}
    actions.update_risk(world.actor, risk=Risk.objects.get(), title="Theirs")
    if door == "page":
        response = owner.post(url, mine)
        assert response.status_code == 422 and "Theirs" in response.content.decode()
    else:
        assert api.change(f"risks/{risk.pk}/", {"title": "Mine"}, seen=etag).status_code == 412
    assert Risk.objects.get().title == "Theirs"


def turn(door, world, owner, api, risk, state):
    """(whether it was done, what was said)."""
    if door == "page":
        said = toasts(owner.post(f"{base(world)}{risk.pk}/move/", {"state": state}))
        return Risk.objects.get(pk=risk.pk).state == state, said[-1:]
    response = api.post(f"risks/{risk.pk}/transitions/", {"state": state})
    return response.status_code == 200, [response.json().get("detail")]


@BOTH
def test_the_life_of_a_risk(door, world, owner, api, risk):
    said = {}
    for state in ("monitored", "triggered", "handling"):
        done, said[state] = turn(door, world, owner, api, risk, state)
        assert done == (state != "handling"), said
    assert said["handling"] == ["Say first how the risk is answered."]
    actions.update_risk(world.actor, risk=Risk.objects.get(), response="Answer", lesson="Be early")
    for state in ("handling", "closed", "lesson"):
        assert turn(door, world, owner, api, risk, state)[0]
    done, said = turn(door, world, owner, api, risk, "monitored")
    assert not done and "cannot become" in said[0]


@BOTH
def test_reviewed(door, world, owner, api, risk):
    if door == "page":
        owner.post(f"{base(world)}{risk.pk}/reviewed/", {"review_date": "2026-12-24"})
    else:
        assert api.post(f"risks/{risk.pk}/reviewed/", {"review_date": "2026-12-24"}).status_code == 200
    assert Risk.objects.get().review_date == date(2026, 12, 24)


@BOTH
def test_archive_and_restore(door, world, owner, api, risk):
    for verb, is_gone in (("archive", True), ("restore", False), ("archive", True)):
        if door == "page":
            assert owner.post(f"{base(world)}{risk.pk}/{verb}/").status_code == 302
        else:
            assert api.post(f"risks/{risk.pk}/{verb}/").status_code == 200
        assert (Risk.objects.get().archived_at is not None) == is_gone
    assert not turn(door, world, owner, api, risk, "monitored")[0]


def test_removing_by_rest_archives(world, api, risk):
    assert api.remove(f"risks/{risk.pk}/").status_code == 204
    assert Risk.objects.get().archived_at is not None


def test_owner_and_deputy_care_for_their_risk_others_only_look(world, risk):
    deputy = factories.member(world.workspace, role="approver", name="Dora Deputy")
    other = factories.member(world.workspace, role="approver", name="Otto Other")
    actions.update_risk(world.actor, risk=risk, deputy=deputy)
    url = f"{base(world)}{risk.pk}/"
    world.client(other).post(url + "move/", {"state": "monitored"})
    assert Risk.objects.get().state == "identified"
    world.client(deputy).post(url + "move/", {"state": "monitored"})
    assert Risk.objects.get().state == "monitored"
    assert world.client(deputy).post(url + "edit/", {}).status_code == 403


def test_the_database_keeps_five_by_five(world, risk):
    for values in ({"probability": 6}, {"impact": 0}, {"probability_after": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Risk.objects.filter(pk=risk.pk).update(**values)


def test_the_map_counts_and_filters(world, owner, risk, assert_budget):
    add_risk(world, "Second", probability=4, impact=3)
    add_risk(world, "Third", probability=1, impact=1, probability_after=1, impact_after=1)
    with assert_budget("risks:list"):
        page = owner.get(base(world))
    cells = {(p, i): (count, step) for p, _label, row in page.context["grid"] for i, count, step, _on in row}
    assert (cells[4, 3], cells[1, 1], cells[5, 5], cells[2, 3]) == ((2, 4), (1, 1), (0, 5), (0, 3))
    assert sum(count for count, _step in cells.values()) == 3
    assert len(owner.get(base(world) + "?p=4&i=3").context["page"].object_list) == 2
    assert [row.title for row in owner.get(base(world) + "?map=after&p=1&i=1").context["page"]] == ["Third"]
    assert owner.get(base(world) + "?map=after").context["mapped"] == 1
    assert len(owner.get(base(world) + "?heat=4").context["page"].object_list) == 2
    assert owner.get(base(world) + "?p=x&i=9999999").status_code == 200


def test_list_finds_filters_and_orders(world, owner, risk):
    add_risk(world, "Site down", risk_class="technical", probability=5, impact=5, review_date=None)
    first = lambda query: owner.get(base(world) + query).context["page"][0].title  # noqa: E731
    assert first("") == "Site down"
    assert first("?o=score") == risk.title
    assert first("?q=投诉") == risk.title
    assert first("?class=technical") == "Site down"
    assert first("?review=due") == risk.title
    assert owner.get(base(world) + "?owner=nobody").context["page"].paginator.count == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export(kind, world, owner, risk):
    actions.update_risk(world.actor, risk=risk, response="=1+1")
    response = owner.get(f"{base(world)}?export={kind}")
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    if kind == "csv":
        text = response.content.decode("utf-8-sig")
        assert "R-001" in text and "'=1+1" in text


def test_rest_lists_filters_and_asks_little(world, api, owner, risk, assert_budget):
    for number in range(20):
        add_risk(world, f"Risk {number}", probability=1, impact=1)
    with assert_budget("api:risks-list"):
        found = owner.get(f"/api/v1/risks/?campaign={world.campaign.code}&limit=50").json()["results"]
    assert len(found) == 21
    few = owner.get("/api/v1/risks/?min_score=12").json()["results"]
    assert [one["title"] for one in few] == [risk.title]
    assert few[0]["moves"][0] == {"state": "monitored", "label": "Monitor"}


def test_pages_within_their_budgets(world, owner, risk, assert_budget):
    with assert_budget("risks:detail"):
        assert owner.get(risk.get_absolute_url()).status_code == 200
    with assert_budget("risks:edit"):
        assert owner.get(f"{base(world)}{risk.pk}/edit/").status_code == 200


# --- reviews that are due -----------------------------------------------------------------------------------------


def test_one_mail_a_day_about_what_is_due(world, risk):
    add_risk(world, "Also due", owner=None, deputy=None, review_date=timezone.now().date() - timedelta(1))
    add_risk(world, "Later", review_date=timezone.now().date() + timedelta(9))
    HANDLERS["risks.find_reviews"]()
    HANDLERS["risks.find_reviews"]()
    jobs = Job.objects.filter(name="risks.tell_reviews")
    assert jobs.count() == 1
    HANDLERS["risks.tell_reviews"](**jobs.get().args)
    assert [one.to for one in mail.outbox] == [[world.owner.email]]
    body = mail.outbox[0].body
    assert risk.title in body and "Also due" in body and "Later" not in body


def test_a_risk_that_was_reviewed_meanwhile_sends_no_mail(world, risk):
    HANDLERS["risks.find_reviews"]()
    actions.review_risk(world.actor, risk=risk, review_date=timezone.now().date() + timedelta(30))
    HANDLERS["risks.tell_reviews"](**Job.objects.get(name="risks.tell_reviews").args)
    assert not mail.outbox


def test_my_work_lists_what_is_to_be_reviewed(world, owner, risk):
    assert [one.pk for one in owner.get(f"{world.w}/my-work/").context["reviews"]] == [risk.pk]
    actions.review_risk(world.actor, risk=risk, review_date=timezone.now().date() + timedelta(30))
    assert not owner.get(f"{world.w}/my-work/").context["reviews"]


def test_readiness_asks_for_playbooks_and_answers_to_red(world, risk):
    lines = lambda: {one.code: one for one in lines_of(world.actor, world.campaign, today=date(2026, 11, 1))}  # noqa: E731
    assert (lines()["playbooks_cover"].state, lines()["red_risks_answered"].state) == ("ok", "ok")
    actions.archive_playbook(world.actor, playbook=default("budget_overrun"))
    add_risk(world, "All is lost", probability=5, impact=5)
    found = lines()
    assert (found["playbooks_cover"].state, found["red_risks_answered"].state) == ("block", "warn")
    assert "budget" in found["playbooks_cover"].detail
    actions.create_playbook(world.actor, campaign=world.campaign, name="Ours", risk_class="budget")
    actions.update_risk(world.actor, risk=Risk.objects.get(title="All is lost"), response="Insure it")
    assert (lines()["playbooks_cover"].state, lines()["red_risks_answered"].state) == ("ok", "ok")


def test_a_budget_line_is_a_link_too(world, api, owner, risk):
    line = create_budget_line(world.actor, campaign=world.campaign, name="Search 搜索", planned_amount=Decimal(1000))
    assert api.change(f"risks/{risk.pk}/", {"budget_line": str(line.pk)}).status_code == 200
    assert "Search 搜索" in owner.get(risk.get_absolute_url()).content.decode()
