"""Becoming a member by an invitation: one address, one page, whatever is still missing of who somebody is."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_scopes import scope

from accounts import actions
from accounts.choices import ROLE_PRESETS, SPECIAL_ROLES, CodePurpose
from accounts.forms import ActForm
from accounts.forms.joining import JoinByPhoneForm, JoinForm
from accounts.models import PhoneCode
from accounts.rules import hidden_phone
from accounts.views import form_page
from accounts.views.codes import may_send, proves
from accounts.views.doors import leave_seat
from core.errors import PharosError
from core.secret_links import secret_page

OPENED = "invitation"  # in the browser's session: the invitation whose link was opened here
CODE = "invited_phone_code"  # in the browser's session: [the code that was sent, the invitation it was for]


@secret_page
def invited(request):
    """On with the invitation whose link was opened in this browser: back from signing in, or as somebody else."""
    row = actions.invitation_again(request.session.get(OPENED))
    if row is None:
        raise Http404
    return answer(request, row)


def answer(request, row):
    """The page of a member's invitation, for whoever is at the browser."""
    with scope(workspace=row.workspace_id):
        if row.used_at and _is_there(request, row):
            return redirect(row.workspace)
        try:
            actions.check_open(row)
            actions.check_standing(row)
        except PharosError as error:
            return shut(request, row, error)
        request.session[OPENED] = str(row.pk)
        if request.POST.get("act") == "switch":
            return _switch(request, row)
        return _signed_in(request, row) if request.user.is_authenticated else _signed_out(request, row)


def shut(request, row, error):
    return render(request, "accounts/invitation_shut.html", {"error": error, "invitation": row}, status=410)


def page(request, row, stage, form, **context):
    """One template for all stages: confirm, other, sign_in, new, send, code."""
    title, text = {**ROLE_PRESETS, **SPECIAL_ROLES}[row.role]
    words = {"invitation": row, "stage": stage, "role_title": title, "role_text": text, **context}
    return form_page(request, "accounts/joining.html", form, phone=hidden_phone(row.phone), **words)


def _is_there(request, row):
    return request.user.is_authenticated and actions.is_member_of(row, request.user)


def _switch(request, row):
    """Nobody is signed in any more, and the invitation is still at hand."""
    leave_seat(request)
    logout(request)
    request.session[OPENED] = str(row.pk)
    return redirect("accounts:invited")


def _signed_in(request, row):
    if not actions.is_invited(row, request.user):
        return page(request, row, "other", ActForm(None))
    if _is_there(request, row):
        messages.info(request, _("You are in the workspace already."))
        return redirect(row.workspace)
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.carries_out(lambda: actions.accept_member(row, user=request.user)):
        return _arrived(request, row, redirect(row.workspace))
    return page(request, row, "confirm", form)


def _arrived(request, row, response):
    request.session.pop(OPENED, None)
    request.session.pop(CODE, None)
    messages.success(request, _("Welcome to %(workspace)s.") % {"workspace": row.workspace})
    return response


def _signed_out(request, row):
    """Somebody with an account signs in first; somebody new says who they are."""
    if actions.person_invited(row):
        return page(request, row, "sign_in", ActForm(None))
    return _new_by_phone(request, row) if row.phone else _new(request, row)


def _new(request, row):
    form = JoinForm(request.POST or None, initial={"name": row.name})
    if form.carries_out(lambda **typed: actions.accept_member(row, **typed)):
        return _let_in(request, row, form.result.user, "password")
    return page(request, row, "new", form)


def _let_in(request, row, user, method):
    record_authentication(request, user, method)
    response = perform_login(request, user, email_verification="none", redirect_url=row.workspace.get_absolute_url())
    return _arrived(request, row, response)


def _new_by_phone(request, row):
    """First a code to the phone, then the code and a name."""
    if request.POST.get("act") == "send":
        return _send(request, row)
    code_id, of = request.session.get(CODE) or (None, "")
    code = PhoneCode.objects.filter(pk=code_id, purpose=CodePurpose.INVITED).first() if of == str(row.pk) else None
    if code is None:
        return page(request, row, "send", ActForm(None))
    form = JoinByPhoneForm(request.POST or None, initial={"name": row.name})
    is_proved = form.is_valid() and proves(request, form, code)
    if is_proved and form.carries_out(lambda **typed: actions.accept_member(row, code=code, **typed)):
        return _let_in(request, row, form.result.user, "phone")
    return page(request, row, "code", form)


def _send(request, row):
    form = ActForm(request.POST)
    if form.is_valid() and may_send(request, form, row.phone) and form.carries_out(_ask(row)):
        request.session[CODE] = [str(form.result.pk), str(row.pk)]
        return redirect("accounts:invited")
    return page(request, row, "send", form)


def _ask(row):
    return lambda: actions.ask_invited_code(row)
