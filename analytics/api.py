"""The REST door of analytics."""

ROUTES = []
PATHS = []
