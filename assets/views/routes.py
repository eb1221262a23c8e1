"""Review routes of the workspace and of a campaign: list, make, change, copy, archive."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organization
from assets import actions
from assets.forms import LevelFormSet, RouteForm
from assets.models import ReviewRoute
from assets.permissions import can_route
from assets.rules.criteria import CRITERIA
from campaigns.choices import Function
from campaigns.views import find_campaign, undone
from core.errors import PharosError, require
from core.text import listed
from tasks.forms import people_of

LEVEL = ("name", "position", "quorum", "quorum_count", "due_days", "functions", "criteria", "is_private")


def listing(request, slug, code=""):
    """The templates of the workspace; of a campaign its own routes, and the templates to copy from."""
    campaign = find_campaign(request, code) if code else None
    is_archive = request.GET.get("archived") == "1"
    rows = ReviewRoute.objects.visible_to(request.actor).filter(archived_at__isnull=not is_archive).with_levels()
    rows = rows.of_or_template(campaign) if campaign else rows.filter(campaign=None)
    routes = [dressed(row) for row in rows.order_by(F("campaign").asc(nulls_last=True), "name")]
    context = {
        "slug": slug,
        "campaign": campaign,
        "is_archive": is_archive,
        "groups": grouped(routes, campaign),
        "may_write": bool(can_route(request.actor, campaign)),
        "may_keep_templates": bool(can_route(request.actor, None)),
        "new_url": reverse("assets:campaign-route-create", args=[slug, code])
        if campaign
        else reverse("assets:route-create", args=[slug]),
    }
    return render(request, "assets/routes.html", context)


def grouped(routes, campaign):
    """[(title, routes, whether they are templates)]."""
    own = [route for route in routes if route.campaign_id]
    templates = [route for route in routes if not route.campaign_id]
    found = [(_("Routes of this campaign"), own, False), (_("Templates of the workspace"), templates, True)]
    return [group for group in found if group[1] or (campaign and not group[2])]


def dressed(route):
    """The route with its levels by step, in words."""
    steps = {}
    for level in route.levels.all():
        people = [Function(one).label for one in level.functions if one in Function.values]
        people += [user.name for user in level.users.all()]
        people += [level.organization.name] if level.organization else []
        level.asks = listed(people, get_language())
        level.looks_at = listed((CRITERIA[code] for code in level.criteria if code in CRITERIA), get_language())
        steps.setdefault(level.position, []).append(level)
    route.steps = list(steps.values())
    return route


def create(request, slug, code=""):
    campaign = find_campaign(request, code) if code else None
    require(can_route(request.actor, campaign))
    form, levels = RouteForm(request.POST or None), levels_of(request, initial=[{"position": 1}])

    def act(**typed):
        return actions.create_route(request.actor, campaign=campaign, levels=levels.values(), **typed)

    return edited(request, form, levels, act, campaign=campaign, slug=slug)


def edit(request, slug, pk):
    route = route_of(request, pk)
    require(can_route(request.actor, route.campaign))
    form = RouteForm(request.POST or None, row=route)
    levels = levels_of(request, initial=[shape(level) for level in route.levels.all()])

    def act(**typed):
        return actions.update_route(request.actor, route=route, levels=levels.values(), **typed)

    return edited(request, form, levels, act, campaign=route.campaign, slug=slug, route=route)


def shape(level):
    """A stored level as its form begins; steps are counted from one."""
    values = {name: getattr(level, name) for name in LEVEL}
    users = [str(user.pk) for user in level.users.all()]
    return {**values, "position": level.position + 1, "users": users, "organization": str(level.organization_id or "")}


def levels_of(request, initial):
    """The forms of the levels, one more when another level was asked for."""
    shared = {
        "people": list(people_of(request.actor)),
        "organizations": list(Organization.objects.visible_to(request.actor).active().order_by("name")),
    }
    if request.method != "POST":
        return LevelFormSet(initial=initial, form_kwargs=shared, prefix="level")
    data = request.POST.copy()
    if "more" in data:
        count = data.get("level-TOTAL_FORMS", "")
        count = int(count) if count.isascii() and count.isdecimal() and len(count) < 3 else 0
        data |= {"level-TOTAL_FORMS": str(min(count + 1, 20))}
        data[f"level-{count}-position"] = str(count + 1)
        data[f"level-{count}-due_days"] = "2"
    return LevelFormSet(data, initial=initial, form_kwargs=shared, prefix="level")


def edited(request, form, levels, act, *, campaign, slug, route=None):
    """The form, filled in or carried out. Adding a level only shows one more."""
    is_more = "more" in request.POST
    if not is_more and form.is_bound and levels.is_valid() and form.carries_out(act):
        messages.success(request, _("“%(name)s” is saved.") % {"name": form.result})
        return redirect(address(slug, campaign))
    refused = form.is_bound and not is_more
    context = {"form": form, "levels": levels, "campaign": campaign, "slug": slug, "route": route}
    context |= {"back_url": address(slug, campaign), "is_refused": refused, "is_more": is_more}
    return render(request, "assets/route.html", context, status=422 if refused else 200)


def address(slug, campaign):
    if campaign is None:
        return reverse("assets:routes", args=[slug])
    return reverse("assets:campaign-routes", args=[slug, campaign.code])


def route_of(request, pk):
    return get_object_or_404(ReviewRoute.objects.visible_to(request.actor).with_levels(), pk=pk)


@require_POST
def copy(request, slug, code, pk):
    """A template as the campaign's own."""
    campaign, route = find_campaign(request, code), route_of(request, pk)
    if route.campaign_id not in (None, campaign.pk):
        raise Http404
    try:
        made = actions.copy_route(
            request.actor, route=route, campaign=campaign, name=request.POST.get("name", "")[:120]
        )
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(address(slug, campaign))
    messages.success(request, _("“%(name)s” is this campaign's own now.") % {"name": made})
    return redirect("assets:route", slug, made.pk)


@require_POST
def archive(request, slug, pk):
    route = actions.archive_route(request.actor, route=route_of(request, pk))
    undo = reverse("assets:route-restore", args=[slug, pk])
    messages.success(request, _("“%(name)s” is archived.") % {"name": route}, extra_tags=undo)
    return redirect(address(slug, route.campaign))


@require_POST
def restore(request, slug, pk):
    route = actions.restore_route(request.actor, route=route_of(request, pk))
    return undone(request, _("“%(name)s” is back.") % {"name": route}, address(slug, route.campaign))
