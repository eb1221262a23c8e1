"""The REST door of assets."""

from assets.api import assets, licences, partner, pins, reviews, standards, versions

ROUTES = [
    *assets.ROUTES,
    *versions.ROUTES,
    *standards.ROUTES,
    *licences.ROUTES,
    *reviews.ROUTES,
    *pins.ROUTES,
    *partner.ROUTES,
]
PATHS = []
