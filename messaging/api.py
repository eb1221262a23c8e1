"""The REST door of messaging."""

ROUTES = []
PATHS = []
