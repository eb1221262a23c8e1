"""manage.py replay: give dead jobs their tries back."""

from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from core.actor import SYSTEM
from core.errors import RuleBroken
from core.jobs import replay
from core.models import Job, JobState


class Command(BaseCommand):
    help = "Give dead jobs their tries back: by id or name (analytics.pull); without either they are listed."

    def add_arguments(self, parser):
        parser.add_argument("which", nargs="*", help="ids of jobs, or names like analytics.pull")

    def handle(self, *args, which, **options):
        dead = Job.objects.filter(state=JobState.DEAD).order_by("created_at")
        if not which:
            for row in dead:
                self.stdout.write(f"{row.pk} {row.name} {row.error.splitlines()[0] if row.error else ''}".rstrip())
            return
        rows = [row for row in dead if row.name in which or str(row.pk) in which]
        unknown = {text for text in which if _is_id(text)} - {str(row.pk) for row in rows}
        if unknown:
            raise CommandError(f"No dead job has the id {', '.join(sorted(unknown))}.")
        for row in rows:
            self.replay(row)

    def replay(self, row):
        try:
            replay(SYSTEM, row=row)
        except RuleBroken as broken:
            self.stderr.write(f"{row.pk} {row.name}: {broken}")
        else:
            self.stdout.write(f"{row.pk} {row.name} runs again")


def _is_id(text):
    try:
        return bool(UUID(text))
    except ValueError:
        return False
