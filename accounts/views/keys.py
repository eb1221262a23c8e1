"""API keys and saved views."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import ApiKeyForm, SavedViewForm, scope_words
from accounts.models import ApiKey, SavedView
from accounts.views import form_page
from core.errors import RuleBroken
from core.policy import is_own


def api_keys(request, slug):
    rows = ApiKey.objects.visible_to(request.actor).select_related("made_by").order_by("-created_at")
    now = timezone.now()
    names = dict(actions.campaigns_for(request.actor))
    for row in rows:
        row.shown_state = row.state(now=now)
        row.scope_words = [scope_words(scope) for scope in row.scopes]
        row.campaigns = [names.get(campaign_id, campaign_id) for campaign_id in row.campaign_ids]
    return render(request, "accounts/api_keys.html", {"keys": rows})


@never_cache
def api_key_add(request, slug):
    """The answer to the form is the only place that ever shows the secret."""
    form = ApiKeyForm(request.POST or None, campaigns=actions.campaigns_for(request.actor))
    if form.carries_out(lambda **typed: actions.create_api_key(request.actor, **typed)):
        key, secret = form.result
        return render(request, "accounts/api_key_made.html", {"key": key, "secret": secret})
    return form_page(request, "accounts/api_key_add.html", form)


@require_POST
def api_key_revoke(request, slug, pk):
    key = get_object_or_404(ApiKey.objects.visible_to(request.actor).select_related("user"), pk=pk)
    actions.revoke_api_key(request.actor, key=key)
    messages.success(request, _("%(name)s is revoked.") % {"name": key})
    return redirect("accounts:api-keys", slug)


@require_POST
def saved_views(request, slug):
    """Save the filters of a table; `page` and `next` may stand in the address or in the form."""
    form = SavedViewForm({**request.GET.dict(), **request.POST.dict()})
    if form.carries_out(lambda **typed: actions.save_view(request.actor, **typed)):
        messages.success(request, _("The view is saved."))
        return redirect(_table_of(request, form.result.query))
    raise RuleBroken(" ".join(text for texts in form.errors.values() for text in texts), code="invalid")


@require_POST
def saved_view_delete(request, slug, pk):
    view = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=pk)
    actions.delete_view(request.actor, view=view)
    messages.success(request, _("The view is deleted."))
    return redirect(_table_of(request, ""))


def _table_of(request, query):
    """The table the person came from, with the view's filters; only a page of ours."""
    url = (request.POST.get("next") or request.GET.get("next") or request.headers.get("Referer", "")).partition("?")[0]
    if not is_own(request, url):
        url = request.actor.workspace.get_absolute_url()
    return f"{url}?{query}" if query else url
