"""manage.py reset_second_step EMAIL: for somebody who lost phone, passkeys and recovery codes."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import reset_second_step
from accounts.models import User
from core.actor import SYSTEM


class Command(BaseCommand):
    help = "Take all second steps of a person away and end their sessions. Make sure first that it is really them."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}.")
        count = reset_second_step(SYSTEM, user=user)
        self.stdout.write(f"{user.name} <{user.email}>: {count} removed; the password is asked for alone now.")
