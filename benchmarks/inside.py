"""The process that measures on one database."""

from config import wsgi  # noqa: F401 the application as the server loads it; nothing of Django before it

# isort: split
from django_scopes import scope

from benchmarks import dashboard, gantt, ingest, pages, plan, rest, schedule, world

MEASURES = (
    ("schedule", schedule),
    ("plan", plan),
    ("ingest", ingest),
    ("dashboard", dashboard),
    ("pages", pages),
    ("rest", rest),
    ("gantt", gantt),
)


def measure(options):
    """Build what is asked for and measure it; tables grow at the end only."""
    built = world.build()
    with scope(workspace=built.workspace.pk):
        world.add_plan(built)
        if {"pages", "rest"} & set(options.only):
            world.add_matrix(built, world.add_work(built))
        if {"ingest", "dashboard", "pages"} & set(options.only):
            ingest.load(built, options)
        for name, part in MEASURES:
            if name in options.only:
                part.measure(built, options)
