"""The menu of saved views beside a table, the tabs of a workspace's settings, the ways to sign in."""

from allauth.socialaccount.adapter import get_adapter
from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import SavedView
from core.policy import policy_for

register = template.Library()


@register.inclusion_tag("accounts/_saved_views.html", takes_context=True)
def saved_views(context, page):
    """The actor's views of the table `page` (its URL name), and a form to keep the filters in force."""
    request = context["request"]
    views = list(SavedView.objects.visible_to(request.actor).of_page(page))
    query = request.GET.urlencode()
    for view in views:
        view.is_active = view.query == query
    return {"request": request, "views": views, "page": page, "query": query, "slug": request.actor.workspace.slug}


@register.simple_tag(takes_context=True)
def ways_to_sign_in(context):
    """What this installation offers besides the password."""
    return {"phone": settings.PHONE_SIGN_IN, "providers": get_adapter().list_providers(context["request"])}


SETTINGS = (
    ("accounts:settings", _("Workspace")),
    ("accounts:people", _("People")),
    ("accounts:organizations", _("Organisations")),
    ("accounts:calendars", _("Calendars")),
    ("accounts:absences", _("Absences")),
    ("campaigns:vocabulary", _("Vocabulary")),
    ("assets:standards", _("Output standards")),
    ("assets:routes", _("Review routes")),
    ("campaigns:exchange-rates", _("Exchange rates")),
    ("campaigns:thresholds", _("Approval thresholds")),
    ("accounts:api-keys", _("API keys")),
)
"""The pages of a workspace's settings; who may not read one does not see its tab."""


@register.simple_tag(takes_context=True)
def settings_tabs(context):
    """The settings pages this actor may read, the one at hand marked."""
    request = context["request"]
    addresses = [(label, address_for(request.actor, name)) for name, label in SETTINGS]
    tabs = [{"label": label, "url": url} for label, url in addresses if url]
    best = max((tab["url"] for tab in tabs if request.path.startswith(tab["url"])), key=len, default="")
    return [{**tab, "active": tab["url"] == best} for tab in tabs]


def address_for(actor, name):
    """The address of a page of the workspace, "" if it is not served or the actor may not read it."""
    policy = policy_for(name)
    try:
        return reverse(name, args=[actor.workspace.slug]) if policy and policy.allows(actor, "GET") else ""
    except NoReverseMatch:
        return ""
