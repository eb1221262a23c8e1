"""The REST door of campaigns."""

from campaigns.api import access, briefs, campaigns, goals, notes, people, readiness, vocabulary

ROUTES = [
    *campaigns.ROUTES,
    *people.ROUTES,
    *briefs.ROUTES,
    *goals.ROUTES,
    *vocabulary.ROUTES,
    *notes.ROUTES,
    *access.ROUTES,
    *readiness.ROUTES,
]
PATHS = []
