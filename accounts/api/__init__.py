"""The REST door of accounts."""

from accounts.api import calendars, doors, invitations, passkeys, sessions, workspaces

ROUTES = [*workspaces.ROUTES, *calendars.ROUTES, *sessions.ROUTES, *doors.ROUTES, *passkeys.ROUTES, *invitations.ROUTES]
PATHS = [*workspaces.PATHS, *doors.PATHS]
