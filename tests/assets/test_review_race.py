"""Eight reviewers at once: what was accepted and what became of the asset never contradict each other.

The control takes the guard away (the lock and the fresh look at the state): then the same test finds contradictions.
"""

import random
import threading
import time

import pytest
from django.db import DatabaseError, connections
from django_scopes import scope

from assets.actions import reviews
from assets.models import Asset, Review, ReviewStep, RouteLevel, Verdict
from assets.rules import review as rules
from core.errors import PharosError
from tests import conftest, factories

PEOPLE = 8
PATIENCE = 120  # seconds in which a database that is busy is asked again
STAGES = {None: "review", rules.Outcome.PASSED: "approved", rules.Outcome.RETURNED: "editing"}
STAGES |= {rules.Outcome.REJECTED: "creation", rules.Outcome.EDITS: "editing"}
SAY = ("approve", "changes_required", "approve", "reject", "approve", "approve_with_edits", "approve", "approve")


class Crowd:
    """A campaign in which eight people are asked at each level."""

    def __init__(self):
        self.world = conftest.build()
        self.people = [factories.member(self.world.workspace, name=f"Person {n}") for n in range(PEOPLE)]
        self.maker = factories.member(self.world.workspace, name="Maker")

    def submitted(self, count, quorum, quorum_count=None):
        """The open steps of `count` reviews of one level."""
        world = self.world
        route = factories.review_route(world.campaign, f"{quorum} {count}")
        level = route.levels.get()
        RouteLevel.objects.filter(pk=level.pk).update(quorum=quorum, quorum_count=quorum_count)
        level.users.set(self.people)
        maker = factories.actor_of(self.maker, world.workspace)
        for number in range(count):
            asset = factories.asset(world.campaign, f"{quorum} {number}", stage="editing", maker=self.maker)
            factories.asset_version(asset, text=f"{quorum} {number}", uploader=self.maker)
            reviews.submit_for_review(maker, asset=asset, route=route)
        return list(ReviewStep.objects.filter(review__route=route).select_related("review").order_by("pk"))

    def decide(self, steps, say):
        """All eight decide on every step, each in an order of their own; `say(step's place, person's place)` is what.

        Returns {(step, person): decision} of what was accepted, as the people themselves were told.
        """
        accepted, faults, start = {}, [], threading.Barrier(PEOPLE)

        def work(place, user):
            actor = factories.actor_of(user, self.world.workspace)
            order = [*range(place, len(steps)), *range(place)]
            start.wait()
            for at in order:
                with scope(workspace=self.world.workspace.pk):
                    verdict = self.try_to(actor, steps[at], say(at, place), faults)
                if verdict is not None:
                    accepted[steps[at].pk, user.pk] = verdict.decision
            connections.close_all()

        threads = [threading.Thread(target=work, args=each) for each in enumerate(self.people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        return accepted

    @staticmethod
    def try_to(actor, step, decision, faults):
        more = {"edits": "Comma"} if decision == "approve_with_edits" else {"words": "Because"}
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                return reviews.give_verdict(actor, step=step, decision=decision, sha256=step.review.sha256, **more)
            except PharosError:
                return None
            except DatabaseError as busy:
                last = busy
                time.sleep(random.uniform(0.001, 0.02))
        faults.append(last)
        return None


def contradictions(steps, accepted):
    """Where the tables contradict each other, or what the people were told."""
    found, told = [], {}
    for (step, user), decision in accepted.items():
        told.setdefault(step, {})[user] = decision
    for step in ReviewStep.objects.filter(pk__in=[one.pk for one in steps]).select_related("review__asset", "review"):
        rows = list(Verdict.objects.filter(step=step).order_by("at", "pk"))
        said = {row.reviewer_id: row.decision for row in rows}
        if said != told.get(step.pk, {}) or len(rows) != len(said):
            found.append((step.pk, "other verdicts than those accepted"))
        asked = list(step.reviewers.values_list("user_id", flat=True))
        ended = rules.outcome(step.quorum, step.quorum_count, asked, said)
        if step.review.asset.stage != STAGES[ended]:
            found.append((step.pk, "the state is not what was said", step.review.asset.stage, ended))
        if ended is not None and over_before_the_last(step, asked, rows):
            found.append((step.pk, "a verdict was accepted after the end"))
        if {row.sha256 for row in rows} - {step.review.sha256}:
            found.append((step.pk, "other bytes"))
    return found


def over_before_the_last(step, asked, rows):
    said = {row.reviewer_id: row.decision for row in rows[:-1]}
    return rules.outcome(step.quorum, step.quorum_count, asked, said) is not None


def say(at, place):
    """Contradicting voices; every third asset is liked by all."""
    return "approve" if at % 3 == 0 else SAY[(at + place) % len(SAY)]


@pytest.fixture
def crowd(on_file):
    made = Crowd()
    with scope(workspace=made.world.workspace.pk):
        yield made


QUORUMS = [("any", None), ("all", None), ("count", 3)]
RACES = [(*quorum, 10) for quorum in QUORUMS]
LONG_RACES = [*((*quorum, 200) for quorum in QUORUMS), ("all", None, 1250)]  # the last: ten thousand voices


@pytest.mark.parametrize(
    ("quorum", "quorum_count", "count"), [*RACES, *(pytest.param(*race, marks=pytest.mark.load) for race in LONG_RACES)]
)
def test_eight_reviewers_at_once(crowd, quorum, quorum_count, count):
    steps = crowd.submitted(count, quorum, quorum_count)
    accepted = crowd.decide(steps, say)
    assert not contradictions(steps, accepted)
    assert not Review.objects.filter(state="running").exists()
    if quorum == "any":
        assert len(accepted) == count
    approved = Asset.objects.filter(stage="approved")
    assert approved.count() >= count // 3
    for review in Review.objects.filter(state="passed").select_related("version"):
        assert review.sha256 == review.version.sha256


def test_without_its_guard_the_race_is_lost_and_this_test_sees_it(crowd, monkeypatch):
    """The control: no lock, no fresh look at the state, and writes that do not compare."""

    def unguarded(step):
        step.campaign, step.workspace = crowd.world.campaign, crowd.world.workspace
        return step, Review.objects.select_related("asset").get(pk=step.review_id)

    def written(row, *, seen=None, **changes):
        type(row)._base_manager.filter(pk=row.pk).update(**changes)
        return changes

    monkeypatch.setattr(reviews, "_held", unguarded)
    monkeypatch.setattr(reviews, "swap", written)
    steps = crowd.submitted(20, "any")
    assert contradictions(steps, crowd.decide(steps, say))
