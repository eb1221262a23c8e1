"""The REST door of campaigns."""

from campaigns.api import briefs, campaigns, goals, notes, vocabulary

ROUTES = [*campaigns.ROUTES, *briefs.ROUTES, *goals.ROUTES, *vocabulary.ROUTES, *notes.ROUTES]
PATHS = []
