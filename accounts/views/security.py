"""One's own ways of signing in: the page that shows them, recovery codes, browsers, connected accounts, phone."""

from datetime import timedelta
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import edit_webauthn
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.choices import CodePurpose
from accounts.forms.sign_in import CodeForm, PhoneForm
from accounts.models import PhoneCode, Session, Workspace
from accounts.rules import device_of, is_phone
from accounts.views import form_page
from accounts.views.codes import may_send, proves, with_phones
from core.errors import RuleBroken

CODE = "own_phone_code"


def fresh(view):
    """A view for whoever proved within the last minutes that it is them; others do so first and come back."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        ways = get_adapter().get_reauthentication_methods(request.user)
        if ways and is_reauthentication_required(request, app="allauth.mfa"):
            back = request.path if request.method == "GET" else "/me/security/"
            return redirect(f"{ways[0]['url']}?{urlencode({'next': back})}")
        return view(request, *args, **kwargs)

    return answer


@never_cache
def security(request):
    """All the ways in at a glance."""
    me = request.actor.user
    steps = list(Authenticator.objects.filter(user_id=me.pk).order_by("created_at"))
    by_kind = {kind: [step for step in steps if step.type == kind] for kind in Authenticator.Type.values}
    codes = by_kind["recovery_codes"]
    context = {
        "me": me,
        "app": next(iter(by_kind["totp"]), None),
        "passkeys": [{"row": step, "name": step.wrap().name} for step in by_kind["webauthn"]],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "protected": bool(by_kind["totp"] or by_kind["webauthn"]),
        "required_by": Workspace.objects.visible_to(request.actor).filter(requires_mfa=True).order_by("name"),
        "accounts": connected(request),
        "sessions": browsers(request),
        "phone_sign_in": settings.PHONE_SIGN_IN,
    }
    return render(request, "accounts/security.html", context)


def connected(request):
    """Each provider of this installation with the account that is connected, or None; then accounts of others."""
    rows = list(SocialAccount.objects.filter(user_id=request.actor.user_id))
    offered = get_social_adapter().list_providers(request)
    found = [
        {"provider": one, "account": next((row for row in rows if row.provider == one.sub_id), None)} for one in offered
    ]
    for each in found:
        each["name"] = each["account"].get_provider_account().to_str() if each["account"] else ""
    return found


def browsers(request):
    """Where this person is signed in, the browser at hand first."""
    alive = Session.objects.visible_to(request.actor).alive(
        now=timezone.now(), lifetime=timedelta(seconds=settings.SESSION_COOKIE_AGE)
    )
    here = request.session.session_key
    rows = sorted(alive, key=lambda row: row.session_key != here)
    for row in rows:
        row.is_here = row.session_key == here
        row.device, row.is_phone = device_of(row.agent), is_phone(row.agent)
    return rows


# --- recovery codes -------------------------------------------------------------------------------------------------


@never_cache
@fresh
def recovery_codes(request):
    """The codes that are left; asked for anew each time."""
    return render(request, "accounts/recovery_codes.html", {"codes": unused_codes(request)})


@never_cache
@fresh
def recovery_codes_file(request):
    text = "\n".join(["Pharos", request.actor.user.email or "", "", *unused_codes(request), ""])
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="pharos-recovery-codes.txt"'
    return answer


def unused_codes(request):
    row = Authenticator.objects.filter(user_id=request.actor.user_id, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None:
        raise Http404
    return row.wrap().get_unused_codes()


def passkeys(request):
    """The library's own list is the page of all ways in."""
    return redirect("mfa_index")


def passkey_name(request, pk):
    """The library renames without telling anybody; the logbook hears of it here."""
    answer = edit_webauthn(request, pk=pk)
    if request.method == "POST" and answer.status_code == 302:
        actions.note_second_step(request.user, "renamed")
    return answer


# --- browsers -------------------------------------------------------------------------------------------------------


@require_POST
def session_end(request, pk):
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=pk)
    is_here = session.session_key == request.session.session_key
    actions.end_session(request.actor, session=session)
    if is_here:
        return redirect("account_login")
    messages.success(request, _("%(device)s is signed out.") % {"device": device_of(session.agent)})
    return redirect("mfa_index")


@require_POST
def sessions_end(request):
    count = actions.end_other_sessions(request.actor, session_key=request.session.session_key)
    done = ngettext("%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", count)
    messages.success(request, done % {"count": count} if count else _("You are signed in here only."))
    return redirect("mfa_index")


# --- connected accounts ---------------------------------------------------------------------------------------------


@require_POST
@fresh
def account_disconnect(request, pk):
    account = get_object_or_404(SocialAccount, pk=pk, user_id=request.actor.user_id)
    try:
        actions.disconnect_account(request.actor, account=account)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        get_adapter().send_notification_mail("socialaccount/email/account_disconnected", request.user)
        messages.success(request, _("The account is disconnected."))
    return redirect("mfa_index")


# --- phone ----------------------------------------------------------------------------------------------------------


@with_phones
@fresh
def phone(request):
    """A new number of one's own: a code goes there first."""
    form = PhoneForm(request.POST or None)
    if form.is_valid() and may_send(request, form, form.cleaned_data["phone"]):
        try:
            code = actions.ask_own_code(request.actor, phone=form.cleaned_data["phone"])
        except RuleBroken as broken:
            form.add_error("phone", str(broken))
        else:
            request.session[CODE] = str(code.pk)
            return redirect("accounts:phone-code")
    return form_page(request, "accounts/phone.html", form, me=request.actor.user)


@with_phones
@fresh
def phone_code(request):
    mine = PhoneCode.objects.filter(user_id=request.actor.user_id, purpose=CodePurpose.OWN)
    code = mine.filter(pk=request.session.get(CODE)).first()
    if code is None:
        return redirect("accounts:phone")
    form = CodeForm(request.POST or None)
    if form.is_valid() and proves(request, form, code):
        try:
            actions.set_phone(request.actor, code=code)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            request.session.pop(CODE)
            messages.success(request, _("This number signs you in now."))
            return redirect("mfa_index")
    return form_page(request, "accounts/phone_code.html", form, phone=code.phone)


@require_POST
@fresh
def phone_remove(request):
    actions.remove_phone(request.actor)
    messages.success(request, _("The number is removed."))
    return redirect("mfa_index")
