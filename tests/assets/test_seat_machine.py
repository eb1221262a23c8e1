"""Seats of a shared login at random: submit, approve, switch seat, edit, resubmit.

Nothing is ever approved by somebody who made it, nor by who is not another person, nor on words older than the last.
"""

from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import Door
from assets import actions
from assets.actions import reviews
from assets.models import Asset, Verdict
from core.errors import PharosError
from tests import factories
from tests.partner_world import agency_of

NAMES = st.sampled_from(["mei", "lea", "twin", "leo"])
DECISIONS = st.sampled_from(["approve", "approve", "approve", "changes_required"])


class SeatMachine(RuleBasedStateMachine):
    world = None  # set by the test

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        agency, other = agency_of(self.world), agency_of(self.world, name="Second studio")
        Door.objects.update(may_decide=True)
        twin = factories.seat(other.organization, name="Twin", email=agency.seat.email.upper())
        self.seats = {"mei": agency.seat, "lea": agency.lead, "twin": twin, "leo": other.lead}
        self.person = {"mei": "mei", "lea": "lea", "twin": "mei", "leo": "leo"}  # the twin is Mei once more
        self.names = {seat.user_id: name for name, seat in self.seats.items()}
        route = factories.review_route(self.world.campaign, name="Agencies", levels=("One", "Two"))
        one, two = route.levels.all()
        for level, organization, place in ((one, agency.organization, 1), (two, other.organization, 2)):
            type(level).objects.filter(pk=level.pk).update(organization=organization, position=place, quorum="any")
        self.asset = agency.asset("Post", stage="creation", route=route)
        self.texts, self.makers, self.refused = [], set(), 0
        self.edit("mei")

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        super().teardown()

    def fresh(self):
        rows = Asset.objects.select_related("campaign__workspace", "workspace", "route")
        return rows.get(pk=self.asset.pk)

    def attempt(self, name, act):
        """What the act gave a seat at the keyboard; None when it was refused, and then nothing of it stays."""
        try:
            with transaction.atomic():
                return act(factories.seat_actor(self.seats[name]), self.fresh())
        except PharosError:
            self.refused += 1
            return None

    @rule(name=NAMES)
    def edit(self, name):
        text = f"Words {len(self.texts)}"
        based_on = self.fresh().current_number or None
        if self.attempt(name, lambda a, asset: actions.add_version(a, asset=asset, text=text, based_on=based_on)):
            self.texts.append(text)
            self.makers.add(name)

    @rule(name=NAMES)
    def submit(self, name):
        self.attempt(name, lambda actor, asset: actions.submit_for_review(actor, asset=asset))

    @rule(name=NAMES)
    def withdraw(self, name):
        if review := self.fresh().reviews.first():
            self.attempt(name, lambda actor, asset: actions.withdraw(actor, review=review))

    @precondition(lambda self: self.fresh().stage == "review")
    @rule(name=NAMES, decision=DECISIONS, is_stale=st.integers(0, 9))
    def decide(self, name, decision, is_stale):
        step = self.fresh().reviews.first().steps.filter(state="open").first()
        seen = sha256((self.texts[0] if is_stale == 0 else self.texts[-1]).encode()).hexdigest()
        how = {"step": step, "decision": decision, "sha256": seen, "words": "Because"}
        self.attempt(name, lambda actor, asset: actions.give_verdict(actor, **how))

    @invariant()
    def maker_and_checker_are_two_people(self):
        asset = self.fresh()
        if asset.stage != "approved":
            return
        review = asset.reviews.first()
        assert review.sha256 == sha256(self.texts[-1].encode()).hexdigest(), "approved words are not the last ones"
        said = Verdict.objects.filter(step__review=review, decision="approve").values_list("reviewer_id", flat=True)
        agreed = {self.person[self.names[user]] for user in said}
        assert agreed and not agreed & {self.person[name] for name in self.makers}, "approved by who made it"


@pytest.mark.parametrize("runs", [6, pytest.param(300, marks=pytest.mark.load)])
def test_maker_and_checker_are_two_people(world, runs):
    machine = type("Machine", (SeatMachine,), {"world": world})
    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None}
    run_state_machine_as_test(machine, settings=settings(max_examples=runs, stateful_step_count=20, **quiet))


def walk(machine, first, second):
    machine.submit("mei")
    machine.decide(first, "approve", 1)
    machine.decide(second, "approve", 1)
    machine.maker_and_checker_are_two_people()
    return machine.fresh().stage


def test_the_machine_reaches_approval(world):
    machine = type("Machine", (SeatMachine,), {"world": world})()
    try:
        assert walk(machine, "lea", "leo") == "approved"
    finally:
        machine.teardown()


def test_the_machine_sees_who_is_not_another_person(world, monkeypatch):
    """The control: without the rule the maker's second seat agrees, and the books disagree."""
    machine = type("Machine", (SeatMachine,), {"world": world})()
    monkeypatch.setattr(reviews, "authors_of", lambda asset: set())
    try:
        with pytest.raises(AssertionError, match="approved by who made it"):
            walk(machine, "lea", "twin")
    finally:
        machine.teardown()
