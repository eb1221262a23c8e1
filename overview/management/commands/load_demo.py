"""`manage.py load_demo`: the example company with 90 days of figures, relative to today."""

from zoneinfo import ZoneInfo

from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from analytics.actions.sources import repoint_sandboxes
from analytics.connectors import sandbox
from core.actor import Actor
from overview.management.demo import (
    asset_story,
    budget,
    partner_story,
    proof_story,
    ready_story,
    review_story,
    risk_story,
    story,
    work_story,
)

CHAPTERS = (
    story.colleagues,
    story.vocabulary,
    story.campaigns,
    story.winter_plan,
    work_story.tasks_of,
    work_story.team_of,
    work_story.matrix_of,
    work_story.details_of,
    review_story.reviews_of,
    story.autumn_told,
    story.schedule,
    asset_story.assets_of,
    proof_story.remarks_of,
    asset_story.slots_of,
    budget.budget_of,
    story.history,
    story.readings,
    story.ranges,
    risk_story.register_of,
    risk_story.incidents_of,
    ready_story.accesses_of,
    ready_story.signatures,
    ready_story.launch,
    partner_story.agency_of,
)


class Command(BaseCommand):
    help = "Load the demo: an invented company told by the product's own acts. Does nothing where people exist already."

    def add_arguments(self, parser):
        parser.add_argument("--sandbox-port", type=int, default=0, help="port of the sandbox channel on loopback")
        parser.add_argument("--once", action="store_true", help="be silent when there is a demo already")

    def handle(self, *args, sandbox_port, once, **options):
        if story.is_told():
            self.repoint(sandbox_port)
            if not once:
                self.stdout.write("There are people here already; nothing was loaded.")
            return
        with transaction.atomic():
            self.tell(sandbox_port)

    def tell(self, port):
        actor, people = story.company()
        today = timezone.now().astimezone(ZoneInfo(actor.workspace.time_zone)).date()
        stage = story.Stage(today=today, actor=actor, people=people)
        with scope(workspace=actor.workspace_id):
            for chapter in CHAPTERS:
                chapter(stage)
            if port:
                story.sandbox_source(stage, port)

    def repoint(self, port):
        """The sandbox may serve elsewhere this time."""
        for source in story.demo_sources() if port else ():
            with scope(workspace=source.workspace_id):
                repoint_sandboxes(Actor.system(source.workspace), config=sandbox.config(port))
