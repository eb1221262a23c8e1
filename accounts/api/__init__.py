"""The REST door of accounts."""

from accounts.api import calendars, doors, sessions, workspaces

ROUTES = [*workspaces.ROUTES, *calendars.ROUTES, *sessions.ROUTES, *doors.ROUTES]
PATHS = [*workspaces.PATHS, *doors.PATHS]
