"""Who may do what in overview."""

from core.policy import Policy, anyone

POLICY = {
    "overview:healthz": Policy(reads=anyone),
    "overview:readyz": Policy(reads=anyone),
}
