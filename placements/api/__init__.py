"""The REST door of placements."""

from placements.api import accounts, days, material, placements, slots

ROUTES = [*accounts.ROUTES, *placements.ROUTES, *days.ROUTES, *slots.ROUTES, *material.ROUTES]
PATHS = []
