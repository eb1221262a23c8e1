"""The REST door of tasks."""

from tasks.api import parts, problems

ROUTES = [*parts.ROUTES, *problems.ROUTES]
PATHS = []
