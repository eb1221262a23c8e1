"""manage.py create_api_key EMAIL --workspace SLUG: an API key, printed once."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.actions import create_api_key
from accounts.models import Membership
from core.actor import Actor
from core.errors import PharosError


class Command(BaseCommand):
    help = "Make an API key that acts with the role of EMAIL in the workspace. The key is printed once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--workspace", required=True, help="its address (slug)")
        parser.add_argument("--scopes", default="*", help="comma-separated, such as campaigns:read,analytics:write")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=365)

    def handle(self, *, email, workspace, scopes, name, days, **options):
        actor = self.actor(email, workspace)
        days = max(0, min(days, 1000))  # beyond, there is no date; the rule refuses these already
        wanted = [each.strip() for each in scopes.split(",") if each.strip()]
        try:
            with scope(workspace=actor.workspace_id):
                _key, secret = create_api_key(
                    actor, name=name, scopes=wanted, expires_at=timezone.now() + timedelta(days=days)
                )
        except PharosError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)

    def actor(self, email, slug):
        """The person at work in the workspace."""
        with scopes_disabled():
            found = Membership.objects.filter(user__email__iexact=email, workspace__slug=slug)
            membership = found.select_related("user", "workspace").first()
        if membership is None:
            raise CommandError(f"{email} is no member of {slug}.")
        return Actor(user=membership.user, workspace=membership.workspace, role=membership.role)
