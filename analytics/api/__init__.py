"""The REST door of analytics: each module lists its resources in ROUTES and its single routes in PATHS."""

from analytics.api import facts, imports, matching, push

ROUTES = [*facts.ROUTES, *imports.ROUTES, *matching.ROUTES]
PATHS = [*facts.PATHS, *imports.PATHS, *matching.PATHS, *push.PATHS]
