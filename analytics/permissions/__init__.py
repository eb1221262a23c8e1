"""Who may do what in analytics: each module has its part of POLICY and its `can_…` functions."""

from analytics.permissions import dashboard, imports, matching, sources

POLICY = {**dashboard.POLICY, **imports.POLICY, **matching.POLICY, **sources.POLICY}
