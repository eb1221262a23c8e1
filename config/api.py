"""The REST router: every app's `api.py` lists its resources in ROUTES and its single routes in PATHS."""

from django.urls import include, path
from django_scopes import scopes_disabled
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter

from accounts import api as accounts_api
from analytics import api as analytics_api
from assets import api as assets_api
from campaigns import api as campaigns_api
from core.api.problems import problem_response
from messaging import api as messaging_api
from overview import api as overview_api
from placements import api as placements_api
from raci import api as raci_api
from risks import api as risks_api
from tasks import api as tasks_api

APPS = (accounts_api, messaging_api, campaigns_api, tasks_api, raci_api, assets_api)
APPS += (placements_api, analytics_api, risks_api, overview_api)


class Router(DefaultRouter):
    include_format_suffixes = False
    include_root_view = False


router = Router()
for app in APPS:
    for prefix, viewset in app.ROUTES:
        router.register(prefix, viewset, basename=prefix.replace("/", "-"))

v1 = [*router.urls, *(route for app in APPS for route in app.PATHS)]


def api_not_found(request, rest=""):
    """Whatever is no route answers like a thing one may not see."""
    return problem_response(request, 404, "not_found")


# The schema is the same for everybody: it is made outside of any workspace and reads no row.
api_patterns = [
    path("v1/", include((v1, "api"))),
    path("schema", scopes_disabled()(SpectacularAPIView.as_view()), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
