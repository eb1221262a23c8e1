"""The REST door of campaigns."""

from campaigns.api import (
    access,
    briefs,
    budget,
    campaigns,
    commitments,
    goals,
    grants,
    notes,
    partner,
    people,
    questions,
    readiness,
    vocabulary,
)

ROUTES = [
    *campaigns.ROUTES,
    *people.ROUTES,
    *grants.ROUTES,
    *briefs.ROUTES,
    *goals.ROUTES,
    *budget.ROUTES,
    *commitments.ROUTES,
    *vocabulary.ROUTES,
    *notes.ROUTES,
    *access.ROUTES,
    *readiness.ROUTES,
    *questions.ROUTES,
    *partner.ROUTES,
]
PATHS = []
