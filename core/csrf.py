"""At a shared keyboard the CSRF token belongs to the session, not to the browser.

Django's secret is a cookie beside that of the session, sent again with every page that has a form. Where two people
take turns in the tabs of one browser, a page that comes late brings back the cookie of whoever sat there before, and a
form left open in their tab would count for the next one. A secret in the session cannot be mixed up with another's.
"""

from django.conf import settings
from django.middleware.csrf import rotate_token

BOUND = "csrf_secret"  # in the session of whoever sits at a shared keyboard


def bind_token(request):
    """A new token, which counts in this session alone."""
    rotate_token(request)
    request.session[BOUND] = request.META["CSRF_COOKIE"]


class BoundTokenMiddleware:
    """Before Django's check: where the session has a secret, that one counts, whatever the cookie says."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        bound = request.session.get(BOUND)
        if bound:
            request.COOKIES[settings.CSRF_COOKIE_NAME] = bound
        return self.get_response(request)
