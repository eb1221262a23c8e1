"""Reviewers and makers are written to, reminded once each, and never told what only a private level may read."""

from datetime import date, timedelta

import pytest
from django.core import mail

from assets import actions, jobs
from assets.actions import telling
from assets.actions.stages import today_of
from assets.models import Asset, ReviewStep, RouteLevel, StepReviewer
from assets.rules.reminders import due_reminder
from core.models import Activity
from tests import factories

DUE = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("today", "reminded", "said"),
    [
        (date(2026, 11, 26), "", ""),
        (date(2026, 11, 27), "", "tomorrow"),  # Friday before a Monday
        (date(2026, 11, 29), "tomorrow", ""),
        (DUE, "tomorrow", "today"),
        (DUE, "today", ""),
        (date(2026, 12, 1), "", "overdue"),
        (date(2026, 12, 9), "overdue", ""),
    ],
)
def test_each_reminder_comes_once(today, reminded, said):
    assert due_reminder(DUE, date(2026, 11, 27), today, reminded) == said


@pytest.fixture
def review(world):
    mia, lea = (factories.member(world.workspace, name=name) for name in ("Mia", "Lea"))
    route = factories.review_route(world.campaign)
    RouteLevel.objects.update(is_private=True)
    route.levels.get().users.set([lea])
    asset = factories.asset(world.campaign, "Headline", stage="editing", maker=mia, route=route)
    factories.asset_version(asset, uploader=mia)
    return actions.submit_for_review(factories.actor_of(mia, world.workspace), asset=asset)


@pytest.mark.parametrize(("language", "words"), [("en", "Please review: Headline"), ("zh-hans", "请审核：Headline")])
def test_the_reviewer_is_asked_in_their_language(review, language, words):
    row = StepReviewer.objects.select_related("user").get()
    type(row.user).objects.filter(pk=row.user_id).update(language=language)
    jobs.tell_reviewer(step_id=row.step_id, user_id=row.user_id, occasion="asked")
    (sent,) = mail.outbox
    assert sent.subject == words and f"/reviews/{row.step_id}/" in sent.body


def test_reminders_stop_with_the_verdict(review, world):
    row = StepReviewer.objects.get()
    StepReviewer.objects.update(due_date=today_of(world.campaign) - timedelta(1))
    assert [telling.remind(row), telling.remind(row)] == ["overdue", ""]
    step, lea = ReviewStep.objects.get(), factories.actor_of(row.user, world.workspace)
    actions.give_verdict(lea, step=step, decision="reject", sha256=review.sha256, words="secret word")
    jobs.tell_reviewer(step_id=step.pk, user_id=row.user_id, occasion="overdue")
    assert not mail.outbox
    StepReviewer.objects.update(reminded="")
    assert telling.remind(row) == ""


def test_makers_learn_the_end_but_not_the_words(review, world):
    step, row = ReviewStep.objects.get(), StepReviewer.objects.select_related("user").get()
    lea = factories.actor_of(row.user, world.workspace)
    actions.give_verdict(lea, step=step, decision="reject", sha256=review.sha256, words="secret word")
    jobs.tell_makers(review_id=review.pk)
    assert {sent.subject for sent in mail.outbox} == {"Rejected: Headline"}
    assert not any("secret word" in sent.body for sent in mail.outbox)
    assert Asset.objects.get().stage == "creation"
    assert not any("secret word" in str(line.changes) for line in Activity.objects.all())
