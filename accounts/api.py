"""The REST door of accounts."""

ROUTES = []
PATHS = []
