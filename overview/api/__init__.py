"""The REST door of overview: the logbook, the search, traceability."""

from django.urls import path

from overview.api.logbook import ActivityViewSet, AuditEventViewSet, SearchView
from overview.api.partner import ROUTES as PARTNER
from overview.api.trace import CoverageView, TraceView

ROUTES = [("activities", ActivityViewSet), ("audit-events", AuditEventViewSet), *PARTNER]
PATHS = [
    path("search/", SearchView.as_view(), name="search"),
    path("trace/", TraceView.as_view(), name="trace"),
    path("coverage/", CoverageView.as_view(), name="coverage"),
]
