"""One's own pages: the start, the choice of a workspace, profile, language and theme."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.choices import LANGUAGES, Theme
from accounts.forms import ProfileForm
from accounts.models import User, Workspace
from accounts.views import form_page
from core.policy import is_own

YEAR = 365 * 24 * 3600
LANGUAGE_COOKIE, THEME_COOKIE = settings.LANGUAGE_COOKIE_NAME, "theme"


def start(request):
    """Where a person lands after sign-in: in their only workspace, else at the choice of one."""
    mine = Workspace.objects.visible_to(request.actor)[:2]
    return redirect(mine[0]) if len(mine) == 1 else redirect("accounts:workspaces")


def workspaces(request):
    mine = Workspace.objects.visible_to(request.actor).order_by("name")
    return render(request, "accounts/workspaces.html", {"workspaces": mine})


def profile(request):
    me = User.objects.get(pk=request.actor.user_id)
    form = ProfileForm(request.POST or None, row=me)
    if form.carries_out(lambda **values: actions.change_profile(request.actor, **values)):
        me = form.result
        with translation.override(me.language or translation.get_language()):
            messages.success(request, _("Your profile is saved."))
        return remember(redirect("accounts:profile"), language=me.language, theme=me.theme)
    return form_page(request, "accounts/profile.html", form, me=me)


@require_POST
def language(request):
    """Switch the language here and, when signed in, in the profile."""
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        raise Http404
    if request.actor.is_signed_in:
        actions.change_profile(request.actor, language=chosen)
    return remember(redirect(back(request)), language=chosen)


@require_POST
def theme(request):
    """Switch between light, dark and the device's look."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        raise Http404
    if request.actor.is_signed_in:
        actions.change_profile(request.actor, theme=chosen)
    return remember(HttpResponse(status=204), theme=chosen)


def back(request):
    """The page of ours the person came from."""
    url = request.POST.get("next", "")
    return url if is_own(request, url) else reverse("accounts:start")


def remember(response, *, language=None, theme=None):
    """Keep language and theme in cookies, so that signed-out pages and the first paint know them; "" forgets."""
    for name, value in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        if value:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.BEHIND_TLS)
        elif value == "":
            response.delete_cookie(name, samesite="Lax")
    return response


def set_password(request):
    """Who has no password yet proves their address first, by the reset mail."""
    return redirect("account_reset_password")


def closed(request):
    """People are invited; nobody signs up from outside."""
    raise Http404
