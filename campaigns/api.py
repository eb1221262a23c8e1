"""The REST door of campaigns."""

ROUTES = []
PATHS = []
