"""The REST door of the matrix."""

from raci.api import imports, matrix

ROUTES = [*matrix.ROUTES, *imports.ROUTES]
PATHS = []
