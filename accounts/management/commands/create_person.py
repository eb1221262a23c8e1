"""manage.py create_person EMAIL NAME: somebody who can sign in."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_person
from core.actor import SYSTEM
from core.errors import PharosError


class Command(BaseCommand):
    help = "Make a person who can sign in. Without --password they set one by the reset mail."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--password")
        parser.add_argument("--language", default="", choices=["", "en", "zh-hans"])
        parser.add_argument("--operator", action="store_true", help="may read the outbox of this installation")

    def handle(self, *, email, name, password, language, operator, **options):
        try:
            create_person(SYSTEM, email=email, name=name, password=password, language=language, is_staff=operator)
        except PharosError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{name} <{email}>")
