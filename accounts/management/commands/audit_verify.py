"""manage.py audit_verify: whether the logbook is as it was sealed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Workspace
from core.chain import verify


class Command(BaseCommand):
    help = "Walk along the sealed chain of the logbook. Ends with 1 and the first fault where something was changed."

    def add_arguments(self, parser):
        parser.add_argument("--workspace", default="", help="its address (slug): only its events are read in full")
        parser.add_argument("--head", default="", help="a head noted earlier (mail, log): it must be in the chain")

    def handle(self, *, workspace, head, **options):
        report = verify(timezone.now(), workspace_id=_id_of(workspace), noted=head.strip().lower())
        if report.fault:
            raise CommandError(report.fault)
        self.stdout.write(str(report))
        if report.noted_at:
            self.stdout.write(f"the noted head is event {report.noted_at}")


def _id_of(slug):
    if not slug:
        return None
    row = Workspace.objects.filter(slug=slug).first()
    if row is None:
        raise CommandError(f"There is no workspace {slug}.", returncode=2)
    return row.pk
