"""Addresses of overview."""

from django.conf import settings
from django.urls import include, path

from overview.views import activity, cockpit, health, home, partner, readiness, search, trace, work

app_name = "overview"
workspace = [
    path("", home.home, name="home"),
    path("my-work/", work.my_work, name="my-work"),
    path("search/", search.search, name="search"),
    path("search.json", search.search_json, name="search-json"),
    path("activity/", activity.activity, name="activity"),
    path("partner/", partner.home, name="partner-home"),
    path("partner/placements/", partner.placements, name="partner-placements"),
    path("partner/placements/<uuid:pk>/", partner.placement, name="partner-placement"),
    path("partner/slots/<uuid:pk>/picture/", partner.slot_picture, name="partner-slot-picture"),
    path("partner/slots/<uuid:pk>/download/", partner.slot_download, name="partner-slot-download"),
    path("c/<slug:code>/", cockpit.cockpit, name="cockpit"),
    path("c/<slug:code>/standing/", cockpit.standing, name="standing"),
    path("c/<slug:code>/work/", work.campaign_work, name="work"),
    path("c/<slug:code>/activity/", activity.campaign_activity, name="campaign-activity"),
    path("c/<slug:code>/readiness/", readiness.readiness, name="readiness"),
    path("c/<slug:code>/readiness/board/", readiness.board, name="readiness-board"),
    path("c/<slug:code>/readiness/state/", readiness.state, name="readiness-state"),
    path("c/<slug:code>/readiness/kept/", readiness.snapshots, name="readiness-snapshots"),
    path("c/<slug:code>/readiness/kept/<uuid:pk>/", readiness.snapshot, name="readiness-snapshot"),
    path("c/<slug:code>/readiness/kept/<uuid:pk>/export/", readiness.export, name="readiness-export"),
    path("c/<slug:code>/trace/", trace.trace, name="trace"),
]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("w/<slug:slug>/", include(workspace)),
]
if settings.DEBUG or settings.TESTING:
    urlpatterns.append(path("guide/", health.guide, name="guide"))
