"""The REST door of the work: each module lists its resources in ROUTES and its single routes in PATHS."""

from tasks.api import baselines, feed, links, partner, parts, plan, problems, recurrences, tasks

ROUTES = [
    *tasks.ROUTES,
    *links.ROUTES,
    *plan.ROUTES,
    *baselines.ROUTES,
    *parts.ROUTES,
    *problems.ROUTES,
    *recurrences.ROUTES,
    *partner.ROUTES,
]
PATHS = [*feed.PATHS]
