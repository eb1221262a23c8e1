"""Pages whose address is a secret itself (/g/<token>/, /i/<token>/): what they send along."""

from functools import wraps

from django.http import Http404
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

from core.views import not_found

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
}


class TokenAloneCsrf(CsrfViewMiddleware):
    """Without a referrer browsers state the origin of a form as "null": the double token alone must do."""

    def _origin_verified(self, request):
        return request.META["HTTP_ORIGIN"] == "null" or super()._origin_verified(request)

    def _check_referer(self, request):
        if "HTTP_REFERER" in request.META:
            super()._check_referer(request)


def secret_page(view):
    """A view below a secret address: no referrer, no index, no cache; whatever is not there looks the same."""
    checked = decorator_from_middleware(TokenAloneCsrf)(view)

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            response = checked(request, *args, **kwargs)
        except Http404 as error:
            response = not_found(request, error)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return csrf_exempt(answer)
