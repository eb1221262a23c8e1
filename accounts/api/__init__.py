"""The REST door of accounts."""

from accounts.api import calendars, doors, invitations, sessions, workspaces

ROUTES = [*workspaces.ROUTES, *calendars.ROUTES, *sessions.ROUTES, *doors.ROUTES, *invitations.ROUTES]
PATHS = [*workspaces.PATHS, *doors.PATHS]
