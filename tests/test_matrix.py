"""Who reaches what: every route × method × stranger × object, generated from the routes themselves. All others stand in
tests/test_principals.py.

Nobody learns that a thing of another workspace exists: it answers as one that never was. Whoever is refused changes
nothing. No answer is a fault of ours.
"""

import re
import uuid
from collections import Counter
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django_scopes import scopes_disabled

from campaigns.models import Campaign
from campaigns.querysets import CampaignQuerySet
from core.context import Context, using
from core.policy import OWN as OWN_RULES
from tests import factories, processes
from tests.inventory import Route, absent, fill, inventory, key_of

pytestmark = pytest.mark.once

SAFE, UNSAFE = ("GET",), ("POST", "PATCH", "DELETE")
METHODS = (*SAFE, *UNSAFE)
ON_PAGES = ("GET", "POST")
BY_RULE = ("GET", "POST")  # of whoever is refused by policy, which has one rule for reading and one for writing
NOWHERE = "nowhere-at-all"
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b.*?\b(?:INTO|UPDATE|FROM)?\s*\"?(\w+)", re.IGNORECASE)
OURS_TO_WRITE = ("django_session", "django_cache", "last_used_at", "seen_at")  # what a refusal may touch
ONES_OWN = ("api:me", "api:sessions-end-others")  # about whoever asks, in whichever workspace
SECRETS = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce=")[^"]*')


@dataclass
class Ledger:
    """What was asked and what came of it."""

    cells: int = 0
    faults: list = field(default_factory=list)

    def expect(self, is_right, cell, what):
        self.cells += 1
        if not is_right:
            self.faults.append(f"{' '.join(map(str, cell))}: {what}")

    def close(self):
        """Print the count; fail with the first faults, and where a request started a program."""
        self.faults += [f"somebody somewhere: a request started {one}" for one in dict.fromkeys(processes.taken())]
        print(f"{self.cells} cells, {len(self.faults)} unexpected")
        kinds = Counter(fault.split(":")[0].split()[1] for fault in self.faults)
        assert not self.faults, f"{len(self.faults)} unexpected, by route {dict(kinds)}\n" + "\n".join(self.faults[:60])


@dataclass
class Answer:
    status: int
    body: str
    writes: list

    def like(self, other):
        return (self.status, self.body) == (other.status, other.body)

    @property
    def short(self):
        return f"{self.status} {self.body[:160]!r}"


@dataclass
class Person:
    """Somebody who asks: a browser, or a program with a key."""

    name: str
    client: Client

    def ask(self, method, path, gone=(), **extra):
        """The answer, with whatever differs from request to request taken out; nothing it wrote stays."""
        writes = []

        def watch(execute, sql, params, many, context):
            found = WRITES.match(sql)
            if found and not any(name in sql for name in OURS_TO_WRITE):
                writes.append(sql[:120])
            return execute(sql, params, many, context)

        sent = {} if method in SAFE else {"content_type": "application/json", "data": "{}"}
        if method == "POST" and not path.startswith("/api/"):
            sent = {"data": {}}
        self.client.raise_request_exception = False
        cookies = deepcopy(self.client.cookies)  # whoever signs out, or is told something, is as before afterwards
        with transaction.atomic(), using(Context()):
            with connection.execute_wrapper(watch), processes.watched():
                response = getattr(self.client, method.lower())(path, **{**sent, **extra})
                body = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return Answer(response.status_code, plain(body, response.get("Location", ""), gone), writes)


def plain(body, location, gone):
    text = SECRETS.sub(r"\1", body.decode("utf-8", "replace") + location)
    for word in gone:
        text = text.replace(str(word), "…").replace(str(word).replace("-", ""), "…")
    return text


@dataclass
class World:
    mine: object
    theirs: object
    people: dict


def browser(user, slug=""):
    client = Client(headers={"Pharos-Workspace": slug} if slug else {})
    client.force_login(user)
    return client


def program(secret):
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def world(db):
    """Two filled workspaces, and everybody who might ask for things of the first."""
    mine, theirs = fill("mine"), fill("theirs")
    slug = mine.workspace.slug
    with scopes_disabled():
        people = {
            "anonymous": Client(),
            "stranger": browser(theirs.owner, slug),
            "stranger-at-home": browser(theirs.owner, theirs.workspace.slug),
            "owner": browser(mine.owner, slug),
            "key-of-theirs": program(key_of(theirs, ["*"])[1]),
            "seat": factories.seat_client(mine["accounts.seat"]),
        }
    return World(mine, theirs, {name: Person(name, client) for name, client in people.items()})


PAGES = [route for route in inventory() if not route.is_api and route.in_workspace]
REST = [route for route in inventory() if route.is_api]
OWN = [route for route in inventory() if not route.is_api and not route.in_workspace]


def refusals(ledger, person, route, method, asked, reference, mine):
    """A refusal answers like what never was, leaks nothing and writes nothing."""
    cell = (person.name, route.name, method)
    ledger.expect(asked.status < 500, cell, asked.short)
    ledger.expect(asked.like(reference), cell, f"{asked.short} is not {reference.short}")
    ledger.expect(mine.canary not in asked.body, cell, "shows words of the other workspace")
    ledger.expect(not asked.writes, cell, f"wrote {asked.writes[:1]}")


@pytest.mark.once(10)
def test_pages_of_a_workspace_are_nowhere_for_strangers(world):
    ledger, mine = Ledger(), world.mine
    nowhere = f"/w/{NOWHERE}/"
    references = {
        (name, method): world.people[name].ask(method, nowhere, (nowhere,))
        for name in ("stranger", "anonymous")
        for method in ON_PAGES
    }
    for route in PAGES:
        here = route.path(mine)
        for method in ON_PAGES:
            for name in ("stranger", "anonymous"):
                asked = world.people[name].ask(method, here, (here,))
                refusals(ledger, world.people[name], route, method, asked, references[name, method], mine)
                expected = 302 if name == "anonymous" else 404
                ledger.expect(asked.status == expected, (name, route.name, method), asked.short)
            keyed = world.people["key-of-theirs"].ask(method, here)
            ledger.expect(keyed.status == 302, ("key", route.name, method), keyed.short)
    ledger.close()


@pytest.mark.once(20)
def test_things_of_another_workspace_never_were_on_pages(world):
    """The owner, in their own workspace, names a row of the other one."""
    ledger, mine, theirs, absence = Ledger(), world.mine, world.theirs, None
    for route in PAGES:
        foreign = {}
        if route.names_a_row:
            foreign["pk"] = (theirs.of(route).pk, absent(route))
        if "code" in route.arguments:
            foreign["code"] = (theirs["campaigns.campaign"].code, "NOWHERE-1")
        for argument, (theirs_, never) in foreign.items():
            there, nowhere = route.path(mine, **{argument: theirs_}), route.path(mine, **{argument: never})
            person, gone = world.people["owner"], (there, nowhere, theirs_, never)
            for method in ON_PAGES:
                asked = person.ask(method, there, gone)
                is_known = method == "POST" and asked.status == 404 and asked.like(absence)
                reference = absence if is_known else person.ask(method, nowhere, gone)
                absence = reference if reference.status == 404 else absence
                refusals(ledger, person, route, method, asked, reference, theirs)
                ledger.expect(asked.status in (404, 405, 403), ("owner", route.name, method), asked.short)
    ledger.close()


@pytest.mark.once(25)
@pytest.mark.parametrize("name", ["key-of-theirs", pytest.param("stranger-at-home", marks=pytest.mark.load)])
def test_rest_never_shows_another_workspace(world, name):
    """By session in the other's name, and with a key or by session at home: foreign is as absent as made up."""
    isolation(world, REST, name).close()


def isolation(world, routes, at_home="key-of-theirs"):
    """What strangers get of REST routes: one who names the other workspace, and one at home."""
    ledger, mine, nowhere = Ledger(), world.mine, {}
    for route in routes:
        if route.is_public or route.name in ONES_OWN:
            continue
        here = route.path(mine)
        for method in BY_RULE:
            stranger = world.people["stranger"]
            asked, rule = stranger.ask(method, here, (here,)), route.policy.rule_for(method)
            kind = (method, here) if rule in OWN_RULES else (method, rule is None)
            if kind not in nowhere:  # in a workspace that never was its routes answer alike
                nowhere[kind] = stranger.ask(method, here, (here,), headers={"Pharos-Workspace": NOWHERE})
            refusals(ledger, stranger, route, method, asked, nowhere[kind], mine)
        for method in METHODS if route.names_a_row else ():
            never = absent(route)
            there = route.path(mine, pk=never)
            person, gone = world.people[at_home], (here, there, mine.of(route).pk, never)
            asked, reference = person.ask(method, here, gone), person.ask(method, there, gone)
            refusals(ledger, person, route, method, asked, reference, mine)
            expected = (403, 405) if route.is_partners else (400, 404, 405)
            ledger.expect(asked.status in expected, (at_home, route.name, method), asked.short)
    return ledger


@pytest.mark.once(20)
@pytest.mark.parametrize("routes", [[*PAGES, *OWN], REST], ids=["pages", "rest"])
def test_whoever_may_gets_an_answer(world, routes):
    """No fault of ours anywhere; reading writes nothing; own things are found."""
    ledger, mine = Ledger(), world.mine
    for route in routes:
        for method in METHODS if route.is_api else (*ON_PAGES, "DELETE"):
            with patch.object(Template, "render", return_value="") if method == "DELETE" else nullcontext():
                asked = world.people["owner"].ask(method, route.path(mine))
            cell = ("owner", route.name, method)
            if method == "DELETE" and not route.is_api:
                ledger.expect(not asked.writes, cell, f"a page wrote by DELETE {asked.writes[:1]}")
            ledger.expect(asked.status < 500 or route.name == "overview:healthz", cell, asked.short)
            ledger.expect(world.theirs.canary not in asked.body, cell, "shows words of the other workspace")
            if method == "GET":
                ledger.expect(not asked.writes, cell, f"wrote {asked.writes[:1]}")
            if route.is_partners:
                ledger.expect(asked.status in (403, 405), cell, f"partners' routes are closed: {asked.short}")
            elif method == "GET" and route.policy.reads and (route.in_workspace or route.is_api):
                ledger.expect(asked.status in (200, 302, 400, 405), cell, f"own things are found: {asked.short}")
    ledger.close()


NEEDS_BYTES = {  # what shows or hands out a file needs one that is what it says; a link is used up by its tests
    "assets:partner-picture",
    "assets:partner-review-picture",
    "overview:partner-slot-picture",
    "assets:partner-video",
    "assets:partner-review-video",
    "assets:partner-take",
    "api:partner-downloads-content",
}


@pytest.mark.once(10)
@pytest.mark.parametrize("routes", [PAGES, REST], ids=["pages", "rest"])
def test_a_seat_reaches_the_routes_of_partners_and_no_other(world, routes):
    """What is its organisation's is found there; every other route of the workspace is nowhere to it."""
    ledger, mine, seat = Ledger(), world.mine, world.people["seat"]
    own = ("anyone", "signed_in", "seat", "seat_at_work", "seat_lead")
    for route in routes:
        for method in METHODS if route.is_api and route.is_partners else BY_RULE:
            asked, cell = seat.ask(method, route.path(mine)), ("seat", route.name, method)
            ledger.expect(asked.status < 500, cell, asked.short)
            rule = route.policy.rule_for(method) if route.is_partners else route.policy.reads or route.policy.writes
            if getattr(rule, "__name__", "") not in own and not route.is_partners:
                ledger.expect(asked.status in (403, 404, 405), cell, asked.short)
                ledger.expect(f"Olga {mine.canary}" not in asked.body, cell, "names the client's people")
                ledger.expect(not asked.writes, cell, f"wrote {asked.writes[:1]}")
            is_leads = getattr(rule, "__name__", "") == "seat_lead"
            if method == "GET" and route.is_partners and rule and not is_leads and route.name not in NEEDS_BYTES:
                ledger.expect(asked.status in (200, 302), cell, f"own things are found: {asked.short}")
    ledger.close()


@pytest.mark.parametrize("routes", [PAGES, REST], ids=["pages", "rest"])
def test_things_of_another_partner_never_were(world, routes):
    """The seat of one workspace names a row of the other's: as absent as one that was made up."""
    ledger, mine, theirs, seat = Ledger(), world.mine, world.theirs, world.people["seat"]
    for route in routes:
        if not (route.is_partners and route.names_a_row):
            continue
        foreign, never = theirs[route.model].pk, absent(route)
        there, nowhere = route.path(mine, pk=foreign), route.path(mine, pk=never)
        for method in METHODS if route.is_api else ON_PAGES:
            gone = (there, nowhere, foreign, never)
            refusals(
                ledger, seat, route, method, seat.ask(method, there, gone), seat.ask(method, nowhere, gone), theirs
            )
    ledger.close()


def test_a_view_without_scope_is_found(world, monkeypatch):
    """The control: one forgotten filter, and the matrix says so."""

    def everybodys(self, actor):
        return CampaignQuerySet(Campaign).all()

    monkeypatch.setattr(CampaignQuerySet, "visible_to", everybodys)
    with pytest.raises(AssertionError, match="api:campaigns-detail GET: shows words of the other workspace"):
        isolation(world, [route for route in REST if route.name.startswith("api:campaigns-")]).close()


def test_an_unknown_argument_is_named(world):
    strange = Route("campaigns:strange", ("slug", "thing"), "", None)
    with pytest.raises(AssertionError, match=r"tests/inventory.py knows no value for \['thing'\]"):
        strange.path(world.mine)


def test_every_route_has_a_policy():
    assert not [route.name for route in inventory() if route.policy is None]
    assert len(inventory()) > 150
    assert uuid.UUID(str(absent(next(route for route in REST if route.model == "campaigns.goal"))))
