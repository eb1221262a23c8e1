"""People named in comments: kept by their id, told by mail, the same through both doors."""

from uuid import UUID, uuid4

import pytest
from django.core import mail

from campaigns import actions
from campaigns.models import Comment
from campaigns.rules import mentions
from core.jobs import HANDLERS
from core.models import Job
from tests import factories

# the same ids in every process: they stand in the names of tests, which the workers of one run compare
ANA, LI, LI_NA, TWIN, OTHER, NOBODY = (str(UUID(int=number, version=4)) for number in range(1, 7))
PEOPLE = [(ANA, "Ana Owner"), (LI, "Li"), (LI_NA, "Li Na"), (TWIN, "Jo"), (OTHER, "Jo"), (NOBODY, "")]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Ask @Ana Owner, please", f"Ask @[Ana Owner]({ANA}), please"),
        ("@Li Na and @Li", f"@[Li Na]({LI_NA}) and @[Li]({LI})"),
        ("@Lisa is somebody else", "@Lisa is somebody else"),
        ("@Jo is two people", "@Jo is two people"),
        (f"@[whoever]({LI}) by id", f"@[Li]({LI}) by id"),
        (f"@[Mallory]({UUID(int=7, version=4)}) is not here", "@Mallory is not here"),
        ("a@b.example and no one", "a@b.example and no one"),
        ("@李明确认", "@李明确认"),
        ("", ""),
    ],
)
def test_names_are_kept_as_references(text, stored):
    assert mentions.linked(text, PEOPLE) == stored
    assert mentions.linked(stored, PEOPLE) == stored


def test_a_chinese_name_needs_no_space_behind_it():
    key = str(uuid4())
    assert mentions.linked("请@李明确认", [(key, "李明")]) == f"请@[李明]({key})确认"


def test_what_is_edited_is_stored_the_same_again():
    stored = f"@[Li]({LI}) and @[Jo]({TWIN})"
    typed = mentions.typed(stored, PEOPLE)
    assert typed == f"@Li and @[Jo]({TWIN})"
    assert mentions.linked(typed, PEOPLE) == stored
    assert mentions.spoken(stored) == "@Li and @Jo"
    assert [str(key) for key in mentions.mentioned(stored + stored)] == [LI, TWIN]


@pytest.fixture
def colleague(world):
    return factories.member(world.workspace, name="Li Na", email="lina@example.com")


def say(hands, subject, text):
    code = hands.world.campaign.code
    kind = subject._meta.label_lower
    body = {"campaign": code, "subject_type": kind, "subject_id": str(subject.pk), "text": text}
    return hands.act(page=f"c/{code}/comments/{kind}/{subject.pk}/", typed={"text": text}, api="comments/", body=body)


def run_jobs(name="campaigns.tell_mentioned"):
    """Run what was enqueued; how many there were."""
    jobs = list(Job.objects.filter(name=name))
    for job in jobs:
        HANDLERS[name](**job.args)
    Job.objects.filter(name=name).delete()
    return len(jobs)


def test_the_mentioned_get_a_mail_once(hands, plan, colleague):
    assert say(hands, plan.kpi, "@Li Na and @Ana Owner: look\nat this")
    comment = Comment.objects.get()
    assert comment.text.startswith(f"@[Li Na]({colleague.pk}) and @[Ana Owner]({hands.world.owner.pk})")
    assert run_jobs() == 1  # oneself is not told
    sent = mail.outbox.pop()
    assert sent.to == ["lina@example.com"] and "@Li Na and @Ana Owner: look\nat this" in sent.body
    assert f"/comments/campaigns.kpi/{plan.kpi.pk}/#comment-{comment.pk}" in sent.body
    one = {"page": f"c/{plan.campaign.code}/comments/{comment.pk}/", "api": f"comments/{comment.pk}/"}
    typed = {"text": "@Li Na again", "lock_version": 1}
    assert hands.act(**one, typed=typed, body={"text": typed["text"]}, method="patch")
    assert run_jobs() == 0


def test_a_comment_taken_back_is_not_told(world, plan, colleague):
    comment = actions.add_comment(world.actor, campaign=plan.campaign, subject=plan.kpi, text="@Li Na hello")
    actions.remove_comment(world.actor, comment=comment)
    assert run_jobs() == 1 and not mail.outbox


def test_rest_names_the_mentioned(world, owner, plan, colleague):
    actions.add_comment(world.actor, campaign=plan.campaign, subject=plan.kpi, text="@Li Na hello")
    found = owner.get("/api/v1/comments/").json()["results"][0]
    assert found["mentions"] == [str(colleague.pk)] and found["text"] == f"@[Li Na]({colleague.pk}) hello"


def test_people_to_name_are_offered_those_of_the_campaign_first(world, owner, viewer, stranger, plan, colleague):
    factories.member(world.workspace, name="Li An")
    actions.add_member(world.actor, campaign=plan.campaign, user=colleague, function="content")
    url = f"{world.c}/people.json"
    assert [one["name"] for one in owner.get(f"{url}?q=li").json()["people"]] == ["Li Na", "Li An"]
    assert viewer.get(url).status_code == 200 and stranger.get(url).status_code == 404


def test_home_tells_what_was_said_to_me(world, plan, colleague):
    text = "Please check @Li Na <now>"
    actions.add_comment(world.actor, campaign=plan.campaign, subject=plan.kpi, text=text)
    words = world.client(colleague).get(f"{world.w}/").content.decode()
    assert "Please check @Li Na &lt;now&gt;" in words


def test_the_edit_form_shows_names(world, owner, plan, colleague):
    comment = actions.add_comment(world.actor, campaign=plan.campaign, subject=plan.kpi, text="@Li Na hello")
    page = owner.get(f"{world.c}/comments/{comment.pk}/").content.decode()
    assert "@Li Na hello</textarea>" in page
