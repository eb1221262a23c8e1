"""Codes sent to a phone: where they can be sent, how often, and whether the right digits came back."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from accounts import actions


def with_phones(view):
    """A view that is there where codes can be sent."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if not settings.PHONE_SIGN_IN:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def may_send(request, form, number):
    """Whether another code may go to this number from here; too many are refused, whoever has the number."""
    here = f"{number}:{get_adapter().place(request)}"
    limits = [("phone_code", None), ("phone_code_here", here), ("phone_code_everywhere", number)]
    if all(ratelimit.consume(request, action=action, key=key) for action, key in limits):
        return True
    form.add_error(None, _("Too many codes were asked for. Wait a while, or sign in another way."))
    return False


def proves(request, form, code):
    """Whether the digits are right; a wrong code, an old one and one of nobody's number get the same sentence."""
    if not ratelimit.consume(request, action="phone_code_try"):
        form.add_error(None, _("Too many tries. Wait a few minutes."))
    elif not actions.try_code(code, digits=form.cleaned_data["code"]):
        form.add_error("code", _("This code is not right, or no longer good. After five tries ask for a new one."))
    return not form.errors
