"""Questions and answers: among ourselves, and between the client and a partner, through both doors of both sides."""

import pytest
from django.core import mail

from campaigns import actions
from campaigns.models import Question
from core.errors import Denied
from core.jobs import HANDLERS
from core.models import Job
from tests import factories
from tests.partner_world import BOTH, words_of
from tests.placements.conftest import Api


def ask_client(agency, door, text="Which logo?", seat=None, **more):
    """A seat asks."""
    if door == "page":
        data = {"campaign": str(agency.world.campaign.pk), "text": text, **more}
        return agency.client(seat).post(f"{agency.p}/questions/ask/", data)
    body = {"campaign": agency.world.campaign.code, "text": text, **more}
    return agency.api(seat).post("partner/questions/", body)


def ask_partner(world, door, organization=None, text="When is the cut ready?", **more):
    """The client asks a partner, or its own people."""
    if organization is not None:
        more["organization"] = str(organization.pk)
    if door == "page":
        return world.client().post(f"{world.c}/questions/ask/", {"text": text, **more})
    body = {"campaign": world.campaign.code, "text": text, **more}
    return Api(world.client()).post("questions/", body)


def by_client(world, door, act, question, data=None):
    if door == "page":
        return world.client().post(f"{world.c}/questions/{question.pk}/{act}/", data or {})
    return Api(world.client()).post(f"questions/{question.pk}/{act}/", data or {})


def by_seat(agency, door, act, question, data=None, seat=None):
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/questions/{question.pk}/{act}/", data or {})
    return agency.api(seat).post(f"partner/questions/{question.pk}/{act}/", data or {})


def sent(run):
    """What was mailed once the jobs of an act are done."""
    run()
    return [(each.to, each.subject, each.body) for each in mail.outbox]


@pytest.fixture
def jobs(world):
    """Runs the jobs that were asked for."""

    def run():
        mail.outbox.clear()
        for job in Job.objects.filter(name="campaigns.tell_question", state="queued"):
            HANDLERS[job.name](**job.args)
            Job.objects.filter(pk=job.pk).delete()

    return run


@BOTH
def test_a_seat_asks_the_client_answers_the_seat_closes(door, agency, jobs):
    world = agency.world
    assert ask_client(agency, door).status_code in (201, 302)
    question = Question.objects.get()
    assert (question.organization, question.asked_by) == (agency.organization, agency.seat.user)
    [(to, subject, _body)] = sent(jobs)
    assert to == [world.owner.email] and "Mei (Northlight)" in subject
    assert "Which logo?" in words_of(world.client().get(f"{world.w}/")), "on the client's home"
    assert by_client(world, door, "answer", question, {"answer": "The blue one"}).status_code in (200, 302)
    [(to, _subject, body)] = sent(jobs)
    assert to == [agency.seat.email] and "The blue one" in body and "/partner/questions/" in body
    assert "The blue one" in words_of(agency.client().get(f"{agency.p}/questions/"))
    assert by_seat(agency, door, "close", question).status_code in (200, 302)
    assert Question.objects.get().state == "closed"
    assert by_seat(agency, door, "reopen", question).status_code in (200, 302)
    assert Question.objects.get().state == "open"


@BOTH
def test_the_client_asks_a_partner_answers(door, agency, rival, jobs):
    world = agency.world
    assert ask_partner(world, door, agency.organization).status_code in (201, 302)
    question = Question.objects.get()
    people = {to[0] for to, _subject, _body in sent(jobs)}
    assert people == {agency.seat.email, agency.lead.email}, "neither readers nor rivals"
    assert "When is the cut ready?" in words_of(agency.client().get(f"{agency.p}/"))
    assert by_seat(rival, door, "answer", question, {"answer": "Never"}).status_code == 404
    assert by_seat(agency, door, "answer", question, {"answer": "Friday"}, agency.reader).status_code in (403, 404)
    assert by_seat(agency, door, "answer", question, {"answer": "Friday"}).status_code in (200, 302)
    row = Question.objects.get()
    assert (row.state, row.answer, row.answered_by) == ("answered", "Friday", agency.seat.user)
    assert by_seat(agency, door, "close", question).status_code in (302, 403), "the client asked: it closes"
    assert Question.objects.get().state == "answered"
    assert by_client(world, door, "close", question).status_code in (200, 302)
    assert Question.objects.get().state == "closed"


@BOTH
def test_a_partner_does_not_answer_what_it_asked(door, agency):
    ask_client(agency, door)
    question = Question.objects.get()
    by_seat(agency, door, "answer", question, {"answer": "I know it"})
    assert Question.objects.get().state == "open"


@BOTH
def test_what_is_asked_among_ourselves_stays_there(door, agency, jobs):
    world = agency.world
    assert ask_partner(world, door, None, "Do we trust Northlight?").status_code in (201, 302)
    assert sent(jobs) == [], "the owner asked; nobody else is to be told"
    for url in (f"{agency.p}/questions/", f"{agency.p}/", "/api/v1/partner/questions/"):
        assert "trust" not in words_of(agency.client().get(url))


@BOTH
@pytest.mark.parametrize("wrong", [{"text": " "}, {"text": "x" * 5001}])
def test_bad_input_gets_a_sentence(door, wrong, agency):
    answer = ask_client(agency, door, **wrong)
    assert answer.status_code == {"page": 422, "api": 400}[door] and not Question.objects.exists()
    answer = ask_partner(agency.world, door, agency.organization, **wrong)
    assert answer.status_code == {"page": 422, "api": 400}[door] and not Question.objects.exists()


@BOTH
def test_a_partner_asks_about_its_own_things_and_shared_sections(door, agency, rival):
    mine, theirs = agency.task("Mine"), rival.task("Theirs")
    agency.share("core_message")

    def about(task):
        if door == "page":
            return {"about": f"tasks.task:{task.pk}"}
        return {"subject_type": "tasks.task", "subject_id": str(task.pk)}

    assert ask_client(agency, door, **about(mine)).status_code in (201, 302)
    assert Question.objects.get().subject_label == "Mine"
    ask_client(agency, door, "And that?", **about(theirs))
    assert not Question.objects.filter(subject_label="Theirs").exists()
    assert ask_client(agency, door, "Why?", section="core_message").status_code in (201, 302)
    assert ask_client(agency, door, "How much?", section="budget_frame").status_code in (400, 422)
    assert not Question.objects.filter(section="budget_frame").exists()


@BOTH
def test_the_client_asks_partners_about_their_own_things(door, agency, rival):
    task = rival.task("Theirs")
    body = {"subject_type": "tasks.task", "subject_id": str(task.pk)} if door == "api" else {}
    answer = ask_partner(agency.world, door, agency.organization, **body)
    assert (answer.status_code == 400) == (door == "api")


def test_a_closed_question_is_opened_before_it_is_answered(world):
    question = actions.ask_question(world.actor, campaign=world.campaign, text="Why blue?")
    actions.close_question(world.actor, question=question)
    answer = Api(world.client()).post(f"questions/{question.pk}/answer/", {"answer": "Because"})
    assert answer.status_code == 409 and answer.json()["code"] == "wrong_state"
    assert by_client(world, "page", "answer", question, {"answer": "Because"}).status_code == 422


def test_viewers_neither_ask_nor_answer(world, viewer):
    assert viewer.get(f"{world.c}/questions/").status_code == 200
    assert viewer.post(f"{world.c}/questions/ask/", {"text": "Why?"}).status_code == 403
    user = factories.member(world.workspace, role="viewer")
    with pytest.raises(Denied):
        actions.ask_question(factories.actor_of(user, world.workspace), campaign=world.campaign, text="Why?")


def test_lists_are_filtered_and_cheap(agency, rival, owner, assert_budget):
    world = agency.world
    for number in range(4):
        actions.ask_question(agency.actor(), campaign=world.campaign, text=f"Northlight asks {number}")
    actions.ask_question(rival.actor(), campaign=world.campaign, text="Kitewind asks")
    actions.ask_question(world.actor, campaign=world.campaign, text="We ask ourselves")
    with assert_budget("campaigns:questions"):
        page = words_of(owner.get(f"{world.c}/questions/"))
    assert all(words in page for words in ("Northlight asks 0", "Kitewind asks", "We ask ourselves"))
    page = words_of(owner.get(f"{world.c}/questions/?with={rival.organization.pk}"))
    assert "Kitewind asks" in page and "Northlight asks" not in page
    page = words_of(owner.get(f"{world.c}/questions/?with=ours&state=open&q=ourselves"))
    assert "We ask ourselves" in page and "Kitewind asks" not in page
    with assert_budget("api:questions-list"):
        assert len(owner.get("/api/v1/questions/?q=asks").json()["results"]) == 5
    with assert_budget("campaigns:partner-questions"):
        page = words_of(agency.client().get(f"{agency.p}/questions/"))
    assert "Northlight asks 3" in page and "Kitewind" not in page and "ourselves" not in page
    with assert_budget("campaigns:question"):
        owner.get(f"{world.c}/questions/{Question.objects.first().pk}/")


def test_the_brief_shows_shared_sections_of_the_version_in_force(agency, rival, assert_budget):
    agency.share("core_message", "Own quiet.", "Spend 9 million")
    client = agency.client()
    with assert_budget("campaigns:partner-briefs"):
        page = words_of(client.get(f"{agency.p}/brief/"))
    rest = client.get("/api/v1/partner/briefs/").json()["results"]
    assert "Own quiet." in page and "9 million" not in page
    assert [(row["section"], row["text"]) for row in rest] == [("core_message", "Own quiet.")]
    assert "Own quiet." not in words_of(rival.client().get(f"{agency.p}/brief/"))
    agency.organization.grants.update(areas={"tasks": "read"})
    assert agency.client().get(f"{agency.p}/brief/").status_code == 404
