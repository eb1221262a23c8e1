"""Who may do what in overview: everything here is read, nothing written."""

from core.policy import Policy, anyone, member

AREA = "campaigns"
READ = Policy(reads=member, area=AREA)

POLICY = {
    "overview:healthz": Policy(reads=anyone),
    "overview:readyz": Policy(reads=anyone),
    "overview:guide": Policy(reads=anyone),
    "overview:home": READ,
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
}
