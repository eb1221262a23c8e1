"""The REST door of analytics: each module lists its resources in ROUTES and its single routes in PATHS."""

from analytics.api import facts, imports, matching, push, ranges, sources, spend

ROUTES = [*ranges.ROUTES, *facts.ROUTES, *imports.ROUTES, *matching.ROUTES, *sources.ROUTES]
PATHS = [*ranges.PATHS, *facts.PATHS, *imports.PATHS, *matching.PATHS, *push.PATHS, *spend.PATHS]
