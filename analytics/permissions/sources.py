"""Who may do what with sources and pulls."""

from core.policy import Policy, manager, member


def can_manage_sources(actor):
    """Owners and managers connect, change and pull sources; a key limited to some campaigns does not."""
    return manager(actor) and actor.has_scope("analytics:write") and not actor.is_limited


READ = Policy(reads=member, area="analytics")
EDIT = Policy(reads=manager, writes=manager, area="analytics")
ACT = Policy(reads=None, writes=manager, area="analytics")
RESOURCE = Policy(reads=member, writes=manager, area="analytics")
POLICY = {
    **dict.fromkeys(("data", "sources", "source", "source-runs", "source-calendar", "runs", "run"), READ),
    **dict.fromkeys(("source-add", "source-settings"), EDIT),
    **dict.fromkeys(("source-test", "source-pull", "source-pause", "source-resume", "run-retry"), ACT),
    **dict.fromkeys(("source-archive", "source-restore"), ACT),
}
POLICY = {f"analytics:{name}": policy for name, policy in POLICY.items()}
POLICY |= {
    **dict.fromkeys(("api:sources-list", "api:sources-detail"), RESOURCE),
    **dict.fromkeys((f"api:sources-{act}" for act in ("test", "pull", "pause", "resume", "restore")), ACT),
    "api:sources-completeness": READ,
    **dict.fromkeys(("api:pull-runs-list", "api:pull-runs-detail"), READ),
    "api:pull-runs-retry": ACT,
}
