"""What the shell of every page shows: navigation, counts, the person and their look."""

import time
from functools import lru_cache

from django.db.models import F
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scopes_disabled

from accounts.backends import memberships_of
from accounts.rules.doors import OTHER_SEATS
from analytics.models import ExternalObject
from campaigns.models import Campaign
from core.actor import SYSTEM
from core.policy import policy_for

COUNTS_KEPT_SECONDS = 10
SHORT = {"w": gettext_lazy("Data")}  # what fits there
ON_A_PHONE = {"h", "c", "w", "u", "o", "t", "l", "d"}  # keys of the entries at the foot of a phone's page


def shell(request):
    """`nav` of base.html; nothing is asked of the database until a template reads it."""
    return {"nav": SimpleLazyObject(lambda: _nav(request))}


def _nav(request):
    actor = getattr(request, "actor", SYSTEM)
    nav = _person(actor)
    if actor.seat is not None:
        nav["door"] = _door(actor, request.session)
        return nav | _partner(actor, request.path)
    if not actor.role:
        return nav
    kwargs = getattr(request.resolver_match, "kwargs", {})
    code = kwargs.get("code", "")
    nav |= _workspace(request, code)
    if nav.get("campaign_name"):
        nav |= _campaign(actor, code, request.path)
    here = nav.get("campaign") or nav["workspace"]
    return nav | {"tabs": [_short(item) for item in here if item["key"] in ON_A_PHONE]}


def _short(item):
    return {**item, "label": SHORT.get(item["key"], item["label"])}


def _person(actor):
    """Who is signed in and how they like to see things."""
    if not actor.is_signed_in:
        return {"theme_url": _url("accounts:theme")}
    return {
        "person": str(actor.user),
        "initials": actor.user.initials,
        "theme": actor.user.theme,
        "density": actor.user.density,
        "theme_url": _url("accounts:theme"),
        "profile_url": _url("accounts:profile"),
        "sign_out_url": _url("account_logout"),
    }


def _door(actor, session):
    """What a seat does about itself: its seats (a lead), its PIN, other clients of the same person, the lock."""
    at = [actor.workspace.slug]
    items = [
        _item(actor, _("Our seats"), "users", "accounts:partner-seats", at),
        _item(actor, _("My sign-in"), "key", "accounts:partner-own", at),
    ]
    items += [
        {"label": label, "icon": "building", "url": f"{_url('accounts:door-seats')}?seat={pk}"}
        for pk, label in session.get(OTHER_SEATS, [])
    ]
    lock = {"label": _("Lock the screen"), "icon": "lock", "url": _url("accounts:door-lock"), "post": True}
    return [*filter(None, items), lock]


def _partner(actor, path):
    """The shell of a partner's pages: whose guest one is, who one is there, and the sections granted."""
    at = [actor.workspace.slug]
    tabs = [
        _item(actor, _("Home"), "home", "overview:partner-home", at, key="h"),
        _item(actor, _("Tasks"), "list-check", "tasks:partner-tasks", at, key="t"),
        _item(actor, _("Assets"), "photo", "assets:partner-assets", at, key="v"),
        _item(actor, _("Placements"), "calendar-stats", "overview:partner-placements", at, key="l"),
        _item(actor, _("Questions"), "messages", "campaigns:partner-questions", at, key="q"),
    ]
    more = [
        _item(actor, _("Brief"), "file-text", "campaigns:partner-briefs", at, key="b"),
        _item(actor, _("To review"), "square-check", "assets:partner-reviews", at, key="z"),
        _item(actor, _("Approved files"), "download", "assets:partner-archive", at, key="d"),
    ]
    found = _marked([*tabs, *more], path)
    shown = {item["url"] for item in tabs if item}
    return {
        "client": actor.workspace.name,
        "organization": str(actor.seat.organization),
        "partner_tabs": [item for item in found if item["url"] in shown],
        "partner_more": [item for item in found if item["url"] not in shown],
        "home_url": _url("overview:partner-home", *at),
    }


def _workspace(request, code):
    actor, path = request.actor, request.path
    slug = actor.workspace.slug
    campaign = _campaign_at(request, code)
    named, is_archived = (campaign.name, campaign.archived_at is not None) if campaign else ("", False)
    main = [
        _item(actor, _("Home"), "home", "overview:home", [slug], key="h"),
        _item(actor, _("My work"), "checkbox", "overview:my-work", [slug], key="j"),
        _item(actor, _("To review"), "square-check", "assets:reviews", [slug], key="z"),
        _item(actor, _("Campaigns"), "target-arrow", "campaigns:list", [slug], key="c"),
        _item(actor, _("Programmes"), "folder", "campaigns:programmes", [slug], key="p"),
        _item(actor, _("Data dashboard"), "chart-bar", "analytics:data-dashboard", [slug], key="w"),
        _item(actor, _("Imports"), "file-spreadsheet", "analytics:imports", [slug], key="i"),
        _item(actor, _("Data sources"), "plug-connected", "analytics:sources", [slug], key="r"),
        _item(actor, _("Unassigned"), "link-off", "analytics:unassigned", [slug], key="u", count=_unassigned_of(actor)),
        _item(actor, _("Ad accounts"), "credit-card", "placements:accounts", [slug]),
        _item(actor, _("Incidents"), "flame", "risks:incidents", [slug]),
        _item(actor, _("Playbooks"), "clipboard-list", "risks:playbooks", [slug]),
        _item(actor, _("Find in material"), "list-search", "placements:material", [slug]),
        _item(actor, _("Activity"), "history", "overview:activity", [slug], key="a"),
    ]
    settings = _allowed(actor, "accounts:settings", [slug]) or _allowed(actor, "accounts:people", [slug])
    return {
        "workspace": _marked(main, "" if named else path),
        "workspace_name": actor.workspace.name,
        "workspaces": [
            {"label": row.name, "url": row.get_absolute_url(), "active": row.pk == actor.workspace_id}
            for row in sorted((one.workspace for one in memberships_of(actor.user)), key=lambda row: row.name)
        ],
        "campaign_name": named,
        "campaign_archived": is_archived,
        "create": _create(actor, slug, code if named and not is_archived else ""),
        "home_url": reverse("overview:home", args=[slug]),
        "search_url": reverse("overview:search-json", args=[slug]),
        "settings_url": settings,
    }


def _campaign(actor, code, path):
    at = [actor.workspace.slug, code]
    items = [
        _item(actor, _("Overview"), "dashboard", "overview:cockpit", at, key="o"),
        _item(actor, _("Brief"), "file-text", "campaigns:brief", at, key="b"),
        _item(actor, _("Goals and KPIs"), "target", "campaigns:goals", at, key="k", also="kpis/"),
        _item(actor, _("Traceability"), "route", "overview:trace", at, key="y"),
        _item(actor, _("Team"), "users", "campaigns:team", at, key="m"),
        _item(actor, _("RACI"), "grid-dots", "raci:matrix", at, key="q"),
        _item(actor, _("Plan"), "list-check", "tasks:list", at, key="t", also="problems/"),
        _item(actor, _("Gantt"), "timeline-event", "tasks:gantt", at, key="g"),
        _item(actor, _("Readiness"), "checks", "overview:readiness", at, also="access/"),
        _item(actor, _("Phases"), "timeline", "campaigns:phases", at, key="f"),
        _item(actor, _("Budget"), "wallet", "campaigns:budget", at, key="s"),
        _item(actor, _("Assets"), "photo", "assets:list", at, key="v"),
        _item(actor, _("Placements"), "calendar-stats", "placements:list", at, key="l"),
        _item(actor, _("Dashboard"), "chart-line", "analytics:dashboard", at, key="d"),
        _item(actor, _("Expected ranges"), "adjustments", "analytics:ranges", at, key="e"),
        _item(actor, _("Risks"), "alert-triangle", "risks:list", at, key="x", also="incidents/"),
        _item(actor, _("Questions"), "messages", "campaigns:questions", at),
        _item(actor, _("Notes"), "note", "campaigns:notes", at, key="n"),
        _item(actor, _("Campaign settings"), "settings", "campaigns:settings", at),
    ]
    return {"campaign": _marked(items, path), "campaign_url": reverse("overview:cockpit", args=at)}


def _create(actor, slug, code):
    """What the "New" menu offers here."""
    at = [slug, code]
    in_campaign = [
        _item(actor, _("New task"), "list-check", "tasks:create", at),
        _item(actor, _("New asset"), "photo", "assets:create", at),
        _item(actor, _("New placement"), "plus", "placements:create", at),
        _item(actor, _("Start a playbook"), "flame", "risks:start", at),
    ]
    in_campaign = in_campaign if code else []
    everywhere = [
        _item(actor, _("New campaign"), "target-arrow", "campaigns:create", [slug]),
        _item(actor, _("Upload report files"), "upload", "analytics:imports", [slug], writes=True),
        _item(actor, _("Invite a person"), "user-plus", "accounts:invite", [slug]),
    ]
    return [item for item in (*in_campaign, *everywhere) if item]


def _item(actor, label, icon, name, args, *, key="", count=0, also="", writes=False):
    """An entry of the navigation; None where the person may not open (or, with `writes`, use) the page."""
    url = _allowed(actor, name, args, "POST" if writes else "GET")
    return url and {"label": label, "icon": icon, "url": url, "key": key, "count": count, "also": also}


def _allowed(actor, name, args, method="GET"):
    policy = policy_for(name)
    return _url(name, *args) if policy and policy.allows(actor, method) else ""


def _url(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _marked(items, path):
    """The entries, the one whose address is the longest beginning of `path` marked as the page at hand."""
    found = [item for item in items if item]
    top = found[0]["url"] if found else ""

    def fit(item):
        if item["url"] == path:
            return len(path) + 1
        if item["also"] and path.startswith(top + item["also"]):
            return len(top + item["also"])
        return len(item["url"]) if item is not found[0] and path.startswith(item["url"]) else 0

    best = max(found, key=fit, default=None)
    return [item | {"active": item is best and fit(item) > 0} for item in found]


def _campaign_at(request, code):
    """The campaign of the address, if the actor may see it: the one the page has found, else asked for."""
    found = getattr(request, "campaign", None)
    if found or not code:
        return found
    with scopes_disabled():
        return Campaign.objects.visible_to(request.actor).filter(code=code).only("name", "archived_at").first()


def _unassigned_of(actor):
    return unassigned_count(actor.workspace_id, int(time.monotonic() // COUNTS_KEPT_SECONDS))


@lru_cache(maxsize=256)
def unassigned_count(workspace_id, _moment):
    """How many counted objects of the platforms have no link, nor an ancestor with one; kept for some seconds."""
    with scopes_disabled():
        return (
            ExternalObject.objects.filter(
                workspace_id=workspace_id, level=F("account_link__ad_account__counting_level")
            )
            .filter(links=None, parent__links=None, parent__parent__links=None)
            .count()
        )
