"""Eighteen principals × every route × method × kind of object; what each cell must say comes from the policies alone.

The ordinary suite asks a part of the table that holds every principal, route, method and kind; `make test-all` asks a
quarter of it, and with PHAROS_TEST_WHOLE=1 all, a principal at a time: `-m load -k "matrix_of and client-viewer"`.
"""

import os
import uuid
from collections import Counter
from zlib import crc32

import pytest
from django_scopes import scopes_disabled

from campaigns.api.campaigns import CampaignViewSet
from core import policy as gate
from core.models import Job
from core.policy import Policy, member, policies, policy_for
from tasks.querysets import TaskQuerySet
from tests.inventory import absent, inventory
from tests.principals import cast, is_open, read_rules_on_writing, refusal, without_policy
from tests.test_matrix import METHODS, UNSAFE, Ledger

pytestmark = pytest.mark.once

KINDS = ("own", "not invited", "archived", "foreign", "nonexistent")
PRINCIPALS = (  # the seventeen of the design, a manager, and a member who is limited to what is granted
    "anon", "door-only", "seat-viewer", "seat-contributor", "seat-lead", "seat-of-other-agency", "seat-expired",
    "seat-frozen", "client-viewer", "client-editor", "client-approver", "client-finance", "client-manager",
    "client-limited", "tenant-admin", "other-tenant-admin", "api-key-read", "api-key-write", "api-key-expired",
)  # fmt: skip
ANSWERS = {200, 302, 400, 404, 405}  # of what may be read: fragments want to be asked in a certain way
CLOSED = {403, 409}  # of what is archived: nothing is added to it, and the page says so
ONES_OWN = {"api:workspaces-detail", "api:sessions-detail", "accounts:session-end"}  # wherever one is asked
UNREADY = {"overview:healthz", "overview:readyz"}  # says 503 while no worker runs
ANY_VERSION = {"headers": {"If-Match": "*"}}
ELSEWHERE = ("account_logout", "schema", "docs", "api-not-found")  # ends what the next cell needs; no data at all
SHARE = 1 if os.environ.get("PHAROS_TEST_WHOLE") else 4
NEVER = {True: 999_999_999, False: uuid.UUID("01900000-0000-7000-8000-00000000dead")}


@pytest.fixture
def everybody(db):
    return cast()


def routes_here():
    return [route for route in inventory() if route.name not in ELSEWHERE]


def kinds_of(route, made):
    """Which kinds of object a route can name: what belongs to no campaign is not granted by campaign either."""
    if not (route.names_a_row or "code" in route.arguments):
        return ("own",)
    is_of_campaign = "code" in route.arguments or made.barred[route.model] is not made.mine[route.model]
    return KINDS if is_of_campaign else ("own", "foreign", "nonexistent")


def table(routes, made, people):
    """Every cell: (route, method, principal, kind)."""
    for route in routes:
        for method in ("GET", "POST", "PATCH", "DELETE") if route.is_api else ("GET", "POST"):
            for who in people.values():
                for kind in kinds_of(route, made):
                    yield route, method, who, kind


WHOLLY = {  # (methods, kinds)
    "anon": (METHODS, ("own", "foreign")),
    "client-viewer": (UNSAFE, ("own",)),
    "api-key-read": (UNSAFE, ("own",)),
}


def part(cells, share):
    """One cell in `share`, the same ones each time, and whatever must be refused to the three who get least."""
    for cell in cells:
        route, method, who, kind = cell
        number = crc32(f"{route.name} {method} {who.name} {kind}".encode())
        methods, kinds = WHOLLY.get(who.name, ((), ()))
        is_certain = method in methods and kind in kinds and not is_open(route, method, who)
        if is_certain or number % share == 0:
            yield cell


def path_of(made, route, kind):
    """The address of a kind of object, as asked for in the first workspace."""
    if kind == "nonexistent":
        pk = NEVER[isinstance(absent(route), int)] if route.names_a_row else None
        return route.path(made.mine, pk=pk, code="NOWHERE-1")
    return route.path(made.objects[kind], slug=made.mine.workspace.slug)


class Matrix:
    """Asks the cells and compares them with the table."""

    def __init__(self, made):
        self.made, self.ledger, self.seen = made, Ledger(), Counter()
        self.references = {}

    def ask(self, route, method, who, kind):
        there = path_of(self.made, route, kind)
        gone = [there, *NEVER.values(), "NOWHERE-1"]
        for one in self.made.objects.values():
            gone += [one["campaigns.campaign"].code, *([one[route.model].pk] if route.names_a_row else [])]
        return who.ask(method, there, gone, **ANY_VERSION if route.is_api else {})

    def check(self, route, method, who, kind):
        """One cell."""
        cell, asked = (who.name, route.name, method, kind), self.ask(route, method, who, kind)
        self.ledger.cells += 1
        self.seen[who.name] += 1
        for sentence in self.faults(route, method, who, kind, asked):
            self.ledger.faults.append(f"{' '.join(cell)}: {sentence}: {asked.short}")

    def faults(self, route, method, who, kind, asked):
        if asked.status >= 500 and route.name not in UNREADY:
            yield "a fault of ours"
        for canary in self.hidden_from(route, who):
            if canary in asked.body:
                yield "shows what this one may not see"
        if not is_open(route, method, who):
            yield from self.closed(route, method, who, asked)
        else:
            yield from self.opened(route, method, who, kind, asked)

    def hidden_from(self, route, who):
        """Words that stand in what this principal may not see."""
        if not who.is_foreign and route.name != "api:me":
            yield self.made.theirs.canary
        if who.is_limited:
            yield self.made.barred.canary
        if not who.role and not route.is_public and not who.seat:
            yield self.made.mine.canary

    def closed(self, route, method, who, asked):
        expected = refusal(route, method, who)
        if asked.status != expected:
            yield f"is not {expected}"
        if asked.writes:
            yield f"was refused and wrote {asked.writes[:1]}"

    def opened(self, route, method, who, kind, asked):
        if who.is_foreign and kind == "foreign" and route.name in ONES_OWN:
            return
        is_rivals = who.name == "seat-of-other-agency" and route.is_partners and route.names_a_row
        is_rivals &= route.model != "campaigns.campaign"  # which was granted to both
        is_absent = is_rivals or kind in ("foreign", "nonexistent") or (kind == "not invited" and who.is_limited)
        if method == "GET" and asked.writes:
            yield f"reading wrote {asked.writes[:1]}"
        if route.is_public:
            return
        if is_absent:
            if asked.status not in (302, 400, 403, 404, 405, 428):
                yield "what is not there answers"
            if asked.writes:
                yield f"wrote {asked.writes[:1]}"
            if kind != "nonexistent" and not asked.like(self.reference(route, method, who)):
                yield f"is not {self.reference(route, method, who).short}"
        elif method == "GET" and who.role == "owner" and not who.is_key and not found(kind, asked.status):
            yield "own things are found"

    def reference(self, route, method, who):
        key = route.name, method, who.name
        if key not in self.references:
            self.references[key] = self.ask(route, method, who, "nonexistent")
        return self.references[key]

    def close(self):
        self.ledger.close()


def found(kind, status):
    return status in ANSWERS or (kind == "archived" and status in CLOSED)


def ask_all(made, cells):
    matrix = Matrix(made)
    for cell in cells:
        matrix.check(*cell)
    return matrix


@pytest.mark.once(60)
def test_matrix_of_everybody_says_what_the_policies_say(everybody):
    routes, people = routes_here(), everybody.people
    assert set(people) == set(PRINCIPALS)
    cells = list(part(table(routes, everybody, people), share=80))
    assert len(cells) >= 10_000 and {kind for *_, kind in cells} == set(KINDS)
    assert {route for route in routes if not route.is_public} <= {route for route, *_ in cells}
    matrix = ask_all(everybody, cells)
    assert len(matrix.seen) == len(PRINCIPALS) and min(matrix.seen.values()) > 80
    matrix.close()


@pytest.mark.load
@pytest.mark.parametrize("name", PRINCIPALS)
def test_the_long_matrix_of(everybody, name):
    """The cells of a principal; all of them together are the whole table."""
    routes = routes_here()
    cells = part(table(routes, everybody, {name: everybody.people[name]}), share=SHARE)
    matrix = ask_all(everybody, cells)
    assert matrix.seen[name] > 4 * len(routes) // SHARE
    matrix.close()


def test_no_unsafe_method_is_guarded_by_a_rule_for_readers():
    assert list(read_rules_on_writing(policies())) == []


def test_every_route_has_its_policy():
    assert without_policy(inventory()) == []


@pytest.mark.once(15)
@pytest.mark.parametrize(
    "name",
    ["client-limited", *(pytest.param(f"seat-{one}", marks=pytest.mark.load) for one in ("viewer", "of-other-agency"))],
)
def test_what_is_refused_is_refused_with_all_that_hangs_on_it(everybody, name):
    """Whoever is refused a thing is refused its parts, files and figures; no list, search or export tells of it."""
    ledger, made, who = Ledger(), everybody, everybody.people[name]
    readable = [route for route in routes_here() if route.policy.reads is not None and not route.is_public]
    things = [route for route in readable if "not invited" in kinds_of(route, made)]
    ledger.cells += len(things)
    ledger.faults += [f"{name} {fault}" for fault in forgetful(made, who, things)]
    for route in readable:
        if route not in things:
            told = who.ask("GET", f"{route.path(made.mine)}?q=canary").body
            ledger.expect(made.barred.canary not in told, (name, route.name, "GET"), "tells of it")
    ledger.close()


def forgetful(made, who, routes):
    """Routes that answer for a thing of a campaign that was not granted, although its other routes refuse it."""
    for route in routes:
        there = path_of(made, route, "not invited")  # which an answer may repeat
        asked = who.ask("GET", there, (there, made.barred["campaigns.campaign"].code))
        if asked.status in (200, 206) or made.barred.canary in asked.body:
            yield f"{route.name} GET: answers for {route.model} of a campaign that was not granted"


# --- controls: a planted hole of each kind is found ------------------------------------------------------------------


def few(made, *names, people=("client-limited", "tenant-admin", "client-viewer", "anon")):
    """The cells of some routes and people."""
    routes = [route for route in routes_here() if route.name in names]
    assert routes
    return table(routes, made, {name: made.people[name] for name in people})


def test_without_a_hole_the_few_cells_are_clean(everybody):
    ask_all(everybody, few(everybody, "api:tasks-detail", "api:campaigns-detail", "tasks:task")).close()


def test_a_view_that_forgets_what_was_granted_is_found(everybody, monkeypatch):
    monkeypatch.setattr(TaskQuerySet, "within_reach", lambda self, *args, **kwargs: self)
    matrix = ask_all(everybody, few(everybody, "api:tasks-detail"))
    with pytest.raises(AssertionError, match="client-limited api:tasks-detail GET not invited: shows"):
        matrix.close()
    assert list(forgetful(everybody, everybody.people["client-limited"], [route_of("api:tasks-detail")]))


def test_a_refusal_that_writes_is_found(everybody, monkeypatch):
    plain = gate.refused_call

    def noted(request, policy):
        Job.objects.create(name="accounts.send_welcome")
        return plain(request, policy)

    monkeypatch.setattr(gate, "refused_call", noted)
    with pytest.raises(AssertionError, match="client-viewer api:tasks-detail POST own: was refused and wrote"):
        ask_all(everybody, few(everybody, "api:tasks-detail")).close()


def test_an_answer_that_tells_the_foreign_from_the_absent_is_found(everybody, monkeypatch):
    plain = CampaignViewSet.get_object

    def telling(self):
        with scopes_disabled():
            if self.model._base_manager.filter(pk=self.kwargs["pk"]).exclude(workspace=self.request.actor.workspace):
                self.permission_denied(self.request)
        return plain(self)

    monkeypatch.setattr(CampaignViewSet, "get_object", telling)
    with pytest.raises(AssertionError, match="tenant-admin api:campaigns-detail GET foreign: is not 404"):
        ask_all(everybody, few(everybody, "api:campaigns-detail")).close()


def test_a_route_that_lets_in_more_than_its_policy_says_is_found(everybody, monkeypatch):
    monkeypatch.setattr(Policy, "allows", lambda self, actor, method: actor.is_signed_in)
    with pytest.raises(AssertionError, match="client-viewer api:tasks-detail POST own: is not 403"):
        ask_all(everybody, few(everybody, "api:tasks-detail")).close()


def test_a_rule_for_readers_on_an_unsafe_method_is_found():
    planted = policies() | {"tasks:planted": Policy(reads=member, writes=member)}
    assert list(read_rules_on_writing(planted)) == ["tasks:planted"]


def test_a_route_without_a_policy_is_found(monkeypatch):
    monkeypatch.setattr("tests.inventory.policy_for", lambda name: None if name == "api:me" else policy_for(name))
    assert without_policy(inventory()) == ["api:me"]


def route_of(name):
    return next(route for route in inventory() if route.name == name)
