"""manage.py deactivate_person EMAIL: end somebody's access everywhere at once."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import deactivate_person
from accounts.models import User
from core.actor import SYSTEM


class Command(BaseCommand):
    help = "End somebody's access everywhere at once: sessions, sign-in, and the API keys they made."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}.")
        deactivate_person(SYSTEM, user=user)
        self.stdout.write(f"{user.name} <{user.email}>")
