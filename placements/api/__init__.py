"""The REST door of placements."""

from placements.api import accounts, days, placements

ROUTES = [*accounts.ROUTES, *placements.ROUTES, *days.ROUTES]
PATHS = []
