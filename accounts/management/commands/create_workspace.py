"""manage.py create_workspace NAME --slug … --owner-email …: a workspace with its first owner."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import create_person, create_workspace
from accounts.models import User
from core.actor import SYSTEM
from core.errors import PharosError


class Command(BaseCommand):
    help = "Make a workspace and its first owner. Without --password a new owner sets one by the reset mail."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--slug", required=True)
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-name", default="")
        parser.add_argument("--password")
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"])
        parser.add_argument("--time-zone", default="Asia/Shanghai")
        parser.add_argument("--currency", default="CNY")

    @transaction.atomic
    def handle(self, *, name, slug, language, time_zone, currency, **options):
        try:
            workspace = create_workspace(
                SYSTEM,
                name=name,
                slug=slug,
                owner=self.owner(**options),
                language=language,
                time_zone=time_zone,
                currency=currency,
            )
        except PharosError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"/w/{workspace.slug}/")

    def owner(self, *, owner_email, owner_name, password, **options):
        """The person of that address, made if there is none."""
        known = User.objects.filter(email__iexact=owner_email).first()
        return known or create_person(SYSTEM, email=owner_email, name=owner_name or owner_email, password=password)
