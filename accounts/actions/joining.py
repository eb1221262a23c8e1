"""Acts on invitations of members: inviting, sending anew, and the way in of whoever was invited."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules
from accounts.actions.invitations import end_for_another, make_invitation, use_invitation
from accounts.actions.workspaces import save_person
from accounts.choices import CodePurpose, UserKind
from accounts.models import ApiKey, Membership, Organization, PhoneCode, User
from accounts.permissions import can_give_role, can_manage
from accounts.rules import doors as door_rules
from core.actor import Actor
from core.audit import record
from core.errors import RuleBroken, require
from core.locks import locked

# --- inviting -------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_member(actor, *, role, email="", phone="", name="", **place):
    """Invite somebody to be a member, bound to an e-mail address or a phone. Returns (invitation, token).

    `place` is organisation, job title and whether they see only what is granted, as in `add_member`.
    """
    _check_may_invite(actor, role)
    rules.check_limit(role=role, is_limited=place.get("is_limited", False))
    door_rules.check_one_address(email=email, phone=phone)
    if phone:
        rules.check_codes_can_be_sent(settings.PHONE_SIGN_IN)
        phone = rules.phone_number(phone)
    person = _person(email=email, phone=phone)
    if person and Membership.objects.filter(user=person).exists():
        raise RuleBroken(_("This person is in the workspace already."), code="already_member")
    return make_invitation(actor, role=role, email=email, phone=phone, name=" ".join(name.split()), **place)


@transaction.atomic
def invite_again(actor, *, invitation):
    """The same invitation with a new link, good for seven days from now; the old link is dead at once."""
    _check_may_invite(actor, invitation.role)
    end_for_another(invitation)
    to = {"role": invitation.role, "email": invitation.email, "phone": invitation.phone, "name": invitation.name}
    place = {"organization": invitation.organization, "title": invitation.title, "is_limited": invitation.is_limited}
    return invite_member(actor, **to, **place)


def _check_may_invite(actor, role):
    require(can_manage(actor, actor.workspace_id))
    require(can_give_role(actor, after=role), _("Only an owner makes owners."), "owners_only")


# --- who was invited ------------------------------------------------------------------------------------------------


def _person(*, email, phone):
    """The account of this address or number, in whatever state."""
    has = {"email__iexact": email} if email else {"phone": phone}
    return User.objects.filter(kind=UserKind.PERSON, **has).first()


def person_invited(invitation):
    """The account an invitation is for, or None when there is none yet."""
    return _person(email=invitation.email, phone=invitation.phone)


def is_invited(invitation, user):
    """Whether the invitation is bound to this person's own address or phone."""
    if invitation.email:
        return user.kind == UserKind.PERSON and (user.email or "").lower() == invitation.email.lower()
    return user.kind == UserKind.PERSON and user.phone == invitation.phone


def is_member_of(invitation, user):
    """Whether the person is there already."""
    return Membership.objects.filter(workspace=invitation.workspace_id, user=user).exists()


# --- the way in -----------------------------------------------------------------------------------------------------


def check_standing(invitation, *, hold=False):
    """Raise RuleBroken unless whoever invited may still give this role, and its organisation is still there.

    `hold`: their membership stays as it is until the end of the transaction.
    """
    door_rules.check_inviter(_may_give(invitation, hold))
    organization = invitation.organization_id
    if organization and not Organization.objects.filter(pk=organization).active().exists():
        raise RuleBroken(_("The organisation you were invited for is gone. Ask for a new invitation."), code="gone")


def _may_give(invitation, hold):
    """What the inviter may do now: a person by their membership, a key as its maker."""
    maker = invitation.made_by
    key = ApiKey.objects.filter(user=maker).select_related("made_by").first()
    if not maker.is_active or (key and key.state(now=timezone.now()) != "active"):
        return False
    person = key.made_by if key else maker
    rows = Membership.objects.filter(workspace=invitation.workspace_id, user=person, is_limited=False)
    membership = (locked(rows, no_key=True) if hold else rows).first()
    if membership is None or not person.is_active:
        return False
    actor = Actor(user=person, workspace=invitation.workspace, role=membership.role)
    return can_manage(actor, invitation.workspace_id) and can_give_role(actor, after=invitation.role)


@transaction.atomic
def accept_member(invitation, *, user=None, name="", password="", code=None):
    """Become a member by an invitation, as the person it is for, or as somebody new with a name.

    Somebody new chooses a password, or has proved the invited phone by a `code`. Role and place are the invitation's.
    """
    use_invitation(invitation)
    check_standing(invitation, hold=True)
    if user is None:
        user = _new_person(invitation, name, password, code)
    require(is_invited(invitation, user) and user.is_active)
    place = {name: getattr(invitation, name) for name in ("role", "organization", "title", "is_limited")}
    membership, made = Membership.objects.get_or_create(workspace_id=invitation.workspace_id, user=user, defaults=place)
    if not made:
        raise RuleBroken(_("You are in the workspace already."), code="already_member")
    actor = Actor(user=user, workspace=invitation.workspace, role=membership.role)
    record(actor, "accounts.member_joined", membership, changes={"role": [None, membership.role]})
    return membership


def _new_person(invitation, name, password, code):
    user = User(kind=UserKind.PERSON, name=" ".join(name.split()))  # their language is that of their browser
    if invitation.email:
        user.email = User.objects.normalize_email(invitation.email)
        _check_password(password, user)
    else:
        user.phone, password = invitation.phone, None
        require(code is not None and _proves(code, invitation))
    save_person(user, password)
    record(Actor(user=user, workspace=invitation.workspace), "accounts.person_created", user)
    return user


def _proves(code, invitation):
    """Whether the code was sent to the invited phone and came back."""
    rows = PhoneCode.objects.filter(pk=code.pk, purpose=CodePurpose.INVITED, phone=invitation.phone)
    return rows.exclude(used_at=None).exists()


def _check_password(password, user):
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise rules.invalid("password", " ".join(error.messages)) from error
