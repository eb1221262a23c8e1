"""Addresses of analytics, below /w/<slug>/; each module of views lists its own in `urls`."""

from analytics.views import imports, matching

app_name = "analytics"
urlpatterns = [*imports.urls, *matching.urls]
