"""What every REST route shares: strict JSON, problem+json, ETag and If-Match, one envelope for lists."""

import base64
import json
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError
from django.test import Client

from accounts.models import Organization
from core.api.errors import ExceptionHandler
from core.api.parsers import strict_loads
from core.api.views import etag
from tests import factories

JSON = "application/json"


@pytest.fixture
def row(world):
    return factories.organization(world.workspace, name="Blue Fox")


def url(row):
    return f"/api/v1/organizations/{row.pk}/"


def is_problem(answer, status, code):
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == status and body["title"] and body["detail"] and isinstance(body["errors"], list)
    return body


# --- the parser -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, "\\u5f20", null, true]}', {"a": [1, "张", None, True]}),
        ("1.10", Decimal("1.10")),
        ("-2.5e-3", Decimal("-0.0025")),
        ('"\\ud83d\\ude00"', "😀"),
        ('"[[[[ \\\\\\" {{{{"', '[[[[ \\" {{{{'),
        ("[" * 32 + "]" * 32, json.loads("[" * 32 + "]" * 32)),
    ],
)
def test_good_json_is_read_exactly(text, value):
    assert strict_loads(text) == value and strict_loads(text.encode()) == value


BAD = [
    "[" * 33 + "]" * 33,
    '{"a":' * 33 + "1" + "}" * 33,
    "[" * 100_000,
    '{"a":' * 100_000,
    '"\\u0000"',
    '{"a\\u0000": 1}',
    '["\\ud800"]',
    '{"a": {"b": "x\\udfff"}}',
    "NaN",
    "[Infinity]",
    "-Infinity",
    "1e999999999999999999999",
    "1e401",
    "1e-999999",
    "1" * 5000,
    "",
    "{",
    "{'a': 1}",
    '{"a": 1,}',
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:12]))
def test_bad_json_is_refused(text):
    with pytest.raises(ValueError):
        strict_loads(text)


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:12]))
def test_bad_json_answers_400_with_a_sentence(owner, text):
    answer = owner.post("/api/v1/organizations/", text, content_type=JSON)
    body = is_problem(answer, 400, "parse_error" if text else "invalid")
    assert len(body["detail"]) < 400


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "1"])
def test_a_body_that_is_no_object_is_refused(owner, text):
    is_problem(owner.post("/api/v1/organizations/", text, content_type=JSON), 400, "invalid")


# --- problems -------------------------------------------------------------------------------------------------------


def test_400_names_each_field(owner):
    body = is_problem(owner.post("/api/v1/organizations/", {"kind": "zoo"}, content_type=JSON), 400, "invalid")
    assert {error["attr"] for error in body["errors"]} == {"name", "kind"}
    assert all(error["code"] and error["detail"] for error in body["errors"])


def test_401_403_404_405_409_415(world, owner, viewer, row):
    is_problem(Client().get(url(row)), 401, "not_authenticated")
    is_problem(viewer.post("/api/v1/organizations/", {"name": "X"}, content_type=JSON), 403, "permission_denied")
    is_problem(owner.get("/api/v1/organizations/01a20900-0000-7000-8000-000000000000/"), 404, "not_found")
    is_problem(owner.get("/api/v1/organizations/nonsense/"), 404, "not_found")
    is_problem(owner.get("/api/v1/nothing/"), 404, "not_found")
    is_problem(owner.get("/api/nothing"), 404, "not_found")
    is_problem(owner.post("/api/v1/workspaces/", {}, content_type=JSON), 405, "method_not_allowed")
    is_problem(owner.put(url(row), {}, content_type=JSON), 405, "method_not_allowed")
    is_problem(owner.post("/api/v1/organizations/", {"name": row.name}, content_type=JSON), 409, "name_taken")
    is_problem(owner.post("/api/v1/organizations/", "name=x", content_type="text/plain"), 415, "unsupported_media_type")


def test_a_session_needs_its_csrf_token(world):
    client = Client(enforce_csrf_checks=True, headers={"Pharos-Workspace": world.workspace.slug})
    client.force_login(world.owner)
    answer = client.post("/api/v1/organizations/", {"name": "X"}, content_type=JSON)
    assert is_problem(answer, 403, "permission_denied")["detail"].startswith("CSRF")
    page = client.get("/me/")
    token = client.cookies["csrftoken"].value
    assert page.status_code == 200
    answer = client.post("/api/v1/organizations/", {"name": "X"}, content_type=JSON, headers={"X-CSRFToken": token})
    assert answer.status_code == 201


def test_foreign_and_nonexistent_rows_answer_alike(row, stranger, other):
    with_header = {"headers": {"Pharos-Workspace": other.workspace.slug}}
    none = "/api/v1/organizations/01a20900-0000-7000-8000-000000000000/"
    for method in ("get", "patch", "delete"):
        answers = (
            [getattr(stranger, method)(address, content_type=JSON, **with_header) for address in (url(row), none)]
            if method != "get"
            else [stranger.get(address, **with_header) for address in (url(row), none)]
        )
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("error", "status", "code"), [(IntegrityError("x"), 409, "conflict"), (DataError("x"), 400, "invalid")]
)
def test_what_the_database_refuses_is_no_fault_of_ours(rf, error, status, code):
    answer = ExceptionHandler(error, {"request": rf.get("/api/v1/x/"), "view": None}).run()
    assert (answer.status_code, answer.data["status"], answer.data["code"]) == (status, status, code)


@pytest.mark.parametrize("address", ["/api/v1/organizations/?kind=%00", "/w/a%00b/", "/api/v1/members/%00/"])
def test_nul_in_an_address_is_a_bad_request(owner, address):
    assert owner.get(address).status_code == 400


# --- ETag and If-Match ----------------------------------------------------------------------------------------------


def patch(client, row, values, **headers):
    return client.patch(url(row), values, content_type=JSON, headers=headers)


def test_a_single_row_has_an_etag_and_304(owner, row):
    answer = owner.get(url(row))
    assert answer["ETag"] == etag(row)
    again = owner.get(url(row), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == answer["ETag"]
    assert owner.get(url(row), headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_change_needs_the_etag_that_was_read(owner, row):
    is_problem(patch(owner, row, {"name": "Red Fox"}), 428, "precondition_required")
    is_problem(owner.delete(url(row)), 428, "precondition_required")
    is_problem(patch(owner, row, {"name": "Red Fox"}, **{"If-Match": '"old"'}), 412, "stale")
    changed = patch(owner, row, {"name": "Red Fox"}, **{"If-Match": etag(row)})
    assert changed.status_code == 200 and changed["ETag"] != etag(row) and changed.json()["lock_version"] == 2
    is_problem(patch(owner, row, {"name": "Grey Fox"}, **{"If-Match": etag(row)}), 412, "stale")
    is_problem(owner.delete(url(row), headers={"If-Match": etag(row)}), 412, "stale")
    assert Organization.objects.get(pk=row.pk).name == "Red Fox"


def test_a_star_takes_whatever_is_there(owner, row):
    assert patch(owner, row, {"name": "Red Fox"}, **{"If-Match": "*"}).status_code == 200


def test_428_is_said_in_the_readers_language(owner, row):
    owner.cookies["django_language"] = "en"
    assert "If-Match" in patch(owner, row, {"name": "x"}).json()["detail"]


@pytest.mark.parametrize("field", ["id", "workspace", "workspace_id", "lock_version", "archived_at", "created_at"])
def test_only_documented_fields_change(owner, row, other, field):
    hostile = {"id": str(other.workspace.pk), "lock_version": 99}.get(field, str(other.workspace.pk))
    before = Organization.objects.filter(pk=row.pk).values().get()
    answer = patch(owner, row, {field: hostile}, **{"If-Match": etag(row)})
    assert answer.status_code == 200 and Organization.objects.filter(pk=row.pk).values().get() == before


# --- lists ----------------------------------------------------------------------------------------------------------


def test_lists_share_one_envelope_and_pages_never_overlap(world, owner):
    made = {str(factories.organization(world.workspace, name=f"Agency {n}").pk) for n in range(7)}
    seen, address = [], "/api/v1/organizations/?limit=3"
    while address:
        answer = owner.get(address)
        body = answer.json()
        assert set(body) == {"next", "previous", "results"} and len(body["results"]) <= 3
        assert (body["next"] is not None) == ('rel="next"' in answer.get("Link", ""))
        seen += [entry["id"] for entry in body["results"]]
        address = body["next"]
    assert len(seen) == len(set(seen)) == 8 and made < set(seen)


@pytest.mark.parametrize("position", ["garbage", "01a20900", "p=x&o=-1", "é", "1" * 5000])
def test_a_made_up_cursor_leads_nowhere(owner, position):
    cursor = base64.b64encode(f"p={position}".encode()).decode()
    answer = owner.get("/api/v1/organizations/", {"cursor": cursor})
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"


@pytest.mark.parametrize("limit", ["0", "-1", "abc", "99999999999999999999", ""])
def test_a_strange_limit_is_harmless(owner, limit):
    assert owner.get("/api/v1/organizations/", {"limit": limit}).status_code == 200


def test_an_unknown_filter_value_is_named(owner):
    is_problem(owner.get("/api/v1/organizations/?kind=zoo"), 400, "invalid")
