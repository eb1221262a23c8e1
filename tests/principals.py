"""The principals who ask, what is known of each, and what the policy table makes of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts.choices import PARTNER_AREAS, SCOPE_AREAS
from accounts.models import Membership, Seat
from tests import factories
from tests.inventory import fill, further, key_of
from tests.test_matrix import Person, browser, program

LIMITED = {"tasks": "write", "campaigns": "read", "accounts": "read"}


@dataclass
class Principal(Person):
    """Somebody who asks, and the facts by which the policies judge."""

    role: str = ""
    seat: str = ""
    has_account: bool = True
    scopes: tuple | None = None  # of a key
    areas: dict | None = None  # of who is limited to what was granted
    is_foreign: bool = False

    @property
    def is_key(self):
        return self.scopes is not None

    @property
    def is_limited(self):
        return self.areas is not None


@dataclass
class Cast:
    """Workspace `mine` with three campaigns, workspace `theirs`, and everybody."""

    mine: object
    barred: object  # of the same workspace; whoever is limited was not granted it
    archived: object
    theirs: object
    people: dict = field(default_factory=dict)

    @property
    def objects(self):
        return {"own": self.mine, "not invited": self.barred, "archived": self.archived, "foreign": self.theirs}


def cast():
    """The eighteen principals of the matrix before two workspaces."""
    mine, theirs = fill("mine"), fill("theirs")
    made = Cast(mine, further(mine), further(mine, archived_at=timezone.now()), theirs)
    with scopes_disabled():
        everybody = [*_outsiders(made), *_seats(made), *_members(made), *_keys(made)]
    made.people = {one.name: one for one in everybody}
    return made


def _outsiders(made):
    slug = made.mine.workspace.slug
    yield Principal("anon", Client(), has_account=False)
    yield Principal("other-tenant-admin", browser(made.theirs.owner, slug), is_foreign=True)


def _seats(made):
    later = timezone.now() + timedelta(hours=1)  # neither touched nor too old a proof while the matrix runs
    at = {"seen_at": later, "proved_at": later}
    agency, campaign = made.mine["accounts.organization"], made.mine["campaigns.campaign"]
    all_areas = dict.fromkeys(PARTNER_AREAS, "write")
    for name, role in (("seat-viewer", "reader"), ("seat-contributor", "contributor"), ("seat-lead", "lead")):
        client = factories.seat_client(factories.seat(agency, name=f"Seat {role}", role=role), **at)
        yield Principal(name, client, seat=role, areas=all_areas)
    rival = factories.organization(made.mine.workspace, name="Rival")
    factories.grant(rival, campaign)
    client = factories.seat_client(factories.seat(rival), **at)
    yield Principal("seat-of-other-agency", client, seat="contributor", areas=all_areas)
    past = timezone.now() - timedelta(days=1)
    for name, values in (("seat-expired", {"expires_at": past}), ("seat-frozen", {"frozen_at": past})):
        seat = factories.seat(agency, name=name)
        yield Principal(name, factories.seat_client(seat), has_account=False)
        Seat.objects.filter(pk=seat.pk).update(**values)
    yield Principal("door-only", factories.door_client(agency.door), has_account=False)


def _members(made):
    workspace, slug = made.mine.workspace, made.mine.workspace.slug
    yield Principal("tenant-admin", browser(made.mine.owner, slug), role="owner")
    names = {"manager": "manager", "editor": "member", "viewer": "viewer", "approver": "approver", "finance": "finance"}
    for name, role in names.items():
        user = factories.member(workspace, role=role, name=f"Client {role}")
        yield Principal(f"client-{name}", browser(user, slug), role=role)
    user = factories.member(workspace, name="Client limited")
    membership = Membership.objects.get(user=user)
    Membership.objects.filter(pk=membership.pk).update(is_limited=True)
    granted = {"areas": LIMITED, "campaign_id": made.mine["campaigns.campaign"].pk}
    apps.get_model("accounts.Grant").objects.create(workspace=workspace, membership=membership, **granted)
    yield Principal("client-limited", browser(user, slug), role="member", areas=LIMITED)


def _keys(made):
    for name, scopes in (("api-key-read", ["*:read"]), ("api-key-write", ["*"])):
        yield Principal(name, program(key_of(made.mine, scopes)[1]), role="owner", scopes=tuple(scopes))
    expired = program(key_of(made.mine, ["*"], is_expired=True)[1])
    yield Principal("api-key-expired", expired, has_account=False)


# --- what the table says -------------------------------------------------------------------------------------------

SAFE = {"GET", "HEAD", "OPTIONS"}
NOBODY = {"operator"}  # rules that admit none of the principals here
BY_SEAT = {"seat": {"reader", "contributor", "lead"}, "seat_at_work": {"contributor", "lead"}, "seat_lead": {"lead"}}


def admits(rule, who):
    """What a rule means for a principal, told by its name: an account of the rules that shares no line with them."""
    name = getattr(rule, "__name__", "nobody")
    if name == "anyone":
        return True
    if name in BY_SEAT:
        return who.seat in BY_SEAT[name]
    if not who.has_account or name in NOBODY | {"nobody"}:
        return False
    if name == "signed_in":
        return True
    if name == "person":
        return not who.seat
    if name == "member":
        return bool(who.role)
    if name == "whole_manager":
        return who.role in ("owner", "manager") and not who.is_limited
    return who.role in rule.roles


def covers(area, who, verb):
    """Does a key's scope, and what was granted, cover a section?"""
    granted = who.areas is None or {"write": {"write"}, "read": {"read", "write"}}[verb] & {who.areas.get(area)}
    return bool(granted) and (who.scopes is None or bool({"*", f"*:{verb}"} & set(who.scopes)))


def is_open(route, method, who):
    """Does the policy of a route let a principal in?"""
    rule = route.policy.reads if method in SAFE else route.policy.writes
    verb = "read" if method in SAFE else "write"
    who_here = who if route.is_api or not who.is_key else Principal(who.name, who.client, has_account=False)
    area = route.policy.area
    return admits(rule, who_here) and (not area or covers(area, who_here, verb))


def refusal(route, method, who):
    """The status of a policy's no: sign in, nothing here, not by this method, forbidden."""
    rule = route.policy.reads if method in SAFE else route.policy.writes
    has_account = who.has_account and (route.is_api or not who.is_key)
    if not has_account:
        return 401 if route.is_api else 302
    if route.is_api:
        return 405 if rule is None else 404 if not who.role else 403
    is_at_home = who.is_foreign and not route.in_workspace  # the only workspace they have
    told = rule or route.policy.reads or route.policy.writes
    return 404 if not (who.role or is_at_home) and getattr(told, "__name__", "") not in ("anyone", "signed_in") else 403


# --- what the table may not say ------------------------------------------------------------------------------------

READING = {"anyone", "signed_in", "person", "member", "seat"}  # whoever may look
OWN_THINGS = {  # what everybody who may look also writes: their own account, calendar, views; the act asks whose it is
    "account_", "set_language", "accounts:profile", "accounts:theme", "accounts:calendar", "accounts:absence",
    "accounts:saved-view", "accounts:session", "accounts:account", "accounts:partner-", "mfa_", "socialaccount_",
    "accounts:security", "accounts:phone", "accounts:door", "accounts:invit", "accounts:passk", "accounts:sign",
    "api:me", "api:work-calendars", "api:calendar-days", "api:absences", "api:saved-views", "api:sessions",
    "api:partner-sessions", "api:partner-devices", "api:partner-proof", "api:partner-passkeys", "api:partner-pin",
    "api:partner-drafts",
    "guests:",  # who holds the link
    "assets:partner-download", "assets:partner-archive", "api:partner-downloads", "overview:partner-slot-download",
    "api:partner-slots-download",  # a download leaves a line, hence a POST; whoever may look may download
    "api-not-found",
}  # fmt: skip


def read_rules_on_writing(policies):
    """Routes whose unsafe methods are guarded by no more than a rule for readers."""
    for name, policy in policies.items():
        guarded = getattr(policy.writes, "__name__", "") in READING
        if guarded and not name.startswith(tuple(OWN_THINGS)):
            yield name


def without_policy(routes):
    return [route.name for route in routes if route.policy is None]


SECTIONS = {*PARTNER_AREAS, *SCOPE_AREAS}
