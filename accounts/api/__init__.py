"""The REST door of accounts."""

from accounts.api import calendars, sessions, workspaces

ROUTES = [*workspaces.ROUTES, *calendars.ROUTES, *sessions.ROUTES]
PATHS = [*workspaces.PATHS]
