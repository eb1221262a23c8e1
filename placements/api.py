"""The REST door of placements."""

ROUTES = []
PATHS = []
