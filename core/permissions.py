"""Policies of routes that belong to no app."""

from core.policy import Policy, anyone, operator

POLICY = {
    "api-not-found": Policy(reads=anyone, writes=anyone),
    "schema": Policy(reads=anyone),
    "docs": Policy(reads=anyone),
    "operator:jobs": Policy(reads=operator),
    "operator:job": Policy(reads=operator),
    "operator:job-replay": Policy(writes=operator, reads=None),
}
