"""Who may do what in overview: everything here is read, nothing written."""

from core.policy import Policy, anyone, manager, member, seat

AREA = "campaigns"


def whole_manager(actor):
    """Managers, but for keys that reach some campaigns only: events belong to the whole workspace."""
    return manager(actor) and not actor.is_limited


READ = Policy(reads=member, area=AREA)
SEALS = Policy(reads=whole_manager, area=AREA)
OWN_LINES = Policy(reads=seat, area="placements")

POLICY = {
    "overview:healthz": Policy(reads=anyone),
    "overview:readyz": Policy(reads=anyone),
    "overview:guide": Policy(reads=anyone),
    "overview:home": Policy(reads=member),  # where everybody begins, also whoever was granted nothing yet
    "overview:my-work": READ,
    "overview:work": READ,
    "overview:search": READ,
    "overview:search-json": READ,
    "overview:activity": READ,
    "overview:cockpit": READ,
    "overview:standing": READ,
    "overview:campaign-activity": READ,
    "api:activities-list": READ,
    "api:activities-detail": READ,
    "api:audit-events-list": SEALS,
    "api:audit-events-detail": SEALS,
    "api:search": READ,
    "overview:trace": READ,
    "overview:readiness": READ,
    "overview:readiness-board": READ,
    "overview:readiness-state": READ,
    "overview:readiness-snapshots": READ,
    "overview:readiness-snapshot": READ,
    "overview:readiness-export": READ,
    "api:trace": READ,
    "api:coverage": READ,
    "overview:partner-home": Policy(reads=seat),
    "overview:partner-placements": OWN_LINES,
    "overview:partner-placement": OWN_LINES,
    "overview:partner-slot-picture": OWN_LINES,
    "overview:partner-slot-download": Policy(reads=None, writes=seat, proof=True),
    "api:partner-placements-list": OWN_LINES,
    "api:partner-placements-detail": OWN_LINES,
    "api:partner-placements-days": OWN_LINES,
    "api:partner-slots-list": OWN_LINES,
    "api:partner-slots-detail": OWN_LINES,
    "api:partner-slots-download": Policy(reads=None, writes=seat, proof=True),
}
