"""REST of risks: the register, its imports, playbooks, incidents."""

from risks.api import imports, incidents, playbooks, register

ROUTES = [*register.ROUTES, *imports.ROUTES, *playbooks.ROUTES, *incidents.ROUTES]
PATHS = []
