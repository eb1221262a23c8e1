"""Acts on workspaces, people and keys."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import permissions, rules
from accounts.actions.calendars import give_calendar
from accounts.actions.sign_in import has_second_step
from accounts.choices import OrganizationKind, Role, UserKind
from accounts.models import ApiKey, Membership, Organization, SavedView, User, Workspace
from accounts.rules import check_slug, check_time_zone
from accounts.signals import campaigns_asked, workspace_created
from core.actor import SYSTEM, Actor
from core.audit import record
from core.errors import RuleBroken, require
from core.jobs import enqueue
from core.locks import locked
from core.swap import erase, swap

# --- people ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_person(actor, *, email, name, password=None, language="", is_staff=False):
    """Make a person who can sign in; without a password they must use the reset mail."""
    email = User.objects.normalize_email(email)
    user = User(email=email, name=name, language=language, is_staff=is_staff, kind=UserKind.PERSON)
    save_person(user, password)
    record(actor, "accounts.person_created", user)
    return user


def save_person(user, password=None):
    """Write a new person, whose e-mail address and phone nobody else has."""
    rules.check_name(user.name)
    user.set_password(password or None)  # without one: unusable
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if user.email:
            raise RuleBroken(_("There is somebody with this e-mail address already."), code="email_taken") from error
        raise RuleBroken(_("Another account uses this number."), code="phone_taken") from error


@transaction.atomic
def change_profile(actor, *, seen=None, **changes):
    """Change one's own name, language, theme, density or time zone ("" = that of the device or the workspace)."""
    require(permissions.can_edit_profile(actor))
    if "name" in changes:
        rules.check_name(changes["name"])
    if changes.get("language"):
        rules.check_language(changes["language"])
    if changes.get("time_zone"):
        check_time_zone(changes["time_zone"])
    user = User.objects.get(pk=actor.user_id)
    diff = swap(user, seen=seen, **changes)
    if diff:
        record(actor, "accounts.profile_changed", user, changes=diff)
    return user


# --- workspaces -----------------------------------------------------------------------------------------------------


@transaction.atomic
def create_workspace(actor, *, name, slug, owner, language="en", time_zone="Asia/Shanghai", currency="CNY"):
    """Make a workspace with its own organisation and its first owner; the floors above add their vocabularies."""
    check_slug(slug)
    check_time_zone(time_zone)
    if Workspace.objects.filter(slug=slug).exists():
        raise RuleBroken(_("This address is taken."), code="slug_taken")
    workspace = Workspace.objects.create(
        name=name, slug=slug, language=language, time_zone=time_zone, currency=currency
    )
    own = Organization.objects.create(workspace=workspace, kind=OrganizationKind.IN_HOUSE, name=name)
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER, organization=own)
    actor = Actor(user=owner if actor is SYSTEM else actor.user, workspace=workspace, role=Role.OWNER)
    record(actor, "accounts.workspace_created", workspace)
    give_calendar(workspace)
    workspace_created.send(sender=Workspace, actor=actor, workspace=workspace)
    return workspace


CHECKS = {
    "name": rules.check_name,
    "language": rules.check_language,
    "time_zone": check_time_zone,
    "currency": rules.check_currency,
}


@transaction.atomic
def change_workspace(actor, *, workspace, seen=None, **changes):
    """Change a workspace's name, language, time zone, currency, or whether its members need a second step."""
    require(permissions.can_manage(actor, workspace.pk))
    for field, value in changes.items():
        CHECKS.get(field, bool)(value)
    if changes.get("requires_mfa") and not workspace.requires_mfa:
        rules.check_own_second_step(has_one=actor.key is not None or has_second_step(actor.user))
    diff = swap(workspace, seen=seen, **changes)
    if diff:
        record(actor, "accounts.workspace_changed", workspace, changes=diff)
    return workspace


# --- members --------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_member(actor, *, email, role, name="", organization=None, title="", is_limited=False):
    """Give a person a place in the workspace. Who has no account yet gets one; both are told by mail."""
    require(permissions.can_manage(actor, actor.workspace_id))
    require(permissions.can_give_role(actor, after=role), _("Only an owner makes owners."), "owners_only")
    rules.check_limit(role=role, is_limited=is_limited)
    person = User.objects.filter(email__iexact=email, kind=UserKind.PERSON).first()
    if person is None:
        person = create_person(actor, email=email, name=name, language=actor.workspace.language)
    place = {"role": role, "organization": organization, "title": title, "is_limited": is_limited}
    membership, made = Membership.objects.get_or_create(workspace_id=actor.workspace_id, user=person, defaults=place)
    if not made:
        raise RuleBroken(_("This person is in the workspace already."), code="already_member")
    record(actor, "accounts.member_added", membership, changes={"role": [None, role]})
    enqueue("accounts.send_welcome", workspace_id=actor.workspace_id, membership_id=membership.pk)
    return membership


@transaction.atomic
def change_member(actor, *, membership, seen=None, **changes):
    """Change a member's role, organisation, job title, or whether they see only what is granted."""
    require(permissions.can_manage(actor, membership.workspace_id))
    after = changes.get("role", membership.role)
    _guard_owners(actor, membership, after)
    rules.check_limit(role=after, is_limited=changes.get("is_limited", membership.is_limited))
    diff = swap(membership, seen=seen, **changes)
    if diff:
        record(actor, "accounts.member_changed", membership, changes=diff)
    return membership


@transaction.atomic
def remove_member(actor, *, membership, seen=None):
    """End somebody's access to the workspace at once; keys they made here stop working."""
    require(permissions.can_manage(actor, membership.workspace_id))
    _guard_owners(actor, membership, "")
    record(actor, "accounts.member_removed", membership, changes={"role": [membership.role, None]})
    erase(membership, seen=seen)


def _guard_owners(actor, membership, after):
    """Only owners touch owners, and one owner always remains; the owners' rows are locked while they are counted."""
    allowed = permissions.can_give_role(actor, before=membership.role, after=after)
    require(allowed, _("Only an owner makes, changes or removes an owner."), "owners_only")
    if membership.role == Role.OWNER and after != Role.OWNER:
        owners = locked(Membership.objects.filter(workspace_id=membership.workspace_id).owners().order_by("pk"))
        active = [owner for owner in owners.select_related("user") if owner.user.is_active]
        others = [owner for owner in active if owner.pk != membership.pk]
        rules.check_last_owner(role_before=membership.role, role_after=after, owners=len(others) + 1)


def send_welcome(membership):
    """Tell somebody that they have a place here; without a password yet, with the link that sets one."""
    user, workspace = membership.user, membership.workspace
    with translation.override(user.language or workspace.language):
        words = {"user": user, "workspace": workspace, "url": settings.BASE_URL + _way_in(user, workspace)}
        words["new"] = not user.has_usable_password()
        subject = " ".join(render_to_string("accounts/mail/welcome_subject.txt", words).split())
        send_mail(subject, render_to_string("accounts/mail/welcome.txt", words), None, [user.email])


def _way_in(user, workspace):
    if user.has_usable_password():
        return f"/w/{workspace.slug}/"
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


# --- organisations --------------------------------------------------------------------------------------------------


@transaction.atomic
def create_organization(actor, *, name, kind=OrganizationKind.AGENCY, contact="", note=""):
    """Add a company that takes part."""
    require(permissions.can_manage(actor, actor.workspace_id))
    rules.check_name(name)
    _check_name_is_free(actor, name)
    organization = Organization.objects.create(
        workspace=actor.workspace, name=name, kind=kind, contact=contact, note=note
    )
    record(actor, "accounts.organization_created", organization)
    return organization


@transaction.atomic
def change_organization(actor, *, organization, seen=None, **changes):
    """Change a company's name, kind, contact or note."""
    require(permissions.can_manage(actor, organization.workspace_id))
    if "name" in changes:
        rules.check_name(changes["name"])
        _check_name_is_free(actor, changes["name"], but=organization)
    if changes.get("kind", organization.kind) != organization.kind:
        _check_one_in_house_stays(organization)
    diff = swap(organization, seen=seen, **changes)
    if diff:
        record(actor, "accounts.organization_changed", organization, changes=diff)
    return organization


@transaction.atomic
def archive_organization(actor, *, organization, seen=None):
    """Take a company out of the choices; what refers to it keeps it."""
    require(permissions.can_manage(actor, organization.workspace_id))
    if organization.archived_at is None:
        _check_one_in_house_stays(organization)
        diff = swap(organization, seen=seen, archived_at=timezone.now())
        record(actor, "accounts.organization_archived", organization, changes=diff)
    return organization


@transaction.atomic
def restore_organization(actor, *, organization, seen=None):
    """Bring an archived company back."""
    require(permissions.can_manage(actor, organization.workspace_id))
    diff = swap(organization, seen=seen, archived_at=None)
    if diff:
        record(actor, "accounts.organization_restored", organization, changes=diff)
    return organization


def _check_name_is_free(actor, name, but=None):
    others = Organization.objects.filter(workspace_id=actor.workspace_id, name=name)
    if others.exclude(pk=but.pk if but else None).exists():
        sentence = _("There is an organisation of this name already.")
        raise RuleBroken(sentence, code="name_taken", errors={"name": sentence})


def _check_one_in_house_stays(organization):
    own = Organization.objects.filter(workspace_id=organization.workspace_id).in_house().active()
    rules.check_archivable(kind=organization.kind, in_house=len(locked(own)))


# --- API keys -------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_api_key(actor, *, name, scopes, expires_at, campaign_ids=()):
    """Make a key and return (key, secret); only the secret's hash is kept, so it can be shown this once."""
    require(permissions.can_make_key(actor), _("API keys are made by an owner or manager who is signed in."))
    rules.check_name(name)
    rules.check_scopes(scopes)
    rules.check_expiry(expires_at, now=timezone.now())
    _check_campaigns(actor, campaign_ids)
    service = User(kind=UserKind.SERVICE, name=name)
    service.set_unusable_password()
    service.save(force_insert=True)
    secret = rules.new_key()
    key = ApiKey.objects.create(
        workspace=actor.workspace,
        user=service,
        made_by_id=actor.user_id,
        name=name,
        key_hash=rules.key_hash(secret),
        last_four=secret[-4:],
        scopes=list(dict.fromkeys(scopes)),
        campaign_ids=[str(campaign_id) for campaign_id in campaign_ids],
        expires_at=expires_at,
    )
    record(actor, "accounts.api_key_created", key, changes={"scopes": [None, key.scopes]})
    return key, secret


def campaigns_for(actor):
    """[(id as text, label)] of the campaigns a key may be limited to; the app that owns them answers."""
    answers = campaigns_asked.send(sender=ApiKey, actor=actor)
    return [(str(campaign_id), label) for _receiver, found in answers for campaign_id, label in found]


def _check_campaigns(actor, campaign_ids):
    known = {campaign_id for campaign_id, _label in campaigns_for(actor)} if campaign_ids else set()
    if not {str(campaign_id) for campaign_id in campaign_ids} <= known:
        raise rules.invalid("campaign_ids", _("Choose from the workspace's campaigns."))


@transaction.atomic
def revoke_api_key(actor, *, key):
    """Stop a key at once and for good."""
    require(permissions.can_manage(actor, key.workspace_id))
    if key.revoked_at is None:
        diff = swap(key, revoked_at=timezone.now())
        swap(key.user, is_active=False)
        record(actor, "accounts.api_key_revoked", key, changes=diff)
    return key


# --- saved views ----------------------------------------------------------------------------------------------------


@transaction.atomic
def save_view(actor, *, page, name, query=""):
    """Keep a table's filters under a name; the same name again replaces them."""
    require(permissions.can_save_view(actor))
    rules.check_name(name)
    query = rules.view_query(query)
    owned = {"workspace_id": actor.workspace_id, "user_id": actor.user_id, "page": page, "name": name}
    view, made = SavedView.objects.get_or_create(**owned, defaults={"query": query})
    diff = {} if made else swap(view, query=query)
    if made or diff:
        record(actor, "accounts.view_saved", view, changes=diff)
    return view


@transaction.atomic
def delete_view(actor, *, view, seen=None):
    """Forget one's own saved view."""
    require(view.user_id == actor.user_id)
    record(actor, "accounts.view_deleted", view)
    erase(view, seen=seen)
