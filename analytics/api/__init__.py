"""The REST door of analytics: each module lists its resources in ROUTES and its single routes in PATHS."""

from analytics.api import imports, matching

ROUTES = [*imports.ROUTES, *matching.ROUTES]
PATHS = [*imports.PATHS, *matching.PATHS]
