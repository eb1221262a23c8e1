"""The REST door of overview."""

ROUTES = []
PATHS = []
