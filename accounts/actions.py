"""Acts on workspaces, people and keys: the only writer of accounts."""

from django.db import transaction

from accounts.choices import OrganizationKind, Role, UserKind
from accounts.models import Membership, Organization, User, Workspace
from accounts.rules import check_slug, check_time_zone
from accounts.signals import workspace_created
from core.actor import SYSTEM, Actor
from core.audit import record


@transaction.atomic
def create_person(actor, *, email, name, password=None, language="", is_staff=False):
    """Make a person who can sign in; without a password they must use the reset mail."""
    user = User(email=User.objects.normalize_email(email), name=name, language=language, is_staff=is_staff)
    user.kind = UserKind.PERSON
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    record(actor, "accounts.person_created", user)
    return user


@transaction.atomic
def create_workspace(actor, *, name, slug, owner, language="en", time_zone="Asia/Shanghai", currency="CNY"):
    """Make a workspace with its own organisation and its first owner; the floors above add their vocabularies."""
    check_slug(slug)
    check_time_zone(time_zone)
    workspace = Workspace.objects.create(
        name=name, slug=slug, language=language, time_zone=time_zone, currency=currency
    )
    own = Organization.objects.create(workspace=workspace, kind=OrganizationKind.IN_HOUSE, name=name)
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER, organization=own)
    actor = Actor(user=owner if actor is SYSTEM else actor.user, workspace=workspace, role=Role.OWNER)
    record(actor, "accounts.workspace_created", workspace)
    workspace_created.send(sender=Workspace, actor=actor, workspace=workspace)
    return workspace
