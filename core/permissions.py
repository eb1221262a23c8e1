"""Policies of routes that belong to no app."""

from core.policy import Policy, anyone

POLICY = {
    "api-not-found": Policy(reads=anyone, writes=anyone),
    "schema": Policy(reads=anyone),
    "docs": Policy(reads=anyone),
}
