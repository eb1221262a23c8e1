"""Who acts: the first argument of every action, view helper and `visible_to`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Reach:
    """One campaign that was granted, and its sections: {area: "read" | "write"}."""

    campaign_id: UUID
    areas: dict

    def covers(self, area: str, verb: str = "read") -> bool:
        """Is the section granted; "" is any of them, "write" includes reading."""
        found = {self.areas.get(area)} if area else set(self.areas.values())
        return "write" in found or (verb == "read" and "read" in found)


@dataclass(frozen=True)
class Actor:
    """A principal at work in one workspace.

    `user` is an accounts.User (person, seat or service), `workspace` an accounts.Workspace or None on own pages,
    `role` the membership's role there ("" when none), `door` the shared sign-in behind a seat, `key` the API key used.
    `reaches` is None for whoever sees every campaign, else what was granted. A `seat` is a partner's: it has no role,
    so that no page of the workspace opens to it by itself. `guard`, where there is one, is called inside the
    transaction of every act and raises when the actor has been shut out meanwhile.
    """

    user: object
    workspace: object = None
    role: str = ""
    door: object = None
    key: object = None
    is_system: bool = False  # Pharos itself, in jobs; never made from a request
    reaches: tuple[Reach, ...] | None = None
    seat: object = None
    is_proved: bool = True  # False: a seat whose last PIN or passkey is too old for acts that need a fresh one
    guard: Callable | None = None

    @classmethod
    def system(cls, workspace):
        """Pharos itself at work in a workspace: what a person's settings asked for in advance."""
        return cls(user=None, workspace=workspace, role="owner", is_system=True)

    @property
    def user_id(self) -> UUID | None:
        return getattr(self.user, "pk", None)

    @property
    def workspace_id(self) -> UUID | None:
        return getattr(self.workspace, "pk", None)

    @property
    def is_signed_in(self) -> bool:
        return self.is_system or bool(self.user and self.user.is_authenticated)

    @property
    def organization_id(self) -> UUID | None:
        """The organisation a seat belongs to."""
        return getattr(self.seat, "organization_id", None)

    @property
    def is_limited(self) -> bool:
        """Reaches only some campaigns, by key or by grants, hence nothing that belongs to the whole workspace."""
        return self.reaches is not None or bool(self.key and self.key.campaign_ids)

    def campaigns_of(self, area: str = "", verb: str = "read") -> frozenset[UUID] | None:
        """The campaigns whose section the actor may read or write; None: every one. "" is any section."""
        limits = [] if self.reaches is None else [{one.campaign_id for one in self.reaches if one.covers(area, verb)}]
        if self.key and self.key.campaign_ids:
            limits.append({UUID(str(each)) for each in self.key.campaign_ids})
        return frozenset(set.intersection(*limits)) if limits else None

    def has_scope(self, scope: str) -> bool:
        """May a section be read or written (`tasks:write`), by the key and in any campaign granted?"""
        area, _, verb = scope.partition(":")
        granted = self.reaches is None or any(one.covers(area, verb) for one in self.reaches)
        if self.key is None:
            return granted
        return granted and bool({"*", f"*:{verb}", scope, f"{area}:*"} & set(self.key.scopes))


SYSTEM = Actor(user=None)
