"""The process that measures on one database."""

import django

django.setup()

from django_scopes import scope  # noqa: E402

from benchmarks import dashboard, ingest, pages, rest, world  # noqa: E402

MEASURES = (("ingest", ingest), ("dashboard", dashboard), ("pages", pages), ("rest", rest))


def measure(options):
    """Build what is asked for and measure it; tables grow at the end only."""
    built = world.build()
    with scope(workspace=built.workspace.pk):
        world.add_plan(built)
        if {"ingest", "dashboard", "pages"} & set(options.only):
            ingest.load(built, options)
        for name, part in MEASURES:
            if name in options.only:
                part.measure(built, options)
