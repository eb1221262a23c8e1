"""Workspaces, people, organisations and their rights; working calendars, keys; doors and seats of partners."""

from accounts.models.partners import Door, Draft, Grant, Invitation, Seat, SeatDevice, SeatPasskey, SeatSession, Tries
from accounts.models.people import (
    Absence,
    ApiKey,
    CalendarDay,
    Membership,
    Organization,
    PhoneCode,
    SavedView,
    Session,
    User,
    UserManager,
    WorkCalendar,
    Workspace,
    WorkspaceRecord,
)

__all__ = [
    "Absence",
    "ApiKey",
    "CalendarDay",
    "Door",
    "Draft",
    "Grant",
    "Invitation",
    "Membership",
    "Organization",
    "PhoneCode",
    "SavedView",
    "Seat",
    "SeatDevice",
    "SeatPasskey",
    "SeatSession",
    "Session",
    "Tries",
    "User",
    "UserManager",
    "WorkCalendar",
    "Workspace",
    "WorkspaceRecord",
]
