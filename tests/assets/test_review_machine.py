"""A review walked at random: nothing is ever approved unseen, by its author, or on other bytes.

The machine keeps books of its own (who was asked, who said what of which bytes, who is an author) and compares.
"""

from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assets import actions
from assets.actions import reviews
from assets.models import Asset, ReviewStep, RouteLevel
from core.errors import PharosError
from tests import factories

NAMES = ("ann", "ben", "cho", "dov", "eve")
PEOPLE = st.sampled_from(NAMES)
DECISIONS = st.sampled_from(["approve", "approve", "approve", "approve_with_edits", "changes_required", "reject"])
FOR = {"approve"}


class ReviewMachine(RuleBasedStateMachine):
    world = None  # set by the test

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        world = self.world
        self.people = {name: factories.member(world.workspace, name=name) for name in NAMES}
        self.names = {user.pk: name for name, user in self.people.items()}
        self.route = factories.review_route(world.campaign, levels=("First", "Left", "Right"))
        first, left, right = self.route.levels.all()
        for level, position, quorum, asked in (
            (first, 1, "all", ("ann", "ben")),
            (left, 2, "any", ("cho", "ann")),
            (right, 2, "all", ("dov",)),
        ):
            RouteLevel.objects.filter(pk=level.pk).update(position=position, quorum=quorum)
            level.users.set([self.people[name] for name in asked])
        self.asset = factories.asset(world.campaign, stage="editing", maker=self.people["eve"], route=self.route)
        self.texts, self.authors, self.maker = [], set(), "eve"
        self.asked, self.said, self.refused = {}, {}, 0
        self.version("eve")

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        super().teardown()

    def actor(self, name):
        return factories.actor_of(self.people[name], self.world.workspace)

    def fresh(self):
        return Asset.objects.select_related("campaign", "workspace", "maker", "route").get(pk=self.asset.pk)

    def steps(self):
        return list(ReviewStep.objects.filter(review__asset=self.asset).select_related("review"))

    def attempt(self, act):
        """What the act gave; None when it was refused, and then nothing of it stays."""
        try:
            with transaction.atomic():
                made = act()
        except PharosError:
            self.refused += 1
            return None
        for step in self.steps():  # whoever is new is asked as the route says; later the books are our own
            if step.pk not in self.asked:
                self.asked[step.pk] = {self.names[row.user_id] for row in step.reviewers.all()}
        return made

    @rule(name=PEOPLE)
    def version(self, name):
        text = f"Words {len(self.texts)}"
        asset = self.fresh()
        how = {"text": text, "based_on": asset.current_number or None}
        if self.attempt(lambda: actions.add_version(self.actor(name), asset=asset, **how)):
            self.texts.append(text)
            self.authors.add(name)

    @rule(name=PEOPLE)
    def maker_changes(self, name):
        if self.attempt(lambda: actions.update_asset(self.world.actor, asset=self.fresh(), maker=self.people[name])):
            self.maker = name

    @rule()
    def submit(self):
        self.attempt(lambda: actions.submit_for_review(self.world.actor, asset=self.fresh()))

    @rule()
    def withdraw(self):
        if review := self.fresh().reviews.first():
            self.attempt(lambda: actions.withdraw(self.world.actor, review=review))

    @precondition(lambda self: self.asked)
    @rule(name=PEOPLE, decision=DECISIONS, at=st.integers(0, 30), is_stale=st.integers(0, 9))
    def decide(self, name, decision, at, is_stale):
        step = self.some_step(name, at)
        shown = self.texts[0] if is_stale == 0 else self.texts[-1]
        seen = sha256(shown.encode()).hexdigest()
        how = {"edits": "Comma"} if decision == "approve_with_edits" else {"words": "Because"}
        act = lambda: actions.give_verdict(self.actor(name), step=step, decision=decision, sha256=seen, **how)  # noqa: E731
        self.note(step, name, decision, shown, self.attempt(act))

    def note(self, step, name, decision, shown, verdict):
        if verdict is not None:
            assert name in self.asked[step.pk], "who was not asked has decided"
            assert name not in self.authors | {self.maker}, "an author has decided"
            assert shown == self.texts[-1], "other bytes were decided on"
            assert (step.pk, name) not in self.said, "decided twice"
            self.said[step.pk, name] = (decision, shown)

    def some_step(self, name, at):
        """A step, more often than not an open one at which this person is asked."""
        steps = self.steps()
        mine = [step for step in steps if step.state == "open" and name in self.asked[step.pk]]
        return mine[at % len(mine)] if mine and at < 25 else steps[at % len(steps)]

    @precondition(lambda self: self.asked)
    @rule(name=PEOPLE, at=st.integers(0, 30), back=st.integers(0, 30))
    def send_back(self, name, at, back):
        steps, step = self.steps(), self.some_step(name, at)
        how = {"decision": "changes_required", "words": "Again", "send_back_to": steps[back % len(steps)]}
        seen = sha256(self.texts[-1].encode()).hexdigest()
        verdict = self.attempt(lambda: actions.give_verdict(self.actor(name), step=step, sha256=seen, **how))
        self.note(step, name, "changes_required", self.texts[-1], verdict)

    @precondition(lambda self: self.asked)
    @rule(name=PEOPLE, other=PEOPLE, at=st.integers(0, 30))
    def hand_on(self, name, other, at):
        step = self.some_step(name, at)
        if self.attempt(lambda: actions.delegate(self.actor(name), step=step, user=self.people[other])):
            self.asked[step.pk] = self.asked[step.pk] - {name} | {other}

    @precondition(lambda self: self.asked)
    @rule(name=PEOPLE, other=PEOPLE, at=st.integers(0, 30))
    def ask_one_more(self, name, other, at):
        step = self.some_step(name, at)
        if self.attempt(lambda: actions.add_reviewer(self.actor(name), step=step, user=self.people[other])):
            self.asked[step.pk] = self.asked[step.pk] | {other}

    @invariant()
    def nothing_is_approved_unseen(self):
        asset = self.fresh()
        if asset.stage != "approved":
            return
        review = asset.reviews.order_by("-created_at").first()
        wanted = sha256(self.texts[-1].encode()).hexdigest()
        assert review.state == "passed" and review.sha256 == wanted == review.version.sha256
        for name in ("First", "Left", "Right"):
            step = review.steps.filter(name=name).order_by("-round").first()
            agreed = {
                one for one in self.asked[step.pk] if self.said.get((step.pk, one)) == ("approve", self.texts[-1])
            }
            needed = 1 if step.quorum == "any" else len(self.asked[step.pk])
            assert len(agreed) >= needed > 0, f"“{name}” has not agreed"
            assert not agreed & (self.authors | {self.maker}), "approved by an author"


@pytest.mark.parametrize("runs", [8, pytest.param(400, marks=pytest.mark.load)])
def test_nothing_is_approved_unseen_by_its_author_or_on_other_bytes(world, runs):
    machine = type("Machine", (ReviewMachine,), {"world": world})
    how = settings(
        max_examples=runs,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(machine, settings=how)


def test_the_machine_reaches_approval(world):
    """The books are not empty: a straight walk ends approved and agrees with them."""
    machine = type("Machine", (ReviewMachine,), {"world": world})()
    try:
        machine.submit()
        for name, at in (("ann", 0), ("ben", 0), ("cho", 0), ("dov", 0)):
            machine.decide(name, "approve", at, 1)
            machine.nothing_is_approved_unseen()
        assert machine.fresh().stage == "approved" and machine.refused == 0
    finally:
        machine.teardown()


def test_the_machine_sees_an_approval_by_an_author(world, monkeypatch):
    """The control: without the rule that tells authors from approvers the books disagree."""
    machine = type("Machine", (ReviewMachine,), {"world": world})()
    monkeypatch.setattr(reviews, "authors_of", lambda asset: set())
    try:
        machine.authors.add("ann")
        machine.submit()
        with pytest.raises(AssertionError, match="author"):
            machine.decide("ann", "approve", 0, 1)
    finally:
        machine.teardown()
