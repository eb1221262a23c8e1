"""Who may do what with sources and pulls."""

from core.policy import role_in

may_manage = role_in("owner", "manager")


def can_manage_sources(actor):
    """Connect, change, pause and pull sources."""
    return may_manage(actor) and actor.has_scope("analytics:write")


POLICY = {}
