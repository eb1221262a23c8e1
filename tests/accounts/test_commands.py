"""The shell door: people, workspaces and keys without a browser."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiKey, Membership, User, Workspace
from accounts.rules import key_hash
from tests import factories


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue().strip()


def test_a_key_is_printed_once_and_works(world):
    secret = run("create_api_key", world.owner.email.upper(), workspace=world.workspace.slug)
    assert secret.startswith("pharos_live_") and "\n" not in secret
    key = ApiKey.objects.get(key_hash=key_hash(secret))
    assert (key.scopes, key.made_by) == (["*"], world.owner)
    assert 364 <= (key.expires_at - key.created_at).days <= 365
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me/").json()
    assert (answer["kind"], answer["role"], answer["workspace"]) == ("service", "owner", world.workspace.slug)


def test_a_key_with_scopes_name_and_days(world):
    options = {"workspace": world.workspace.slug, "scopes": "campaigns:read, analytics:write", "name": "BI", "days": 7}
    secret = run("create_api_key", world.owner.email, **options)
    key = ApiKey.objects.get(last_four=secret[-4:])
    assert (key.scopes, key.name) == (["campaigns:read", "analytics:write"], "BI")
    assert 6 <= (key.expires_at - key.created_at).days <= 7


@pytest.mark.parametrize(
    ("email", "options", "sentence"),
    [
        ("nobody@example.com", {}, "no member"),
        (None, {"workspace": "no-such"}, "no member"),
        (None, {"scopes": "all"}, "Choose scopes"),
        (None, {"days": 400}, "within one year"),
        (None, {"days": 0}, "within one year"),
        (None, {"days": 10**12}, "within one year"),
    ],
)
def test_a_wrong_key_request_says_why(world, email, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("create_api_key", email or world.owner.email, **{"workspace": world.workspace.slug, **options})
    assert not ApiKey.objects.exists()


def test_a_viewer_makes_no_keys(world):
    viewer = factories.member(world.workspace, role="viewer")
    with pytest.raises(CommandError):
        run("create_api_key", viewer.email, workspace=world.workspace.slug)


def test_a_workspace_comes_with_its_owner(db):
    options = {"slug": "acme", "owner_email": "boss@example.com", "owner_name": "Boss", "password": factories.PASSWORD}
    assert run("create_workspace", "Acme", **options) == "/w/acme/"
    boss = User.objects.get(email="boss@example.com")
    assert boss.check_password(factories.PASSWORD)
    membership = Membership._base_manager.get(workspace__slug="acme")
    assert (membership.user, membership.role, membership.organization.kind) == (boss, "owner", "in_house")


def test_an_owner_who_exists_is_kept(world):
    run("create_workspace", "Second", slug="second", owner_email=world.owner.email)
    assert Membership._base_manager.get(workspace__slug="second").user == world.owner


@pytest.mark.parametrize("slug", ["Has Capitals", "api", "-x", "x" * 41])
def test_a_bad_address_leaves_nothing_behind(db, slug):
    with pytest.raises(CommandError):
        run("create_workspace", "Acme", slug=slug, owner_email="boss@example.com")
    assert not User.objects.exists() and not Workspace.objects.exists()


def test_an_address_is_taken_once(world):
    with pytest.raises(CommandError, match="taken"):
        run("create_workspace", "Again", slug=world.workspace.slug, owner_email=world.owner.email)


def test_a_person_is_made_once(db):
    run("create_person", "op@example.com", "Op", password=factories.PASSWORD, operator=True)
    assert User.objects.get().is_staff
    with pytest.raises(CommandError, match="already"):
        run("create_person", "OP@example.com", "Op")


def test_a_closed_account_is_out_at_once(world):
    client = world.client()
    run("deactivate_person", world.owner.email)
    assert client.get("/me/").status_code == 302
    with pytest.raises(CommandError):
        run("deactivate_person", "nobody@example.com")
