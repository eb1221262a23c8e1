"""A member by invitation: made and taken back through both doors; and the way in of whoever was invited, once."""

import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts import actions, jobs
from accounts.actions import joining
from accounts.models import ApiKey, Invitation, Membership, Organization, PhoneCode, Session, User, Workspace
from accounts.rules import doors as rules
from core.actor import SYSTEM
from core.errors import PharosError
from core.models import Activity, AuditEvent, Job, OutboxMessage
from tests import factories
from tests.accounts.test_acts import DOORS, Hand, done, verbs
from tests.accounts.test_phone import SENT, digits, fresh, send

NUMBER = "+8613800138000"
PASSWORD = "a lighthouse on the rock"
NEW = {"name": "Ines New", "password": PASSWORD, "again": PASSWORD}
assert fresh  # the sender of codes keeps what it is given


def invite(hand, **values):
    values = {"email": "new@example.com", "name": "Ines", "role": "member", "title": "Planner", **values}
    return hand.post(f"{hand.world.w}/settings/people/invite/", "invitations", values)


def act(hand, row, name):
    return hand.post(f"{hand.world.w}/settings/people/invitations/{row.pk}/{name}/", f"invitations/{row.pk}/{name}", {})


def invited(world, **values):
    """(invitation, token) of a member."""
    return actions.invite_member(world.actor, **{"role": "member", "email": "new@example.com", **values})


def token_of(answer):
    text = answer.content.decode()
    return text.partition("/i/")[2].partition("/")[0]


# --- inviting, through both doors -----------------------------------------------------------------------------------


@DOORS
def test_a_manager_invites_and_sees_the_link_once(world, door):
    agency = factories.organization(world.workspace)
    answer = invite(Hand(world, door), organization=agency, role="approver", email="New@Example.com")
    assert done(answer) and "no-store" in answer["Cache-Control"]
    row, token = Invitation.objects.get(), token_of(answer)
    assert row.token_hash == rules.token_hash(token)
    assert (row.email, row.role, row.title, row.organization) == ("new@example.com", "approver", "Planner", agency)
    assert not row.is_seat and row.made_by == world.owner
    assert timedelta(days=6.9) < row.expires_at - timezone.now() <= timedelta(days=7)
    assert "accounts.invitation_made" in verbs()
    if door == "page":
        assert b"data:image/svg+xml;base64," in answer.content and b'data-copy="#secret"' in answer.content


@DOORS
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"email": ""}, "Enter an e-mail address or a phone number."),
        ({"phone": NUMBER}, "not both"),
        ({"email": "", "phone": "12"}, "Enter a mobile number"),
        ({"role": "manager", "is_limited": True}, "Owners and managers see every campaign."),
        ({"email": "carl@example.com"}, "in the workspace already"),
    ],
)
def test_what_cannot_be_an_invitation(world, door, values, sentence):
    factories.member(world.workspace, email="carl@example.com")
    hand = Hand(world, door)
    assert hand.refused(invite(hand, **values), sentence)
    assert not Invitation.objects.exists()


@DOORS
def test_a_phone_is_invited_only_where_codes_can_be_sent(world, door, settings):
    settings.PHONE_SIGN_IN = False
    answer = invite(Hand(world, door), email="", phone=NUMBER)
    assert answer.status_code in (400, 422) and not Invitation.objects.exists()


@DOORS
@pytest.mark.parametrize("role", ["member", "approver", "finance", "viewer"])
def test_only_owners_and_managers_invite(world, door, role):
    row, _token = invited(world)
    hand = Hand(world, door, factories.member(world.workspace, role=role))
    answers = [invite(hand, email="x@example.com"), act(hand, row, "again"), act(hand, row, "revoke")]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert Invitation.objects.open(now=timezone.now()).count() == 1


@DOORS
def test_only_an_owner_invites_an_owner(world, door):
    row, _token = invited(world, role="owner")
    hand = Hand(world, door, factories.member(world.workspace, role="manager"))
    assert invite(hand, email="x@example.com", role="owner").status_code in (400, 403, 422)
    assert not done(act(hand, row, "again")) or hand.door == "page"
    assert Invitation.objects.count() == 1


@DOORS
def test_a_new_link_ends_the_old_one(world, door):
    old, token = invited(world, name="Ines", title="Planner", is_limited=True)
    answer = act(Hand(world, door), old, "again")
    assert done(answer)
    new = Invitation.objects.exclude(pk=old.pk).get()
    assert token_of(answer) != token and new.token_hash == rules.token_hash(token_of(answer))
    assert (new.email, new.name, new.title, new.is_limited) == ("new@example.com", "Ines", "Planner", True)
    assert Client().get(f"/i/{token}/").status_code == 410
    assert Client().get(f"/i/{token_of(answer)}/").status_code == 200


@DOORS
def test_an_invitation_is_taken_back(world, door):
    row, token = invited(world)
    assert done(act(Hand(world, door), row, "revoke")) and "accounts.invitation_revoked" in verbs()
    assert Client().post(f"/i/{token}/", NEW).status_code == 410
    assert not User.objects.filter(email="new@example.com").exists()


@DOORS
def test_foreign_invitations_never_were(world, other, door):
    with scope(workspace=other.workspace.pk):
        foreign, _token = invited(other)
    hand = Hand(world, door)
    assert act(hand, foreign, "again").status_code == 404 and act(hand, foreign, "revoke").status_code == 404
    agency = factories.organization(world.workspace)
    factories.door(agency)
    seat, _token = actions.invite_seat(world.actor, organization=agency, email="s@agency.example", name="S")
    assert act(hand, seat, "again").status_code == 404, "a seat is invited elsewhere"


def test_open_ones_stand_on_the_page_of_people(world):
    invited(world, name="Ines Open")
    late, _token = invited(world, email="late@example.com")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    gone, _token = invited(world, email="gone@example.com")
    actions.revoke_invitation(world.actor, invitation=gone)
    page = world.client().get(f"{world.w}/settings/people/").content.decode()
    assert "Ines Open" in page and "late@example.com" in page and "Expired" in page and "gone@" not in page
    viewer = world.client(factories.member(world.workspace, role="viewer"))
    assert "Ines Open" not in viewer.get(f"{world.w}/settings/people/").content.decode()


def test_the_list_costs_the_same_however_long(world, owner, assert_budget):
    for n in range(20):
        invited(world, email=f"n{n}@example.com", organization=factories.organization(world.workspace, name=f"A{n}"))
    with assert_budget("accounts:people"):
        assert owner.get(f"{world.w}/settings/people/").status_code == 200
    with assert_budget("api:invitations-list"):
        assert len(owner.get("/api/v1/invitations/").json()["results"]) == 20


# --- the mail and the secret ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("en", "invites you to Pharos"), ("zh-hans", "邀请")])
def test_the_mail_speaks_the_workspaces_language(world, language, word):
    Workspace.objects.update(language=language)
    world.actor.workspace.refresh_from_db()
    row, token = invited(world, name="Ines")
    jobs.send_invitation(invitation_id=str(row.pk))
    (sent,) = mail.outbox
    assert sent.to == ["new@example.com"] and f"/i/{token}/" in sent.body and "Ines" in sent.body
    assert word in sent.subject and world.workspace.name in sent.subject and "\n" not in sent.subject


def test_the_token_is_told_to_nobody_else(world, caplog, capfd):
    owner, visitor = world.client(), Client()
    token = token_of(invite(Hand(world, "api")))
    row = Invitation.objects.get()
    visitor.get(f"/i/{token}/")
    visitor.post(f"/i/{token}/", {**NEW, "again": "x"})
    assert token not in visitor.get("/invited/").content.decode()
    visitor.post(f"/i/{token}/", NEW)
    pages = (f"{world.w}/settings/people/", f"{world.w}/activity/", "/api/v1/members/", "/api/v1/invitations/")
    for path in (*pages, f"/api/v1/invitations/{row.pk}/"):
        assert token not in owner.get(path).content.decode(), path
    told = [str(list(model._base_manager.values())) for model in (Activity, AuditEvent, Job, Invitation, OutboxMessage)]
    told += [caplog.text, *capfd.readouterr(), str(dict(visitor.session))]
    assert not any(token in text for text in told)
    assert [one.to for one in mail.outbox if token in one.body + one.subject] == []


# --- the way in by e-mail -------------------------------------------------------------------------------------------


def test_somebody_new_chooses_a_name_and_a_password_and_is_in(world):
    agency = factories.organization(world.workspace)
    _row, token = invited(world, name="Ines", organization=agency, title="Planner", is_limited=True)
    client = Client()
    page = client.get(f"/i/{token}/")
    text = page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    assert f"{world.workspace.name} invites you" in text and 'value="Ines"' in text and "new@example.com" in text
    more = {"role": "owner", "email": "evil@example.com", "is_limited": ""}
    answer = client.post(f"/i/{token}/", {**NEW, **more})
    assert answer.status_code == 302 and answer["Location"] == f"{world.w}/"
    member = Membership.objects.get(user__email="new@example.com")
    assert (member.role, member.organization, member.title, member.is_limited) == ("member", agency, "Planner", True)
    assert member.user.name == "Ines New" and member.user.check_password(PASSWORD)
    assert client.get(f"{world.w}/", follow=True).status_code == 200 and Session.objects.filter(user=member.user)
    assert Activity.objects.get(verb="accounts.member_joined").user_id == member.user_id
    assert Activity.objects.get(verb="accounts.person_created", workspace_id=world.workspace.pk)
    assert Client().get(f"/i/{token}/").status_code == 410


@pytest.mark.parametrize(
    "typed",
    [
        {"name": " "},
        {"password": "short", "again": "short"},
        {"again": "another password"},
        {"password": "", "again": ""},
    ],
)
@pytest.mark.parametrize("password", ["1234567890", "password123", "new@example.com"])
def test_a_name_and_a_good_password_are_asked_for(world, typed, password):
    _row, token = invited(world)
    for values in ({**NEW, **typed}, {**NEW, "password": password, "again": password}):
        assert Client().post(f"/i/{token}/", values).status_code == 422
    assert not User.objects.filter(email="new@example.com").exists() and Invitation.objects.get().used_at is None


def test_whoever_has_an_account_signs_in_and_joins_with_one_tap(world):
    person = factories.person(email="known@example.com", name="Kim Known")
    _row, token = invited(world, email="KNOWN@example.com")
    client = Client()
    text = client.get(f"/i/{token}/").content.decode()
    assert 'href="/sign-in/?next=/invited/"' in text and 'name="password"' not in text
    client.post(f"/i/{token}/", NEW)
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD) and not Membership.objects.filter(user=person).exists()
    typed = {"login": person.email, "password": factories.PASSWORD, "next": "/invited/"}
    came = client.post("/sign-in/", typed)
    assert came.status_code == 302 and came["Location"] == "/invited/"
    assert "You are signed in as Kim Known" in client.get("/invited/").content.decode()
    assert client.post("/invited/", {})["Location"] == f"{world.w}/"
    assert Membership.objects.get(user=person).role == "member"
    assert client.get(f"/i/{token}/")["Location"] == f"{world.w}/", "whoever is there goes on"
    assert client.get("/invited/").status_code == 404


def test_signed_in_as_somebody_else_one_is_told_and_may_switch(world):
    _row, token = invited(world)
    stranger = factories.person(name="Sam Else")
    client = Client()
    client.force_login(stranger)
    text = client.get(f"/i/{token}/").content.decode()
    assert "This invitation is for new@example.com. You are signed in as Sam Else" in text
    client.post(f"/i/{token}/", {})
    client.post(f"/i/{token}/", NEW)
    assert not Membership.objects.filter(user=stranger).exists() and Invitation.objects.get().used_at is None
    answer = client.post(f"/i/{token}/", {"act": "switch"})
    assert answer["Location"] == "/invited/" and "_auth_user_id" not in client.session
    assert 'name="password"' in client.get("/invited/").content.decode()
    assert client.post("/invited/", NEW)["Location"] == f"{world.w}/"


def test_a_seat_is_somebody_else_too_and_leaves_the_keyboard(world, sean):
    Invitation.objects.all().delete()
    _row, token = invited(world, email=sean.email)
    client = factories.seat_client(sean)
    assert "You are signed in as Sean Seat" in client.get(f"/i/{token}/").content.decode()
    client.post(f"/i/{token}/", {"act": "switch"})
    assert sean.sessions.get().ended_at and client.get("/invited/").status_code == 200


def test_a_member_already_goes_to_the_workspace(world):
    _row, token = invited(world)
    carl = factories.member(world.workspace, email="new@example.com")
    client = Client()
    client.force_login(carl)
    assert client.get(f"/i/{token}/")["Location"] == f"{world.w}/"


# --- what shuts it --------------------------------------------------------------------------------------------------


def owner_gone(world, row):
    actions.deactivate_person(SYSTEM, user=row.made_by)


def inviter_demoted(world, row):
    Membership.objects.filter(user=row.made_by).update(role="member")


def inviter_removed(world, row):
    Membership.objects.filter(user=row.made_by).delete()


def role_raised(world, row):
    Invitation.objects.filter(pk=row.pk).update(role="owner")


def workspace_archived(world, row):
    Workspace.objects.filter(pk=row.workspace_id).update(archived_at=timezone.now())


def organization_archived(world, row):
    Organization.objects.filter(pk=row.organization_id).update(archived_at=timezone.now())


def used(world, row):
    Invitation.objects.filter(pk=row.pk).update(used_at=timezone.now())


def revoked(world, row):
    Invitation.objects.filter(pk=row.pk).update(revoked_at=timezone.now())


def expired(world, row):
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


SHUT = [
    (owner_gone, "may not give this access any more"),
    (inviter_demoted, "may not give this access any more"),
    (inviter_removed, "may not give this access any more"),
    (role_raised, "may not give this access any more"),
    (workspace_archived, "This workspace is closed"),
    (organization_archived, "The organisation you were invited for is gone"),
    (used, "used already"),
    (revoked, "taken back"),
    (expired, "expired"),
]


@pytest.mark.parametrize(("change", "sentence"), SHUT, ids=[change.__name__ for change, _ in SHUT])
def test_what_changed_meanwhile_shuts_it(world, change, sentence):
    boss = factories.member(world.workspace, role="manager", name="Mia Manager")
    agency = factories.organization(world.workspace)
    row, token = actions.invite_member(
        factories.actor_of(boss, world.workspace), role="member", email="new@example.com", organization=agency
    )
    seen = actions.invitation_of(token)
    change(world, row)
    for answer in (Client().get(f"/i/{token}/"), Client().post(f"/i/{token}/", NEW)):
        assert answer.status_code == 410 and sentence in answer.content.decode()
    with pytest.raises(PharosError, match=sentence):  # also for whoever had the page open
        actions.accept_member(seen, name="Ines", password=PASSWORD)
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_key_invites_as_long_as_it_and_its_maker_may(world):
    until = timezone.now() + timedelta(days=30)
    key, secret = actions.create_api_key(world.actor, name="HR", scopes=["*"], expires_at=until)
    headers = {"Authorization": f"Bearer {secret}"}
    made = Client(headers=headers).post(
        "/api/v1/invitations/", {"email": "new@example.com", "role": "viewer"}, content_type="application/json"
    )
    assert made.status_code == 201
    token = token_of(made)
    assert Client().get(f"/i/{token}/").status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    assert Client().get(f"/i/{token}/").status_code == 410


# --- by phone -------------------------------------------------------------------------------------------------------


def test_somebody_new_proves_the_invited_phone_by_a_code(world):
    _row, token = invited(world, email="", phone="138 0013 8000", name="Ping")
    client = Client()
    text = client.get(f"/i/{token}/").content.decode()
    assert "Send me a code" in text and "13800138000" not in text and 'name="password"' not in text
    client.post(f"/i/{token}/", NEW)
    assert not User.objects.filter(phone=NUMBER).exists(), "without a code nobody is in"
    assert client.post(f"/i/{token}/", {"act": "send"})["Location"] == "/invited/"
    assert [one["phone"] for one in send()] == [NUMBER]
    wrong = f"{(int(digits()) + 1) % 1_000_000:06d}"
    assert client.post("/invited/", {"code": wrong, "name": "Ping Li"}).status_code == 422
    answer = client.post("/invited/", {"code": digits(), "name": "Ping Li"})
    assert answer.status_code == 302 and answer["Location"] == f"{world.w}/"
    user = User.objects.get(phone=NUMBER)
    assert (user.name, user.email, user.has_usable_password()) == ("Ping Li", None, False)
    assert Membership.objects.get(user=user).role == "member" and Session.objects.get(user=user).method == "phone"


def test_a_code_for_another_invitation_or_purpose_proves_nothing(world):
    one, _token = invited(world, email="", phone=NUMBER)
    other, _token = invited(world, email="", phone="+8613900139000")
    code = actions.ask_invited_code(other)
    PhoneCode.objects.filter(pk=code.pk).update(used_at=timezone.now())
    unproved = actions.ask_invited_code(one)
    signing = actions.ask_sign_in_code(phone=NUMBER)
    PhoneCode.objects.filter(pk=signing.pk).update(used_at=timezone.now())
    for each in (code, unproved, signing, None):
        with pytest.raises(PharosError):
            actions.accept_member(one, name="X", code=each)
    assert not User.objects.filter(phone=NUMBER).exists()


def test_codes_are_not_sent_without_end(world):
    _row, token = invited(world, email="", phone=NUMBER)
    client = Client()
    answers = [client.post(f"/i/{token}/", {"act": "send"}).status_code for _turn in range(12)]
    assert answers[0] == 302 and answers[-1] == 422 and len(SENT) == 0


def test_a_known_phone_signs_in_and_a_person_without_it_is_told(world):
    _row, token = invited(world, email="", phone=NUMBER)
    stranger = factories.person(name="Sam Else")
    client = Client()
    client.force_login(stranger)
    text = client.get(f"/i/{token}/").content.decode()
    assert "without this number" in text and "/me/security/phone/" in text
    client.post(f"/i/{token}/", {})
    assert not Membership.objects.filter(user=stranger).exists()
    User.objects.filter(pk=stranger.pk).update(phone=NUMBER)
    assert "/sign-in/phone/?next=/invited/" in Client().get(f"/i/{token}/").content.decode()
    assert client.post(f"/i/{token}/", {})["Location"] == f"{world.w}/"
    assert Membership.objects.filter(user=stranger).exists()


# --- once -----------------------------------------------------------------------------------------------------------

THREADS = 50


def forgetful(invitation):
    """The control: look, then go on, without taking the invitation."""
    rules.check_invitation(invitation.state(now=timezone.now()), is_seat=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["as it is", "forgetful"])
def test_fifty_use_one_link_and_it_is_used_once(on_file, monkeypatch, how):
    """Each brings an address of their own, so that nothing but the link itself holds them back."""
    owner = factories.person()
    workspace = factories.workspace(owner)
    with scope(workspace=workspace.pk):
        _row, token = actions.invite_member(factories.actor_of(owner, workspace), role="viewer", email="n@example.com")
    people = [factories.person() for _each in range(THREADS)]
    monkeypatch.setattr(joining, "is_invited", lambda invitation, user: True)
    if how == "forgetful":
        monkeypatch.setattr(joining, "use_invitation", forgetful)
    outcomes = at_once(workspace, token, people)
    joined = Membership._base_manager.filter(workspace=workspace, role="viewer").count()
    assert outcomes.count("done") == joined and len(outcomes) == THREADS
    if how == "forgetful":
        assert joined > 1
    else:
        assert joined == 1 and outcomes.count("invitation_used") == THREADS - 1


def at_once(workspace, token, people):
    """What came of all who accept at the same time."""
    outcomes, start = [], threading.Barrier(len(people))

    def run(user):
        row = actions.invitation_of(token)
        start.wait()
        for _turn in range(20):
            try:
                with scope(workspace=workspace.pk):
                    actions.accept_member(row, user=user)
                outcomes.append("done")
                break
            except PharosError as refused:
                outcomes.append(refused.code)
                break
            except OperationalError:
                time.sleep(0.01)
        connections.close_all()

    threads = [threading.Thread(target=run, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
