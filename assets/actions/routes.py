"""Acts on review routes: make, change, copy into a campaign, archive."""

import json
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import ReviewRoute, RouteLevel
from assets.permissions import can_route
from assets.rules import review as rules
from assets.rules.criteria import check_criteria
from campaigns.actions.writing import archive, once, restore
from core.audit import record
from core.errors import Invalid, require
from core.swap import swap

DATA = Path(__file__).resolve().parent.parent / "data" / "review_routes.json"
LEVEL = (
    "position",
    "name",
    "criteria",
    "quorum",
    "quorum_count",
    "due_days",
    "is_private",
    "functions",
    "organization",
)
MOST_LEVELS = 20


def _name_once():
    return once("name", _("Another review route has this name."))


@transaction.atomic
def create_route(actor, *, name, levels=(), campaign=None, note=""):
    """Make a route with its levels (dicts of LEVEL and `users`); without a campaign it is a template."""
    require(can_route(actor, campaign))
    workspace_id = campaign.workspace_id if campaign else actor.workspace_id
    with _name_once():
        route = ReviewRoute.objects.create(workspace_id=workspace_id, campaign=campaign, name=_named(name), note=note)
    _write_levels(route, levels)
    record(actor, "assets.route_created", route)
    return route


def _named(name):
    if not name.strip():
        sentence = _("Give the route a name.")
        raise Invalid(sentence, code="name", errors={"name": sentence})
    return name.strip()


@transaction.atomic
def update_route(actor, *, route, seen=None, levels=None, **changes):
    """Change a route's name, note, and as a whole its levels; reviews that run keep the levels they began with."""
    require(can_route(actor, route.campaign))
    if "name" in changes:
        changes["name"] = _named(changes["name"])
    with _name_once():
        diff = swap(route, seen=seen, **changes)
    if levels is not None:
        before = [str(level) for level in route.levels.all()]
        route.levels.all().delete()
        _write_levels(route, levels)
        if not diff:
            swap(route, updated_at=timezone.now())  # whoever holds the old levels sees that they changed
        diff |= {"levels": [before, [level["name"] for level in levels]]}
    if diff:
        record(actor, "assets.route_changed", route, changes=diff)
    return route


def _write_levels(route, levels):
    if len(levels) > MOST_LEVELS:
        raise Invalid(_("A route holds at most %(most)d levels.") % {"most": MOST_LEVELS}, code="too_many")
    for place, given in enumerate(levels):
        values = {"position": place, "due_days": 2, "quorum": "all", "quorum_count": None, **given}
        users = list(values.pop("users", ()))
        is_asked = bool(users or values.get("functions") or values.get("organization"))
        checked = {name: values[name] for name in ("name", "quorum", "quorum_count", "due_days")}
        rules.check_level(**checked, is_asked=is_asked)
        check_criteria(values.get("criteria", ()))
        kept = {name: values[name] for name in LEVEL if name in values}
        own = {"workspace_id": route.workspace_id, "campaign_id": route.campaign_id, "route": route}
        RouteLevel.objects.create(**own, **kept).users.set(users)


@transaction.atomic
def copy_route(actor, *, route, campaign, name=""):
    """A campaign's own copy of a route."""
    levels = [
        {**{field: getattr(level, field) for field in LEVEL}, "users": list(level.users.all())}
        for level in route.levels.prefetch_related("users").select_related("organization")
    ]
    return create_route(actor, campaign=campaign, name=name or route.name, note=route.note, levels=levels)


@transaction.atomic
def archive_route(actor, *, route, seen=None):
    """Take a route out of use; reviews that run go on. Twice is once."""
    require(can_route(actor, route.campaign))
    return archive(actor, route, "route_archived", seen=seen)


@transaction.atomic
def restore_route(actor, *, route, seen=None):
    """Take a route out of the archive; twice is once."""
    require(can_route(actor, route.campaign))
    return restore(actor, route, "route_restored", seen=seen)


@transaction.atomic
def load_routes(actor, *, workspace):
    """Give a workspace the templates it lacks, in its own language."""
    language = workspace.language if workspace.language in ("en", "zh-hans") else "en"
    known = set(ReviewRoute._base_manager.filter(workspace=workspace, campaign=None).values_list("name", flat=True))
    for entry in json.loads(DATA.read_text(encoding="utf-8")):
        if entry["name"][language] in known:
            continue
        own = {"workspace": workspace, "name": entry["name"][language], "note": entry["note"][language]}
        route = ReviewRoute._base_manager.create(**own)
        for level in entry["levels"]:
            RouteLevel._base_manager.create(
                workspace=workspace, route=route, **level | {"name": level["name"][language]}
            )
