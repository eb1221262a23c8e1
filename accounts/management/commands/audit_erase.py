"""manage.py audit_erase: the lawful way to empty what a workspace's logbook tells, without breaking the chain."""

from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Workspace
from core.chain import erase


class Command(BaseCommand):
    help = "Empty the sealed events of a workspace from before a day: lines, names and addresses go, the seals stay."

    def add_arguments(self, parser):
        parser.add_argument("workspace", help="its address (slug)")
        parser.add_argument("--before", required=True, type=date.fromisoformat, help="the first day that stays")
        parser.add_argument("--reason", required=True, help="law or order by which it is done; stays in the logbook")

    def handle(self, *, workspace, before, reason, **options):
        row = Workspace.objects.filter(slug=workspace).first()
        if row is None:
            raise CommandError(f"There is no workspace {workspace}.")
        moment = timezone.make_aware(datetime.combine(before, datetime.min.time()))
        self.stdout.write(f"{erase(workspace_id=row.pk, before=moment, reason=reason)} events erased")
