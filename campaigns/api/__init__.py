"""The REST door of campaigns."""

from campaigns.api import briefs, campaigns, goals, notes, people, vocabulary

ROUTES = [
    *campaigns.ROUTES,
    *people.ROUTES,
    *briefs.ROUTES,
    *goals.ROUTES,
    *vocabulary.ROUTES,
    *notes.ROUTES,
]
PATHS = []
