"""Signing in from elsewhere: by an account at a provider, or by a code sent to a phone."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.choices import CodePurpose
from accounts.forms.sign_in import CodeForm, PhoneForm
from accounts.models import PhoneCode
from accounts.views import form_page
from accounts.views.codes import may_send, proves, with_phones
from accounts.views.security import fresh

CODE = "sign_in_code"


def provider_of(request, provider_id):
    try:
        return get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


# --- providers ------------------------------------------------------------------------------------------------------


@require_POST
@never_cache
def lead_out(request, provider_id):
    """On to a provider, by a page of ours: a form may not be redirected to another site (form-action)."""
    return _lead_out(request, provider_of(request, provider_id), AuthProcess.LOGIN)


@require_POST
@never_cache
@fresh
def connect(request, provider_id):
    return _lead_out(request, provider_of(request, provider_id), AuthProcess.CONNECT, data=str(request.actor.user_id))


def _lead_out(request, provider, process, data=None):
    try:
        answer = provider.redirect(request, process=process, next_url=get_next_redirect_url(request), data=data)
    except OAuth2Error as error:
        return render_authentication_error(request, provider, exception=error)
    if "Location" not in answer:
        return answer
    return render(request, "socialaccount/lead_out.html", {"provider": provider, "url": answer["Location"]})


@never_cache
def come_back(request, provider_id):
    """Back from a provider with a code; the provider's adapter does the rest."""
    provider = provider_of(request, provider_id)
    try:
        return OAuth2CallbackView.adapter_view(provider.get_oauth2_adapter(request))(request)
    except OAuth2Error as error:
        return render_authentication_error(request, provider, exception=error)


def cancelled(request):
    return render(request, "socialaccount/login_cancelled.html")


# --- phone ----------------------------------------------------------------------------------------------------------


@with_phones
@never_cache
def phone(request):
    """Ask for a code; whether anybody has this number is not told."""
    if request.actor.is_signed_in:
        return redirect("accounts:start")
    form = PhoneForm(request.POST or None)
    next_url = get_next_redirect_url(request) or ""
    if form.is_valid() and may_send(request, form, form.cleaned_data["phone"]):
        code = actions.ask_sign_in_code(phone=form.cleaned_data["phone"])
        request.session[CODE] = [str(code.pk), next_url]
        return redirect("account_phone_code")
    return form_page(request, "account/phone.html", form, next=next_url)


@with_phones
@never_cache
def phone_code(request):
    """The code opens the door, or leads on to the second step of whoever has one."""
    code_id, next_url = request.session.get(CODE) or (None, "")
    code = PhoneCode.objects.filter(pk=code_id, purpose=CodePurpose.SIGN_IN).select_related("user").first()
    if code is None:
        return redirect("account_phone")
    form = CodeForm(request.POST or None)
    if form.is_valid() and proves(request, form, code):
        request.session.pop(CODE)
        record_authentication(request, code.user, "phone")
        return perform_login(request, code.user, email_verification="none", redirect_url=next_url or None)
    return form_page(request, "account/phone_code.html", form, phone=code.phone)
