"""The REST door of accounts."""

from accounts.api import calendars, workspaces

ROUTES = [*workspaces.ROUTES, *calendars.ROUTES]
PATHS = [*workspaces.PATHS]
