"""Every act of accounts through both doors, by the same test."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, Membership, Organization, SavedView, User, Workspace
from core.api.views import etag
from core.models import Activity, IdempotencyKey, Job, OutboxMessage
from tests import factories

DOORS = pytest.mark.parametrize("door", ["page", "api"])
JSON = "application/json"


class Hand:
    """Somebody at one of the two doors: does an act and answers whether it was done, and with what words."""

    def __init__(self, world, door, user=None):
        self.world, self.door, self.client = world, door, world.client(user)

    def post(self, page, route, values, row=None, method="post"):
        """POST the form of a page, or send the same values over REST (PATCH and DELETE with If-Match)."""
        if self.door == "page":
            seen = {"lock_version": row.lock_version} if row is not None else {}
            plain = {
                key: str(getattr(value, "pk", value)) if value is not None else "" for key, value in values.items()
            }
            return self.client.post(page, {**plain, **seen})
        plain = {key: str(value.pk) if hasattr(value, "pk") else value for key, value in values.items()}
        headers = {"If-Match": etag(row)} if row is not None and method != "post" else {}
        return getattr(self.client, method)(f"/api/v1/{route}/", plain, content_type=JSON, headers=headers)

    def refused(self, answer, sentence):
        """True when the answer is a refusal with the sentence."""
        shown = answer.content.decode()
        if self.door == "page" and answer.status_code == 302:
            shown = self.client.get(answer["Location"]).content.decode()
        return sentence in shown and (self.door == "page" or answer.status_code in (400, 403, 409, 412))


def done(answer):
    return answer.status_code in (200, 201, 204, 302)


def verbs():
    return set(Activity.objects.values_list("verb", flat=True))


# --- profile and workspace ------------------------------------------------------------------------------------------

PROFILE = {
    "name": "Ana B.",
    "language": "zh-hans",
    "theme": "dark",
    "density": "comfortable",
    "time_zone": "Europe/Rome",
}


@DOORS
def test_a_person_changes_their_profile(world, door):
    me = User.objects.get(pk=world.owner.pk)
    answer = Hand(world, door).post("/me/", "me", PROFILE, row=me, method="patch")
    me.refresh_from_db()
    assert done(answer) and {name: getattr(me, name) for name in PROFILE} == PROFILE
    if door == "page":
        assert answer.cookies["django_language"].value == "zh-hans" and answer.cookies["theme"].value == "dark"


@DOORS
@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Base"), ("language", "xx"), ("theme", "neon"), ("name", "")]
)
def test_a_profile_refuses_nonsense(world, door, field, value):
    me = User.objects.get(pk=world.owner.pk)
    answer = Hand(world, door).post("/me/", "me", {**PROFILE, field: value}, row=me, method="patch")
    me.refresh_from_db()
    assert answer.status_code == (422 if door == "page" else 400) and me.name == "Ana Owner"
    if door == "api":
        assert [error["attr"] for error in answer.json()["errors"]] == [field]


WORKSPACE = {"name": "Acme", "language": "zh-hans", "time_zone": "Europe/Rome", "currency": "EUR"}


@DOORS
def test_an_owner_changes_the_workspace(world, door):
    row = world.workspace
    answer = Hand(world, door).post(f"{world.w}/settings/", f"workspaces/{row.pk}", WORKSPACE, row=row, method="patch")
    row = Workspace.objects.get(pk=row.pk)
    assert done(answer) and {name: getattr(row, name) for name in WORKSPACE} == WORKSPACE
    assert "accounts.workspace_changed" in verbs()


@DOORS
@pytest.mark.parametrize(("field", "value"), [("currency", "XXQ"), ("time_zone", "Nowhere"), ("language", "de")])
def test_a_workspace_refuses_nonsense(world, door, field, value):
    row = world.workspace
    values = {**WORKSPACE, field: value}
    answer = Hand(world, door).post(f"{world.w}/settings/", f"workspaces/{row.pk}", values, row=row, method="patch")
    assert answer.status_code == (422 if door == "page" else 400)
    assert Workspace.objects.get(pk=row.pk).name != "Acme"


@DOORS
def test_a_stale_change_loses_nobodys_words(world, door):
    row, hand = world.workspace, Hand(world, door)
    address = (f"{world.w}/settings/", f"workspaces/{row.pk}")
    assert done(hand.post(*address, WORKSPACE, row=row, method="patch"))
    late = hand.post(*address, {**WORKSPACE, "name": "Late Ltd"}, row=row, method="patch")
    assert late.status_code == (422 if door == "page" else 412)
    assert Workspace.objects.get(pk=row.pk).name == "Acme"
    if door == "page":
        shown = late.content.decode()
        assert "Acme" in shown and 'value="Late Ltd"' in shown
        assert f'name="lock_version" value="{row.lock_version + 1}"' in shown


@DOORS
@pytest.mark.parametrize("role", ["member", "approver", "finance", "viewer"])
def test_only_owners_and_managers_touch_settings(world, door, role):
    user = factories.member(world.workspace, role=role)
    row, hand = world.workspace, Hand(world, door, user)
    answers = [
        hand.post(f"{world.w}/settings/", f"workspaces/{row.pk}", WORKSPACE, row=row, method="patch"),
        hand.post(f"{world.w}/settings/people/new/", "members", {"email": "a@b.co", "name": "A", "role": "viewer"}),
        hand.post(f"{world.w}/settings/organizations/new/", "organizations", {"name": "X", "kind": "agency"}),
        hand.post(f"{world.w}/settings/api-keys/new/", "api-keys", {"name": "X"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4


# --- people ---------------------------------------------------------------------------------------------------------


def add(hand, **values):
    values = {"email": "new@example.com", "name": "New Person", "role": "member", "title": "Planner", **values}
    return hand.post(f"{hand.world.w}/settings/people/new/", "members", values)


@DOORS
def test_a_new_person_is_added_and_told(world, door):
    agency = factories.organization(world.workspace)
    assert done(add(Hand(world, door), organization=agency))
    membership = Membership.objects.get(user__email="new@example.com")
    assert (membership.role, membership.organization, membership.title) == ("member", agency, "Planner")
    assert not membership.user.has_usable_password()
    assert Job.objects.filter(name="accounts.send_welcome", args={"membership_id": str(membership.pk)}).count() == 1


@DOORS
def test_a_known_person_is_added_without_a_name_and_keeps_theirs(world, door):
    known = factories.person(name="Known Person")
    assert done(add(Hand(world, door), email=known.email.upper(), name=""))
    assert Membership.objects.get(user=known).user.name == "Known Person"


@DOORS
def test_a_new_person_needs_a_name_and_nobody_is_added_twice(world, door):
    hand = Hand(world, door)
    assert hand.refused(add(hand, name=""), "Enter a name.")
    assert not User.objects.filter(email="new@example.com").exists()
    assert done(add(hand))
    assert hand.refused(add(hand), "in the workspace already")


@DOORS
def test_a_foreign_organization_is_as_unknown_as_none(world, other, door):
    foreign = factories.organization(other.workspace)
    hand = Hand(world, door)
    answers = [add(hand, organization=pk) for pk in (foreign.pk, "01a20900-0000-7000-8000-000000000000")]
    assert {answer.status_code for answer in answers} == {422 if door == "page" else 400}
    assert not Membership.objects.filter(user__email="new@example.com").exists()


def change(hand, membership, **values):
    page = f"{hand.world.w}/settings/people/{membership.pk}/"
    values = {"role": membership.role, "title": membership.title, **values}
    return hand.post(page, f"members/{membership.pk}", values, row=membership, method="patch")


@DOORS
def test_a_role_is_changed(world, door):
    user = factories.member(world.workspace, role="viewer")
    membership = Membership.objects.get(user=user)
    assert done(change(Hand(world, door), membership, role="manager", title="Lead"))
    membership.refresh_from_db()
    assert (membership.role, membership.title) == ("manager", "Lead")


@DOORS
def test_the_last_owner_stays(world, door):
    mine = Membership.objects.get(user=world.owner)
    hand = Hand(world, door)
    assert hand.refused(change(hand, mine, role="member"), "at least one owner")
    assert hand.refused(remove(hand, mine), "at least one owner")
    closed = factories.member(world.workspace, role="owner")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert hand.refused(change(hand, mine, role="member"), "at least one owner")
    factories.member(world.workspace, role="owner")
    assert done(change(hand, mine, role="member"))


def remove(hand, membership):
    if hand.door == "page":
        return hand.client.post(f"{hand.world.w}/settings/people/{membership.pk}/remove/")
    return hand.client.delete(f"/api/v1/members/{membership.pk}/", headers={"If-Match": etag(membership)})


@DOORS
def test_a_member_is_removed(world, door):
    user = factories.member(world.workspace)
    assert done(remove(Hand(world, door), Membership.objects.get(user=user)))
    assert not Membership.objects.filter(user=user).exists() and "accounts.member_removed" in verbs()


@DOORS
def test_only_an_owner_touches_owners(world, door):
    manager = factories.member(world.workspace, role="manager")
    second = Membership.objects.get(user=factories.member(world.workspace, role="owner"))
    hand = Hand(world, door, manager)
    assert add(hand, role="owner").status_code in (403, 422)
    assert change(hand, second, role="viewer").status_code in (403, 422)
    remove(hand, second)
    second.refresh_from_db()
    assert second.role == "owner" and not User.objects.filter(email="new@example.com").exists()


# --- organisations --------------------------------------------------------------------------------------------------


@DOORS
def test_an_organization_is_made_changed_archived_and_restored(world, door):
    hand, base = Hand(world, door), f"{world.w}/settings/organizations"
    values = {"name": "Blue Fox", "kind": "vendor", "contact": "Li Na", "note": "prints"}
    assert done(hand.post(f"{base}/new/", "organizations", values))
    row = Organization.objects.get(name="Blue Fox")
    changed = hand.post(
        f"{base}/{row.pk}/", f"organizations/{row.pk}", {**values, "kind": "kol"}, row=row, method="patch"
    )
    assert done(changed) and Organization.objects.get(pk=row.pk).kind == "kol"
    assert done(hand.post(f"{base}/{row.pk}/archive/", f"organizations/{row.pk}/archive", {}))
    assert Organization.objects.get(pk=row.pk).archived_at is not None
    assert done(hand.post(f"{base}/{row.pk}/restore/", f"organizations/{row.pk}/restore", {}))
    assert Organization.objects.get(pk=row.pk).archived_at is None
    assert {f"accounts.organization_{what}" for what in ("created", "changed", "archived", "restored")} <= verbs()


@DOORS
def test_a_name_is_taken_once_and_the_own_organization_stays(world, door):
    hand, base = Hand(world, door), f"{world.w}/settings/organizations"
    own = Organization.objects.in_house().get()
    answer = hand.post(f"{base}/new/", "organizations", {"name": own.name, "kind": "agency"})
    assert hand.refused(answer, "of this name already")
    assert hand.refused(hand.post(f"{base}/{own.pk}/archive/", f"organizations/{own.pk}/archive", {}), "your own organ")
    values = {"name": own.name, "kind": "agency"}
    answer = hand.post(f"{base}/{own.pk}/", f"organizations/{own.pk}", values, row=own, method="patch")
    assert hand.refused(answer, "your own organ")


def test_an_undo_by_script_gets_a_sentence(world, owner):
    row = factories.organization(world.workspace, name="Blue Fox")
    archived = owner.post(f"{world.w}/settings/organizations/{row.pk}/archive/", follow=True).content.decode()
    undo = f"{world.w}/settings/organizations/{row.pk}/restore/"
    assert f'data-undo="{undo}"' in archived
    assert owner.post(undo, headers={"Accept": JSON}).json() == {"text": "Blue Fox is back."}


# --- API keys -------------------------------------------------------------------------------------------------------


def make(hand, **values):
    common = {"name": "CRM", "scopes": ["campaigns:read"], **values}
    if hand.door == "page":
        return hand.client.post(f"{hand.world.w}/settings/api-keys/new/", {"days": "30", **common})
    body = {"expires_at": (timezone.now() + timedelta(days=30)).isoformat(), **common}
    return hand.client.post("/api/v1/api-keys/", body, content_type=JSON)


def secret_of(answer):
    text = answer.content.decode()
    start = text.index("pharos_live_")
    return text[start : start + len("pharos_live_") + 43]


@DOORS
def test_a_key_is_made_shown_once_and_revoked(world, door, caplog):
    hand = Hand(world, door)
    answer = make(hand, campaign_ids=[str(world.campaign.pk)])
    secret = secret_of(answer)
    assert answer.status_code in (200, 201) and "no-store" in answer["Cache-Control"]
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/campaigns/").status_code == 200
    key = ApiKey.objects.get()
    page, listed = hand.client.get(f"{world.w}/settings/api-keys/"), hand.client.get("/api/v1/api-keys/")
    for shown in (page, listed, hand.client.get(f"/api/v1/api-keys/{key.pk}/")):
        assert key.last_four in shown.content.decode()
        assert secret not in shown.content.decode() and key.key_hash not in shown.content.decode()
    assert secret not in caplog.text
    assert done(hand.post(f"{world.w}/settings/api-keys/{key.pk}/revoke/", f"api-keys/{key.pk}/revoke", {}))
    assert client.get("/api/v1/campaigns/").status_code == 401


@DOORS
def test_a_key_needs_known_scopes_and_visible_campaigns(world, other, door):
    hand = Hand(world, door)
    for wrong in ({"scopes": []}, {"scopes": ["everything"]}, {"campaign_ids": [str(other.campaign.pk)]}):
        assert make(hand, **wrong).status_code == (422 if door == "page" else 400), wrong
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_key_lives_at_most_a_year(world, days):
    expires_at = (timezone.now() + timedelta(days=days)).isoformat()
    answer = make(Hand(world, "api"), expires_at=expires_at)
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "expires_at"


def test_a_secret_is_nowhere_in_the_database_not_even_for_a_repeated_request(world, owner):
    body = {"name": "CRM", "scopes": ["*"], "expires_at": (timezone.now() + timedelta(days=3)).isoformat()}
    first = owner.post("/api/v1/api-keys/", body, content_type=JSON, headers={"Idempotency-Key": "k1"})
    secret = secret_of(first)
    again = owner.post("/api/v1/api-keys/", body, content_type=JSON, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")
    assert ApiKey.objects.count() == 1
    stored = [bytes(row.body) for row in IdempotencyKey.objects.all()]
    assert stored and not any(secret.encode() in body for body in stored)
    rows = [
        *ApiKey.objects.values(),
        *Activity.objects.values(),
        *User.objects.values(),
        *OutboxMessage.objects.values(),
    ]
    assert secret not in repr(rows)


# --- saved views ----------------------------------------------------------------------------------------------------


@DOORS
def test_a_view_is_saved_replaced_and_deleted(world, door):
    hand = Hand(world, door, factories.member(world.workspace, role="viewer"))
    values = {"page": "accounts:people", "name": "Owners", "query": "role=owner&page=3&q=%E5%BC%A0"}
    assert done(hand.post(f"{world.w}/saved-views/", "saved-views", values))
    assert done(hand.post(f"{world.w}/saved-views/", "saved-views", values | {"query": "?role=owner"}))
    view = SavedView.objects.get()
    assert (view.page, view.name, view.query) == ("accounts:people", "Owners", "role=owner")
    if door == "page":
        assert done(hand.client.post(f"{world.w}/saved-views/{view.pk}/delete/"))
    else:
        assert done(hand.client.delete(f"/api/v1/saved-views/{view.pk}/", headers={"If-Match": etag(view)}))
    assert not SavedView.objects.exists()


@DOORS
def test_saved_views_are_their_owners_alone(world, door):
    view = SavedView.objects.create(workspace=world.workspace, user=world.owner, page="p", name="mine", query="a=1")
    hand = Hand(world, door, factories.member(world.workspace, role="manager"))
    if door == "page":
        assert hand.client.post(f"{world.w}/saved-views/{view.pk}/delete/").status_code == 404
    else:
        assert (
            hand.client.delete(f"/api/v1/saved-views/{view.pk}/", headers={"If-Match": etag(view)}).status_code == 404
        )
        assert hand.client.get("/api/v1/saved-views/").json()["results"] == []


@DOORS
def test_a_view_without_a_name_is_refused(world, door):
    answer = Hand(world, door).post(f"{world.w}/saved-views/", "saved-views", {"page": "p", "name": "", "query": ""})
    assert answer.status_code == (409 if door == "page" else 400) and not SavedView.objects.exists()


def test_after_saving_a_view_one_is_back_at_the_table_and_never_elsewhere(world, owner):
    values = {"page": "accounts:people", "name": "Owners", "query": "role=owner"}
    here = owner.post(f"{world.w}/saved-views/", {**values, "next": f"{world.w}/settings/people/"})
    assert here["Location"] == f"{world.w}/settings/people/?role=owner"
    away = owner.post(f"{world.w}/saved-views/", {**values, "next": "//evil.example/"})
    assert away["Location"].startswith(f"{world.w}/")
