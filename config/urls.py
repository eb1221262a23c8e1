"""Every address: own pages, pages of a workspace, REST."""

from django.urls import include, path

from assets.urls import guest_patterns
from config.api import api_not_found, api_patterns

urlpatterns = [
    path("api/", include(api_patterns)),
    path("api/<path:rest>", api_not_found, name="api-not-found"),
    path("", include("overview.urls")),
    path("", include("accounts.urls")),
    path("", include("messaging.urls")),
    path("", include("core.urls")),
    path("g/", include((guest_patterns, "guests"))),
    path("w/<slug:slug>/", include("campaigns.urls")),
    path("w/<slug:slug>/", include("tasks.urls")),
    path("w/<slug:slug>/", include("raci.urls")),
    path("w/<slug:slug>/", include("assets.urls")),
    path("w/<slug:slug>/", include("placements.urls")),
    path("w/<slug:slug>/", include("analytics.urls")),
    path("w/<slug:slug>/", include("risks.urls")),
]
handler404 = "core.views.not_found"
handler403 = "core.views.forbidden"
handler500 = "core.views.server_error"
handler400 = "core.views.bad_request"
