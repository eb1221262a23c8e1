"""Incidents: started from a phone, steps with clocks, levels, pauses, escalation, closing; every act by both doors."""

import html
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from campaigns.actions import add_delegation
from campaigns.models import Annotation, CampaignMember
from core.jobs import HANDLERS
from core.models import Activity, Job
from placements.models import Placement
from raci.models import Letter, RaciHolder, RaciRow
from risks import actions
from risks.models import Incident, IncidentEntry, IncidentStep, Risk
from tests import factories
from tests.risks.conftest import BOTH, begin, default, toasts


def base(world):
    return f"{world.c}/incidents/"


def steps_of(incident):
    return {one.title: one for one in incident.steps.all()}


# --- start ------------------------------------------------------------------------------------------------------------


@BOTH
def test_start_gives_steps_owners_and_clocks_and_tells_everybody(door, world, owner, api, team, risk):
    book = default("negative_pr")
    if door == "page":
        data = {"playbook": str(book.pk), "level": "orange", "risk": str(risk.pk), "token": "t1"}
        response = owner.post(base(world) + "start/", data)
        assert response.status_code == 302
    else:
        body = {"campaign": world.campaign.code, "playbook": str(book.pk), "level": "orange", "risk": str(risk.pk)}
        assert api.post("incidents/", body).status_code == 201
    incident = Incident.objects.get()
    assert (incident.title, incident.level, incident.state) == (risk.title, "orange", "open")
    assert (incident.owner, incident.started_by) == (world.owner, world.owner)
    steps = steps_of(incident)
    assert steps["Gather the facts"].owner == team["marketing"]
    assert steps["Gather the facts"].due_at == incident.level_at + timedelta(minutes=60)
    assert steps["Log the first figures"].due_at == incident.started_at + timedelta(minutes=60)
    assert (steps["Management speaks"].state, steps["Management speaks"].due_at) == ("waiting", None)
    assert steps["Legal checks statement and evidence"].owner == world.owner  # nobody of that function
    risk.refresh_from_db()
    assert risk.state == "handling"
    annotation = Annotation.objects.get()
    assert (annotation.kind, annotation.text, incident.annotation) == ("incident", risk.title, annotation)
    told = {args["user_id"] for args in Job.objects.filter(name="risks.tell_incident").values_list("args", flat=True)}
    assert told == {str(team[name].pk) for name in ("marketing", "data", "customer_service", "content", "media_agency")}
    HANDLERS["risks.tell_incident"](**Job.objects.filter(args__user_id=str(team["data"].pk)).first().args)
    assert mail.outbox[0].subject == f"Incident: {risk.title}"
    assert "Log the first figures" in mail.outbox[0].body and "Gather the facts" not in mail.outbox[0].body


@BOTH
def test_a_drill_tells_and_counts_but_neither_charts_nor_risk_know_it(door, world, owner, api, team, risk):
    book = default("technical_failure")
    if door == "page":
        owner.post(base(world) + "start/", {"playbook": str(book.pk), "risk": str(risk.pk), "is_drill": "1"})
    else:
        body = {"campaign": world.campaign.code, "playbook": str(book.pk), "risk": str(risk.pk), "is_drill": True}
        assert api.post("incidents/", body).status_code == 201
    incident = Incident.objects.get()
    assert incident.is_drill and incident.annotation is None and not Annotation.objects.exists()
    assert Risk.objects.get().state == "identified"
    HANDLERS["risks.tell_incident"](**Job.objects.filter(name="risks.tell_incident").first().args)
    assert mail.outbox[0].subject.startswith("[Drill] ")


@BOTH
def test_two_taps_of_one_page_start_one_incident(door, world, owner, api):
    book = default("technical_failure")
    for _tap in range(2):
        if door == "page":
            response = owner.post(base(world) + "start/", {"playbook": str(book.pk), "token": "same"})
            assert response.status_code == 302
        else:
            body = {"campaign": world.campaign.code, "playbook": str(book.pk), "token": "same"}
            assert api.post("incidents/", body).status_code == 201
    assert Incident.objects.count() == 1
    assert Activity.objects.filter(verb="risks.incident_started").count() == 1


def test_the_page_hands_out_a_new_token_each_time(world, owner):
    tokens = {owner.get(base(world) + "start/").context["token"] for _time in range(3)}
    assert len(tokens) == 3


@BOTH
@pytest.mark.parametrize(
    ("code", "level"), [("technical_failure", "red"), ("negative_pr", "purple")], ids=["no-ladder", "no-level"]
)
def test_a_level_the_playbook_lacks_is_refused(door, code, level, world, owner, api):
    book = default(code)
    if door == "page":
        response = owner.post(base(world) + "start/", {"playbook": str(book.pk), "level": level})
        assert response.status_code == 422
    else:
        body = {"campaign": world.campaign.code, "playbook": str(book.pk), "level": level}
        assert api.post("incidents/", body).status_code == 400
    assert not Incident.objects.exists()


def test_without_a_level_a_ladder_begins_at_its_mildest(world):
    assert begin(world, "negative_pr").level == "blue"


def test_viewers_start_nothing_approvers_do(world, viewer):
    data = {"playbook": str(default("technical_failure").pk)}
    assert viewer.post(base(world) + "start/", data).status_code == 403
    approver = world.client(factories.member(world.workspace, role="approver", name="Alf Approver"))
    assert approver.post(base(world) + "start/", data).status_code == 302


def test_an_archived_campaign_starts_nothing(world, owner):
    world.campaign.archived_at = timezone.now()
    world.campaign.save()
    response = owner.post(base(world) + "start/", {"playbook": str(default("technical_failure").pk)})
    assert response.status_code == 422 and not Incident.objects.exists()


# --- who does it ------------------------------------------------------------------------------------------------------


def test_whoever_holds_letters_comes_first_and_delegates_stand_in(world, team):
    second = factories.member(world.workspace, name="Aaron First By Name")
    CampaignMember.objects.create(workspace=world.workspace, campaign=world.campaign, user=second, function="tech")
    assert steps_of(begin(world))["Confirm the failure"].owner == second
    row = RaciRow.objects.create(workspace=world.workspace, campaign=world.campaign, kind="decision", title="x")
    of = {"workspace": world.workspace, "campaign": world.campaign}
    holder = RaciHolder.objects.create(**of, kind="person", user=team["tech"])
    Letter.objects.create(**of, row=row, holder=holder, letter="A")
    step = steps_of(begin(world))["Confirm the failure"]
    assert (step.owner, step.deputy) == (team["tech"], second)
    today, stand_in = timezone.now().date(), factories.member(world.workspace, name="Stand In")
    away = CampaignMember.objects.get(user=team["tech"])
    days = {"start_date": today - timedelta(1), "finish_date": today + timedelta(1)}
    add_delegation(world.actor, member=away, delegate=stand_in, **days)
    assert steps_of(begin(world))["Confirm the failure"].owner == stand_in
    marketing = RaciHolder.objects.create(**of, kind="function", function="marketing")
    Letter.objects.create(**of, row=row, holder=marketing, letter="I")
    Job.objects.all().delete()
    begin(world)
    assert Job.objects.filter(args__user_id=str(team["marketing"].pk), args__occasion="started").count() == 1
    nobody = steps_of(begin(world, "budget_overrun"))["Decision by whoever answers for the money"]
    assert nobody.owner == stand_in  # of the one who holds an A


# --- steps ------------------------------------------------------------------------------------------------------------


def turn(door, world, owner, api, step, verb):
    if door == "page":
        return owner.post(f"{base(world)}steps/{step.pk}/{verb}/")
    return api.post(f"incident-steps/{step.pk}/{verb}/")


@BOTH
@pytest.mark.parametrize(("verb", "state"), [("done", "done"), ("skip", "skipped")])
def test_a_step_is_finished_and_taken_back(door, verb, state, world, owner, api, incident):
    step = incident.steps.first()
    turn(door, world, owner, api, step, verb)
    step.refresh_from_db()
    assert (step.state, step.done_by) == (state, world.owner)
    again = turn(door, world, owner, api, step, verb)
    assert again.status_code == 409 if door == "api" else "already" in toasts(again)[-1]
    turn(door, world, owner, api, step, "reopen")
    step.refresh_from_db()
    assert (step.state, step.done_by, step.done_at) == ("open", None, None)
    first, then = [one.words for one in incident.entries.filter(kind="step").order_by("id")]
    assert first == f"{'Done' if verb == 'done' else 'Left out'}: {step.title}" and then == f"Taken back: {step.title}"


@BOTH
def test_hand_over(door, world, owner, api, incident, team):
    step, before = incident.steps.first(), incident.steps.first().owner
    if door == "page":
        owner.post(f"{base(world)}steps/{step.pk}/hand-over/", {"owner": str(team["data"].pk)})
    else:
        done = api.post(f"incident-steps/{step.pk}/hand-over/", {"owner": str(team["data"].pk)})
        assert done.status_code == 200
    step.refresh_from_db()
    assert (step.owner, step.deputy) == (team["data"], before)
    assert Job.objects.filter(name="risks.tell_incident", args__occasion="step").count() == 1


@BOTH
def test_a_closed_incident_takes_nothing_more(door, world, owner, api, incident):
    step = incident.steps.first()
    close(world, incident)
    turn(door, world, owner, api, step, "reopen") if door == "api" else None
    step.refresh_from_db()
    assert step.state == "skipped"


def close(world, incident):
    actions.move_incident(world.actor, incident=incident, state="contained")
    texts = {"recovery": "Back at 12", "cause": "A typo", "lesson": "Roll back first"}
    return actions.move_incident(world.actor, incident=incident, state="closed", **texts)


# --- timeline ---------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("typed", "is_taken"),
    [
        ({"kind": "note", "text": "Called the host"}, True),
        ({"kind": "message", "text": "Holding statement sent"}, True),
        ({"kind": "figure", "figure_name": "Mentions 提及量", "value": "1234.5"}, True),
        ({"kind": "note", "text": "  "}, False),
        ({"kind": "figure", "figure_name": "Mentions"}, False),
        ({"kind": "figure", "value": "3"}, False),
        ({"kind": "level", "text": "red"}, False),
    ],
)
def test_the_timeline_takes_notes_messages_and_figures(door, typed, is_taken, world, owner, api, incident):
    before = incident.entries.count()
    if door == "page":
        response = owner.post(f"{base(world)}{incident.pk}/note/", typed)
        assert response.status_code == (302 if is_taken else 422)
    else:
        response = api.post("incident-entries/", {"incident": str(incident.pk), **typed})
        assert response.status_code == (201 if is_taken else 400)
    assert incident.entries.count() == before + is_taken
    if typed.get("value") == "1234.5":
        page = owner.get(incident.get_absolute_url()).content.decode()
        assert '<span class="k">Mentions 提及量</span>1,234.5' in page


# --- levels -----------------------------------------------------------------------------------------------------------


@BOTH
def test_level_up_opens_steps_and_moves_clocks_level_down_lets_them_wait(door, world, owner, api, team):
    incident = begin(world, "negative_pr", level="blue")
    steps = steps_of(incident)
    assert (steps["Management speaks"].state, steps["Gather the facts"].state) == ("waiting", "open")
    actions.finish_step(world.actor, step=steps["Log the first figures"])

    def go(level):
        if door == "page":
            return owner.post(f"{base(world)}{incident.pk}/level/", {"level": level})
        return api.post(f"incidents/{incident.pk}/level/", {"level": level})

    go("red")
    incident.refresh_from_db()
    steps = steps_of(incident)
    assert steps["Gather the facts"].due_at == incident.level_at + timedelta(minutes=30)
    assert steps["Management speaks"].due_at == incident.level_at + timedelta(minutes=120)
    assert steps["Customer service gets its answers"].due_at == incident.started_at + timedelta(minutes=60)
    again = go("red")
    assert again.status_code == 409 if door == "api" else "already" in toasts(again)[-1]
    go("yellow")
    steps = steps_of(incident)
    assert (steps["Management speaks"].state, steps["Log the first figures"].state) == ("waiting", "done")
    assert [one.words for one in incident.entries.filter(kind="level")] == [
        *("red → yellow", "blue → red"),
    ]


# --- pausing ----------------------------------------------------------------------------------------------------------


@BOTH
def test_pause_and_resume_say_what_came_of_each_placement(door, world, owner, api, team):
    live = factories.placement(world.campaign, name="Film on Weibo", state="live")
    bad = factories.placement(world.campaign, name="Search", state="live", channel=factories.channel(world.workspace))
    factories.placement(world.campaign, name="Planned")
    book = actions.create_playbook(world.actor, name="Stop", pause_channels=["sem"])
    incident = actions.start_incident(world.actor, campaign=world.campaign, playbook=book)

    def go(verb):
        if door == "page":
            owner.post(f"{base(world)}{incident.pk}/{verb}/")
        else:
            assert api.post(f"incidents/{incident.pk}/{verb}/").status_code == 201
        return incident.entries.filter(kind="pause").first().placements

    assert {(one["name"], one["ok"]) for one in go("pause")} == {("Film on Weibo", True), ("Search", True)}
    assert set(Placement.objects.filter(state="paused")) == {live, bad}
    Placement.objects.filter(pk=bad.pk).update(creative_status="rejected")
    results = {one["name"]: one for one in go("resume")}
    assert results["Film on Weibo"]["ok"] and not results["Search"]["ok"]
    assert results["Search"]["sentence"] == "The platform rejected the account or the creative."
    incident.refresh_from_db()
    assert incident.paused == [str(bad.pk)]
    assert Placement.objects.get(pk=live.pk).state == "live"


def test_a_drill_pauses_nothing_and_says_what_it_would(world, owner, team):
    factories.placement(world.campaign, name="Film", state="live")
    incident = begin(world, is_drill=True)
    owner.post(f"{base(world)}{incident.pk}/pause/")
    assert Placement.objects.get().state == "live"
    assert [one["name"] for one in incident.entries.get(kind="pause").placements] == ["Film"]


def test_whoever_may_not_plan_is_told_so_placement_by_placement(world, team):
    factories.placement(world.campaign, name="Film", state="live")
    incident = begin(world)
    approver = world.client(factories.member(world.workspace, role="approver", name="Alf Approver"))
    approver.post(f"{base(world)}{incident.pk}/pause/")
    assert incident.entries.get(kind="pause").placements[0]["sentence"] == "You may not do this."
    assert Placement.objects.get().state == "live"


# --- escalation -------------------------------------------------------------------------------------------------------


def test_an_overdue_step_escalates_once(world, team, incident):
    late = steps_of(incident)["Confirm the failure"]
    IncidentStep.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    Job.objects.all().delete()
    HANDLERS["risks.escalate_steps"]()
    HANDLERS["risks.escalate_steps"]()
    told = Job.objects.filter(name="risks.tell_incident", args__occasion="escalated")
    assert {job.args["user_id"] for job in told} == {str(team["tech"].pk), str(world.owner.pk)}
    assert told.count() == 2
    assert incident.entries.filter(kind="escalation").count() == 1
    assert Activity.objects.filter(verb="risks.step_escalated").count() == 1
    HANDLERS["risks.tell_incident"](**told.first().args)
    assert mail.outbox[-1].subject == "Overdue: Confirm the failure"


LINES = {
    "en": [
        *("Started: Technical failure", "Overdue, 1 person told: {late}", "Overdue, 2 people told: {late}"),
        *("Done: {late}", "Taken back: {late}", "Left out: {late}", "{person} does: {other}", "Pause", "contained"),
    ],
    "zh-hans": [
        *("已启动：Technical failure", "已逾期，已通知 1 人：{late}", "已逾期，已通知 2 人：{late}"),
        *("已完成：{late}", "已撤回：{late}", "已略过：{late}", "由 {person} 执行：{other}", "暂停", "已控制"),
    ],
}
REFUSED = {"en": "The platform rejected the account or the creative.", "zh-hans": "平台拒绝了账户或创意。"}


def lived_through(world, incident, person):
    """(the step that was late, another one) of an incident in which everything happened that it notes by itself."""
    late, other = incident.steps.all()[:2]
    for told in (late.owner, None):  # whoever leads the incident is told; the second time the deputy too
        IncidentStep.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=1), escalated_at=None)
        IncidentStep.objects.filter(pk=late.pk).update(owner=None if told else person, deputy=None)
        HANDLERS["risks.escalate_steps"]()
    for act in (actions.finish_step, actions.reopen_step, actions.skip_step):
        act(world.actor, step=IncidentStep.objects.get(pk=late.pk))
    actions.hand_over_step(world.actor, step=other, owner=person)
    factories.placement(world.campaign, name="Film", state="live")
    actions.pause_placements(world.actor, incident=incident)
    actions.move_incident(world.actor, incident=incident, state="contained")
    return late, other


@BOTH
@pytest.mark.parametrize("language", LINES)
def test_the_timeline_speaks_the_readers_language(door, language, world, owner, api, incident, team):
    late, other = lived_through(world, incident, team["tech"])
    names = {"late": late.title, "other": other.title, "person": team["tech"]}
    lines = [one.format(**names) for one in LINES[language]]
    if door == "page":
        page = owner.get(incident.get_absolute_url(), headers={"Accept-Language": language}).content.decode()
        log = html.unescape(page.partition('id="log"')[2].partition("</ol>")[0])
        places = [log.find(f"<br>{line}") for line in lines]
        assert -1 not in places and places == sorted(places, reverse=True)
    else:
        address = f"/api/v1/incident-entries/?incident={incident.pk}"
        rows = owner.get(address, headers={"Accept-Language": language}).json()["results"]
        assert sorted(row["text"] for row in rows) == sorted(lines)
    assert not incident.entries.exclude(text="").exists()


@BOTH
@pytest.mark.parametrize("language", REFUSED)
def test_a_refused_placement_says_why_in_the_readers_language(door, language, world, owner, team):
    film = factories.placement(world.campaign, name="Film", state="live")
    incident = begin(world)
    actions.pause_placements(world.actor, incident=incident)
    Placement.objects.filter(pk=film.pk).update(creative_status="rejected")
    actions.resume_placements(world.actor, incident=Incident.objects.get())
    headers = {"Accept-Language": language}
    if door == "page":
        page = owner.get(incident.get_absolute_url(), headers=headers).content.decode()
        assert f"Film · {REFUSED[language]}" in page
    else:
        rows = owner.get(f"/api/v1/incident-entries/?incident={incident.pk}&kind=pause", headers=headers).json()
        assert REFUSED[language] in {one["sentence"] for row in rows["results"] for one in row["placements"]}


def test_what_is_done_or_closed_does_not_escalate(world, incident):
    steps = steps_of(incident)
    past = timezone.now() - timedelta(minutes=1)
    incident.steps.update(due_at=past)
    actions.finish_step(world.actor, step=IncidentStep.objects.get(pk=steps["Confirm the failure"].pk))
    close(world, Incident.objects.get())
    HANDLERS["risks.escalate_steps"]()
    assert not incident.entries.filter(kind="escalation").exists()


# --- the end ----------------------------------------------------------------------------------------------------------


@BOTH
def test_contained_then_closed_with_a_lesson(door, world, owner, api, team, risk):
    incident = begin(world, risk=risk)
    texts = {"recovery": "Page back", "cause": "A deploy", "lesson": "Roll back first", "went_well": "Paused at once"}

    def go(state, **typed):
        if door == "page":
            return owner.post(f"{base(world)}{incident.pk}/move/", {"state": state, **typed}).status_code == 302
        return api.post(f"incidents/{incident.pk}/transitions/", {"state": state, **typed}).status_code == 200

    assert not go("closed", **texts)
    assert go("contained") and not go("closed")
    assert go("closed", **texts)
    incident.refresh_from_db()
    assert (incident.state, incident.lesson, incident.went_well) == ("closed", "Roll back first", "Paused at once")
    assert not incident.steps.filter(state__in=("open", "waiting")).exists()
    risk.refresh_from_db()
    assert (risk.state, risk.lesson) == ("lesson", "Roll back first")
    assert go("open")
    incident.refresh_from_db()
    assert (incident.state, incident.closed_at) == ("open", None)


@BOTH
def test_post_mortem_is_written_while_it_runs(door, world, owner, api, incident):
    texts = {"what_happened": "The page was down", "cause": "A deploy"}
    if door == "page":
        seen = {"lock_version": incident.lock_version}
        assert owner.post(f"{base(world)}{incident.pk}/post-mortem/", texts | seen).status_code == 302
        stale = owner.post(f"{base(world)}{incident.pk}/post-mortem/", {"cause": "Other"} | seen)
        assert stale.status_code == 422
    else:
        assert api.post(f"incidents/{incident.pk}/post-mortem/", texts).status_code == 200
    incident.refresh_from_db()
    assert (incident.what_happened, incident.cause) == ("The page was down", "A deploy")


def test_only_who_plans_or_leads_closes(world, incident):
    actions.move_incident(world.actor, incident=incident, state="contained")
    texts = {"state": "closed", "recovery": "a", "cause": "b", "lesson": "c"}
    approver = factories.member(world.workspace, role="approver", name="Alf Approver")
    client, url = world.client(approver), f"{base(world)}{incident.pk}/move/"
    assert client.post(url, texts).status_code == 422
    Incident.objects.filter(pk=incident.pk).update(owner=approver)
    assert client.post(url, texts).status_code == 302


def test_the_annotation_ends_with_the_incident(world, incident):
    close(world, incident)
    annotation = Annotation.objects.get()
    assert annotation.finish_date >= annotation.start_date


# --- pages ------------------------------------------------------------------------------------------------------------


def test_pages_within_their_budgets(world, owner, incident, assert_budget):
    begin(world, "negative_pr", level="red")
    with assert_budget("risks:incident"):
        page = owner.get(incident.get_absolute_url())
    assert page.status_code == 200 and page.context["steps"][0].state == "open"
    with assert_budget("risks:campaign-incidents"):
        assert owner.get(base(world)).status_code == 200
    with assert_budget("risks:incidents"):
        assert owner.get(f"{world.w}/incidents/").status_code == 200
    with assert_budget("risks:start"):
        assert owner.get(base(world) + "start/").status_code == 200
    with assert_budget("risks:banner"):
        assert incident.title in owner.get(base(world) + "banner/").content.decode()
    for noun in ("incidents", "incident-steps", "incident-entries"):
        with assert_budget(f"api:{noun}-list"):
            assert owner.get(f"/api/v1/{noun}/?campaign={world.campaign.code}").json()["results"]


def test_lists_filter(world, owner, incident):
    begin(world, is_drill=True, title="Only a drill")
    titles = lambda query: [row.title for row in owner.get(base(world) + query).context["page"]]  # noqa: E731
    assert titles("?kind=drill") == ["Only a drill"]
    assert titles("?kind=real") == [incident.title]
    assert titles("?state=closed") == []
    assert titles("?q=only") == ["Only a drill"]


def test_what_others_have_is_not_there(stranger, other, incident):
    step = incident.steps.first()
    for path in (f"incidents/{incident.pk}/", f"incidents/steps/{step.pk}/done/", f"incidents/{incident.pk}/pause/"):
        url = f"/w/{other.workspace.slug}/c/{other.campaign.code}/{path}"
        assert stranger.post(url).status_code in (403, 404)
    assert not IncidentEntry.objects.filter(kind="pause").exists()


def test_the_banner_and_my_work_know_what_runs(world, owner, team, incident):
    assert incident.title in owner.get(f"{world.w}/incidents/banner/").content.decode()
    tech = world.client(team["tech"])
    page = tech.get(f"{world.w}/my-work/")
    assert [step.title for step in page.context["incident_steps"]][:2] == [
        *("Confirm the failure", "Switch to the fallback page"),
    ]
    step = page.context["incident_steps"][0]
    back = tech.post(f"{base(world)}steps/{step.pk}/done/", {"from": "my-work"})
    assert back["Location"] == f"{world.w}/my-work/"
    close(world, Incident.objects.get())
    assert incident.title not in owner.get(base(world) + "banner/").content.decode()
    assert not tech.get(f"{world.w}/my-work/").context["incident_steps"]


def test_the_cockpit_offers_the_start_and_loads_the_banner(world, owner, viewer):
    page = owner.get(f"{world.c}/").content.decode()
    assert base(world) + "start/" in page and base(world) + "banner/" in page
    assert f'href="{base(world)}start/"' not in viewer.get(f"{world.c}/").content.decode()
