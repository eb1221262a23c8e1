"""The lists of people, organisations and keys: what they show, sort, filter and export, and at what cost."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django_scopes import scope

from accounts.models import Membership, SavedView
from tests import factories
from tests.conftest import build

PEOPLE = "/settings/people/"
ORGANIZATIONS = "/settings/organizations/"


@pytest.fixture
def crowd(world):
    """Three further people, one of them of an agency."""
    agency = factories.organization(world.workspace, name="Blue Fox")
    people = [factories.member(world.workspace, role=role, name=name) for name, role in NAMES]
    Membership.objects.filter(user=people[0]).update(organization=agency, title="Media buyer")
    return people


NAMES = [("Zhang Wei", "member"), ("Li Na", "viewer"), ("Bo Chen", "viewer")]


def table(answer):
    """The rows of the page's table as HTML."""
    return answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]


def shown(answer):
    """The names in the order of the table."""
    body = table(answer)
    return [name for _at, name in sorted((body.index(name), name) for name in NAMED if name in body)]


NAMED = ["Ana Owner", "Zhang Wei", "Li Na", "Bo Chen", "Blue Fox"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ana Owner", "Bo Chen", "Li Na", "Zhang Wei"]),
        ("o=-name", ["Zhang Wei", "Li Na", "Bo Chen", "Ana Owner"]),
        ("role=viewer", ["Bo Chen", "Li Na"]),
        ("role=nonsense&o=password", ["Ana Owner", "Bo Chen", "Li Na", "Zhang Wei"]),
        ("q=media", ["Zhang Wei"]),
        ("q=zhang&role=viewer", []),
    ],
)
def test_people_are_searched_filtered_and_sorted(world, owner, crowd, query, names):
    answer = owner.get(f"{world.w}{PEOPLE}?{query}")
    assert [name for name in shown(answer) if name != "Blue Fox"] == names
    rows = list(csv.reader(io.StringIO(owner.get(f"{world.w}{PEOPLE}?{query}&export=csv").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == names


def test_an_export_is_a_workbook_too(world, owner, crowd):
    for page in (PEOPLE, ORGANIZATIONS):
        answer = owner.get(f"{world.w}{page}?export=xlsx")
        assert answer.content[:2] == b"PK" and answer["Content-Disposition"].startswith("attachment")


def test_a_name_that_looks_like_a_formula_is_text(world, owner):
    factories.member(world.workspace, name="=HYPERLINK(1)")
    assert b"'=HYPERLINK(1)" in owner.get(f"{world.w}{PEOPLE}?export=csv").content


def test_long_lists_have_pages(world, owner):
    for n in range(55):
        factories.organization(world.workspace, name=f"Agency {n:02}")
    first = owner.get(f"{world.w}{ORGANIZATIONS}?kind=agency").content.decode()
    second = owner.get(f"{world.w}{ORGANIZATIONS}?kind=agency&page=2").content.decode()
    assert "Agency 49" in first and "Agency 50" not in first and "Agency 54" in second
    assert "kind=agency" in first.partition('rel="next"')[2][:80]
    assert owner.get(f"{world.w}{ORGANIZATIONS}?page=nonsense").status_code == 200


def test_archived_organizations_have_their_own_list(world, owner, crowd):
    row = factories.organization(world.workspace, name="Old Agency")
    owner.post(f"{world.w}{ORGANIZATIONS}{row.pk}/archive/")
    assert "Old Agency" not in table(owner.get(f"{world.w}{ORGANIZATIONS}"))
    assert "Old Agency" in table(owner.get(f"{world.w}{ORGANIZATIONS}?archived=1"))


def test_a_viewer_reads_people_but_sees_no_buttons(world, viewer, crowd):
    page = viewer.get(f"{world.w}{PEOPLE}").content.decode()
    assert "Zhang Wei" in page and "people/new/" not in page and "api-keys" not in page
    assert viewer.get(f"{world.w}/settings/api-keys/").status_code == 403


def test_saved_views_are_offered_on_their_page_alone(world, owner):
    values = {"workspace": world.workspace, "user": world.owner}
    SavedView.objects.create(**values, page="accounts:people", name="Viewers", query="role=viewer")
    SavedView.objects.create(**values, page="accounts:organizations", name="Agencies", query="kind=agency")
    page = owner.get(f"{world.w}{PEOPLE}?role=viewer").content.decode()
    assert 'href="?role=viewer" aria-current="true">Viewers' in page and ">Agencies<" not in page


def test_a_manager_sees_that_owners_are_the_owners_affair(world):
    manager = world.client(factories.member(world.workspace, role="manager"))
    mine = Membership.objects.get(user=world.owner)
    page = manager.get(f"{world.w}{PEOPLE}{mine.pk}/").content.decode()
    assert "Only an owner changes an owner." in page and "/remove/" not in page


def test_the_language_switch_works_signed_out_and_in(world, client):
    answer = client.post("/me/language/", {"language": "zh-hans", "next": "/sign-in/?next=/me/"})
    assert answer["Location"] == "/sign-in/?next=/me/" and answer.cookies["django_language"].value == "zh-hans"
    assert client.get("/sign-in/")["Content-Language"] == "zh-hans"
    signed_in = world.client()
    signed_in.post("/me/language/", {"language": "zh-hans", "next": "//evil.example"})
    world.owner.refresh_from_db()
    assert world.owner.language == "zh-hans"
    assert client.post("/me/language/", {"language": "xx"}).status_code == 404
    assert client.post("/me/language/", {"language": "en", "next": "//evil.example"})["Location"] == "/"
    assert client.get("/me/language/").status_code == 405


def test_the_theme_is_kept_in_profile_and_cookie(world, client):
    assert client.post("/me/theme/", {"theme": "dark"}).cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
    signed_in = world.client()
    assert signed_in.post("/me/theme/", {"theme": "light"}).status_code == 204
    world.owner.refresh_from_db()
    assert world.owner.theme == "light"
    assert signed_in.post("/me/theme/", {"theme": ""}).cookies["theme"].value == ""
    assert client.post("/me/theme/", {"theme": "neon"}).status_code == 404


def test_somebody_without_a_workspace_is_told_what_to_do(db):
    someone = factories.person()
    client = Client()
    client.force_login(someone)
    page = client.get("/", follow=True)
    assert page.status_code == 200 and someone.email in page.content.decode()


@pytest.mark.parametrize("page", ["people", "organizations", "api-keys"])
def test_lists_cost_the_same_however_long(world, owner, assert_budget, page):
    for n in range(20):
        factories.member(world.workspace, name=f"Person {n}")
        factories.organization(world.workspace, name=f"Agency {n}")
    with assert_budget(f"accounts:{page}"):
        assert owner.get(f"{world.w}/settings/{page}/").status_code == 200


@pytest.mark.parametrize("route", ["workspaces", "members", "organizations", "api-keys", "saved-views", "me"])
def test_routes_cost_the_same_however_long(world, owner, assert_budget, route):
    for n in range(20):
        factories.member(world.workspace, name=f"Person {n}")
        factories.organization(world.workspace, name=f"Agency {n}")
    with assert_budget(f"api:{route}-list" if route != "me" else "api:me"):
        assert owner.get(f"/api/v1/{route}/").status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_cannot_both_go():
    world = build()
    second = factories.member(world.workspace, role="owner")
    with scope(workspace=world.workspace.pk):
        rows = {m.user_id: m.pk for m in Membership.objects.all()}

    def leave(user):
        try:
            client, pk = world.client(user), rows[user.pk]
            return client.delete(f"/api/v1/members/{pk}/", headers={"If-Match": "*"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, [world.owner, second])) == [204, 409]


def test_of_two_who_make_the_same_thing_at_once_the_second_is_told(world, owner, monkeypatch):
    factories.organization(world.workspace, name="Blue Fox")
    monkeypatch.setattr(
        "accounts.actions.workspaces._check_name_is_free", lambda *args, **kwargs: None
    )  # both looked before
    body = {"name": "Blue Fox", "kind": "agency"}
    answers = [
        owner.post(f"{world.w}/settings/organizations/new/", body),
        owner.post("/api/v1/organizations/", body, "application/json"),
    ]
    for answer in answers:
        assert answer.status_code == 409 and "made the same thing just now" in answer.content.decode()
