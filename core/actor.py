"""Who acts: the first argument of every action, view helper and `visible_to`."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """A principal at work in one workspace.

    `user` is an accounts.User (person, seat or service), `workspace` an accounts.Workspace or None on own pages,
    `role` the membership's role there ("" when none), `door` the shared sign-in behind a seat, `key` the API key used.
    """

    user: object
    workspace: object = None
    role: str = ""
    door: object = None
    key: object = None
    is_system: bool = False  # Pharos itself, in jobs; never made from a request

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
    def is_limited(self) -> bool:
        """Acts by an API key that reaches only some campaigns, hence nothing that belongs to the whole workspace."""
        return bool(self.key and self.key.campaign_ids)

    def has_scope(self, scope: str) -> bool:
        """A session may use every scope; a key only those it was given (`campaigns:read`, `campaigns:write`, `*`)."""
        if self.key is None:
            return True
        area, _, verb = scope.partition(":")
        return bool({"*", f"*:{verb}", scope, f"{area}:*"} & set(self.key.scopes))


SYSTEM = Actor(user=None)
