"""Every act of a review through both doors: pages and REST do the same and refuse the same."""

import pytest

from assets import actions
from assets.models import Asset, ReviewRoute, ReviewStep, RouteLevel, StepReviewer, Verdict
from campaigns.models import CampaignMember
from tests import factories
from tests.assets.conftest import BOTH, toasts
from tests.placements.conftest import Api, form_of


class Doors:
    """A running review of a text of Mia's, asked of Lea (legal) and then of Bo (marketing), behind one of the doors."""

    def __init__(self, world, door):
        self.world, self.door = world, door
        self.people = {name: factories.member(world.workspace, name=name) for name in ("mia", "lea", "bo", "zoe")}
        for name, function in (("mia", "content"), ("lea", "legal"), ("bo", "marketing"), ("zoe", "sales")):
            of = {"workspace": world.workspace, "campaign": world.campaign}
            CampaignMember.objects.create(**of, user=self.people[name], function=function)
        self.route = factories.review_route(world.campaign, levels=("Legal", "Brand"))
        for level, function in zip(self.route.levels.all(), ("legal", "marketing"), strict=True):
            RouteLevel.objects.filter(pk=level.pk).update(functions=[function], criteria=["compliance", "effect"])
        self.asset = factories.asset(
            world.campaign, "Headline", stage="editing", maker=self.people["mia"], route=self.route
        )
        self.version = factories.asset_version(self.asset, uploader=self.people["mia"])

    def client(self, name):
        return self.world.client(self.people.get(name, self.world.owner))

    def page(self, name, url, data=None):
        """An act through the page: whether it was done."""
        response = self.client(name).post(url, data or {})
        self.said = " ".join(toasts(response)) if response.status_code == 302 else response.content.decode()
        return response.status_code

    def rest(self, name, path, body=None):
        answer = Api(self.client(name)).post(path, body or {})
        self.said = answer.content.decode()
        return answer.status_code

    def submit(self, name="mia", **body):
        self.asset.refresh_from_db()
        if self.door == "page":
            return self.page(name, f"{self.world.c}/assets/{self.asset.pk}/submit/", body)
        return self.rest(name, f"assets/{self.asset.pk}/submit/", body)

    @property
    def review(self):
        return self.asset.reviews.first()

    @property
    def step(self):
        return ReviewStep.objects.filter(review=self.review, state="open").first()

    def decide(self, name, decision, step=None, **more):
        step = step or self.step
        body = {"decision": decision, "sha256": self.version.sha256, **more}
        if self.door == "api":
            return self.rest(name, f"review-steps/{step.pk}/verdicts/", body)
        for code, said in body.pop("criteria", {}).items():
            body[f"criterion_{code}"] = {True: "yes", False: "no"}.get(said, said) if said != 3.5 else "3.5"
        return self.page(name, f"{self.world.w}/reviews/{step.pk}/", body)

    def act(self, name, page, path, body=None):
        if self.door == "page":
            return self.page(name, self.world.w + page, body)
        return self.rest(name, path, body)

    def stage(self):
        return Asset.objects.get(pk=self.asset.pk).stage


@pytest.fixture
def doors(world, door):
    return Doors(world, door)


DONE = (200, 201, 302)


@BOTH
def test_submit_and_approve_level_by_level(doors):
    assert doors.submit() in DONE
    assert doors.stage() == "review"
    first = doors.step
    assert doors.decide("lea", "approve", criteria={"compliance": True, "effect": 3.5}) in DONE, doors.said
    assert Verdict.objects.get().criteria == {"compliance": True, "effect": 3.5}
    assert doors.step.pk != first.pk
    assert doors.decide("bo", "approve") in DONE
    assert doors.stage() == "approved"
    assert {one.sha256 for one in Verdict.objects.all()} == {doors.version.sha256}


@BOTH
def test_submit_along_another_route(doors, world):
    other = factories.review_route(world.campaign, "Other", levels=("Only",))
    other.levels.update(functions=["sales"])
    assert doors.submit(route=str(other.pk)) in DONE
    assert doors.review.route == other and Asset.objects.get().route == other


@BOTH
@pytest.mark.parametrize(
    ("decision", "more", "stage"),
    [
        ("approve_with_edits", {"edits": "Winter, not summer"}, "editing"),
        ("changes_required", {"words": "The price is wrong"}, "editing"),
        ("reject", {"words": "Not our voice"}, "creation"),
    ],
)
def test_what_is_not_simply_approved_needs_words(doors, decision, more, stage):
    doors.submit()
    assert doors.decide("lea", decision) in (400, 422)
    assert not Verdict.objects.exists()
    assert doors.decide("lea", decision, **more) in DONE
    assert doors.stage() == stage
    verdict = Verdict.objects.get()
    assert (verdict.words or verdict.edits) in more.values()


@BOTH
@pytest.mark.parametrize("is_guarded", [True, False])
def test_nobody_agrees_while_a_remark_that_must_be_settled_is_open(doors, world, monkeypatch, is_guarded):
    doors.submit()
    pin = actions.add_pin(world.actor, version=doors.version, shape="whole", text="Which price?")
    if not is_guarded:  # the control: without the check the approval goes through
        monkeypatch.setattr("assets.rules.review.check_settled", lambda count: None)
    agreed = doors.decide("lea", "approve") in DONE
    assert agreed is not is_guarded
    if is_guarded:
        assert not Verdict.objects.exists()
        actions.resolve_pin(world.actor, pin=pin)
        actions.add_pin(world.actor, version=doors.version, shape="whole", text="A thought", is_blocking=False)
        assert doors.decide("lea", "approve") in DONE


@BOTH
def test_other_bytes_and_second_verdicts_are_refused(doors):
    doors.submit()
    step = doors.step
    assert doors.decide("lea", "approve", sha256="0" * 64) in (409, 422)
    assert "newer version" in doors.said
    assert doors.decide("lea", "approve") in DONE
    assert doors.decide("lea", "approve", step=step) in (409, 422)
    assert Verdict.objects.count() == 1


@BOTH
def test_who_is_not_asked_decides_nothing(doors):
    doors.submit()
    doors.decide("bo", "approve")
    doors.decide("mia", "approve")
    assert not Verdict.objects.exists()


@BOTH
def test_a_criterion_that_is_not_met_is_not_approved(doors):
    doors.submit()
    assert doors.decide("lea", "approve", criteria={"compliance": False}) in (400, 422)
    assert doors.decide("lea", "approve", criteria={"effect": "much"}) in (400, 422)
    assert not Verdict.objects.exists()
    assert doors.decide("lea", "reject", words="No", criteria={"compliance": False}) in DONE


@BOTH
def test_send_back_to_a_named_level(doors):
    doors.submit()
    first = doors.step
    doors.decide("lea", "approve")
    assert doors.decide("bo", "changes_required", words="Legal again", send_back_to=str(first.pk)) in DONE
    assert (doors.step.name, doors.step.round) == ("Legal", 2)
    assert doors.stage() == "review"


@BOTH
def test_hand_on(doors, world):
    doors.submit()
    step, body = doors.step, {"user": str(doors.people["zoe"].pk), "words": "On leave"}
    assert doors.act("lea", f"/reviews/{step.pk}/delegate/", f"review-steps/{step.pk}/delegate/", body) in DONE
    assert StepReviewer.objects.get(step=step, user=doors.people["zoe"]).delegated_by == doors.people["lea"]
    doors.decide("lea", "approve")
    assert not Verdict.objects.exists()
    assert doors.decide("zoe", "approve") in DONE


@BOTH
def test_ask_one_more(doors):
    doors.submit()
    step, body = doors.step, {"user": str(doors.people["zoe"].pk)}
    assert doors.act("lea", f"/reviews/{step.pk}/add/", f"review-steps/{step.pk}/reviewers/", body) in DONE
    assert doors.decide("lea", "approve") in DONE
    assert doors.step.pk == step.pk
    assert doors.decide("zoe", "approve") in DONE
    assert doors.step.pk != step.pk


@BOTH
def test_an_author_is_never_asked(doors):
    doors.submit()
    step, body = doors.step, {"user": str(doors.people["mia"].pk)}
    doors.act("lea", f"/reviews/{step.pk}/add/", f"review-steps/{step.pk}/reviewers/", body)
    assert "own work" in doors.said
    doors.act("lea", f"/reviews/{step.pk}/delegate/", f"review-steps/{step.pk}/delegate/", body)
    assert "own work" in doors.said
    assert not StepReviewer.objects.filter(user=doors.people["mia"]).exists()


@BOTH
def test_remind_and_withdraw(doors, world):
    doors.submit()
    pk, c = doors.review.pk, world.c.removeprefix(world.w)
    assert doors.act("mia", f"{c}/assets/reviews/{pk}/nudge/", f"reviews/{pk}/nudge/") in DONE
    doors.act("mia", f"{c}/assets/reviews/{pk}/nudge/", f"reviews/{pk}/nudge/")
    assert "within the last hour" in doors.said
    body = {"reason": "Not yet"}
    assert doors.act("mia", f"{c}/assets/reviews/{pk}/withdraw/", f"reviews/{pk}/withdraw/", body) in DONE
    assert (doors.stage(), doors.review.state) == ("editing", "withdrawn")


@BOTH
def test_who_approved_does_not_become_the_maker(doors, world, owner):
    doors.submit()
    doors.decide("lea", "approve")
    key = str(doors.people["lea"].pk)
    if doors.door == "page":
        url = f"{world.c}/assets/{doors.asset.pk}/edit/"
        assert "maker" in owner.post(url, form_of(owner, url) | {"maker": key}).context["form"].errors
    else:
        assert Api(owner).change(f"assets/{doors.asset.pk}/", {"maker": key}).status_code == 400
    assert Asset.objects.get().maker == doors.people["mia"]


LEVEL = {"name": "Look", "functions": ["marketing"], "quorum": "any", "due_days": 3, "criteria": ["brand"]}


@BOTH
@pytest.mark.parametrize("whose", ["workspace", "campaign"])
def test_routes_are_made_changed_archived(door, whose, world, owner):
    api, here = Api(owner), world.c if whose == "campaign" else world.w
    ReviewRoute.objects.all().delete()
    if door == "page":
        url = f"{here}/review-routes/new/"
        data = filled(owner.get(url)) | {f"level-0-{name}": value for name, value in LEVEL.items()}
        response = owner.post(url, data | {"name": "Short way", "level-0-position": 1, "level-TOTAL_FORMS": 1})
        assert response.status_code == 302, response.context["levels"].errors
    else:
        body = {"name": "Short way", "levels": [LEVEL | {"position": 0}]}
        body |= {"campaign": world.campaign.code} if whose == "campaign" else {}
        assert api.post("review-routes/", body).status_code == 201
    route = ReviewRoute.objects.get()
    assert (route.campaign is not None) == (whose == "campaign")
    level = route.levels.get()
    assert (level.position, level.functions, level.criteria) == (0, ["marketing"], ["brand"])
    if door == "page":
        url = f"{world.w}/review-routes/{route.pk}/"
        assert owner.post(url, filled(owner.get(url)) | {"name": "Shorter"} | shape(LEVEL)).status_code == 302
        assert owner.post(url + "archive/").status_code == 302
    else:
        assert api.change(f"review-routes/{route.pk}/", {"name": "Shorter"}).status_code == 200
        assert api.remove(f"review-routes/{route.pk}/").status_code == 204
    route = ReviewRoute.objects.get()
    assert route.name == "Shorter" and route.archived_at and route.levels.count() == 1
    if door == "page":
        assert owner.post(f"{world.w}/review-routes/{route.pk}/restore/").status_code == 302
    else:
        assert api.post(f"review-routes/{route.pk}/restore/").status_code == 200
    assert ReviewRoute.objects.get().archived_at is None


def filled(response):
    """What the page of a route would send as it stands."""
    form, levels = response.context["form"], response.context["levels"]
    fields = [*form, *levels.management_form, *(field for level in levels for field in level)]
    data = {field.html_name: field.value() for field in fields}
    return {name: value for name, value in data.items() if value not in (None, False, "")}


def shape(level, at=0):
    return {f"level-{at}-{name}": value for name, value in level.items()} | {f"level-{at}-position": at + 1}


@BOTH
def test_a_template_is_copied_into_a_campaign(door, world, owner):
    template = ReviewRoute.objects.filter(campaign=None).first()
    if door == "page":
        assert owner.post(f"{world.c}/review-routes/{template.pk}/copy/").status_code == 302
    else:
        answer = Api(owner).post(f"review-routes/{template.pk}/copy/", {"campaign": world.campaign.code})
        assert answer.status_code == 201
    made = ReviewRoute.objects.get(campaign=world.campaign)
    assert [str(one) for one in made.levels.all()] == [str(one) for one in template.levels.all()]


@BOTH
@pytest.mark.parametrize("wrong", [{"name": ""}, {"functions": []}, {"quorum": "count"}, {"due_days": 99}])
def test_levels_that_cannot_work_are_refused(door, wrong, world, owner):
    known, level = ReviewRoute.objects.count(), LEVEL | wrong
    if door == "page":
        url = f"{world.c}/review-routes/new/"
        assert owner.post(url, filled(owner.get(url)) | {"name": "Way"} | shape(level)).status_code == 422
    else:
        body = {"name": "Way", "campaign": world.campaign.code, "levels": [level | {"position": 0}]}
        assert Api(owner).post("review-routes/", body).status_code == 400
    assert ReviewRoute.objects.count() == known


def test_another_level_is_one_button(world, owner):
    url = f"{world.c}/review-routes/new/"
    page = owner.post(url, filled(owner.get(url)) | {"name": "Way", "more": "1"} | shape(LEVEL))
    assert page.status_code == 200 and len(page.context["levels"].forms) == 2
    data = filled(page) | shape(LEVEL | {"name": "Second"}, 1)
    assert owner.post(url, data).status_code == 302
    made = ReviewRoute.objects.get(name="Way")
    assert [(one.position, one.name) for one in made.levels.all()] == [(0, "Look"), (1, "Second")]
