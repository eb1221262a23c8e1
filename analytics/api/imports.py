"""REST."""

ROUTES = []
PATHS = []
