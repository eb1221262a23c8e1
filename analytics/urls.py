"""Addresses of analytics, below /w/<slug>/; each module of views lists its own in `urls`."""

from analytics.views import dashboard, figures, fragments, imports, matching, pulls, ranges, readings, sources

app_name = "analytics"
urlpatterns = [
    *fragments.urls,
    *dashboard.urls,
    *figures.urls,
    *ranges.urls,
    *imports.urls,
    *matching.urls,
    *readings.urls,
    *sources.urls,
    *pulls.urls,
]
