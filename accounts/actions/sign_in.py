"""Acts of signing in and out: sessions, the end of somebody's access, one's own phone number."""

from datetime import timedelta
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import permissions, rules
from accounts.choices import CodePurpose, UserKind
from accounts.models import ApiKey, PhoneCode, Session, User
from accounts.signals import person_deactivated
from core.actor import SYSTEM, Actor
from core.audit import record
from core.errors import RuleBroken, require
from core.jobs import enqueue
from core.swap import swap

# --- sessions -------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_sign_in(user, *, session_key, method, ip=None, agent=""):
    """Write the sign-in into the logbook and the browser into the person's list; return the session's row."""
    seen = {"user": user, "method": method, "ip": ip, "agent": agent[:300], "last_seen_at": timezone.now()}
    session, _made = Session.objects.update_or_create(session_key=session_key, defaults=seen)
    record(Actor(user=user), "accounts.signed_in", user)
    return session


def note_sign_out(user, *, session_key):
    """Take the browser off the list."""
    if Session.objects.filter(session_key=session_key).delete()[0]:
        record(Actor(user=user), "accounts.signed_out", user)


def see_session(session_id, *, session_key, ip, agent):
    """Note that a browser is still there; False when its session was ended meanwhile, or has lasted its time."""
    now = timezone.now()
    seen = {"session_key": session_key, "ip": ip, "agent": agent[:300], "last_seen_at": now}
    lasting = Session.objects.filter(pk=session_id, created_at__gt=now - rules.LONGEST_SESSION)
    return bool(lasting.update(**seen))


def note_password_change(user, *, session_id=None):
    """Write the change of a password into the logbook, without the password; other browsers are signed out."""
    _end(user.sessions.exclude(pk=session_id))
    record(Actor(user=user), "accounts.password_changed", user)


OF_THE_LIBRARY = {
    "added": "accounts.second_step_added",
    "removed": "accounts.second_step_removed",
    "renamed": "accounts.passkey_renamed",
    "codes_made": "accounts.recovery_codes_made",
    "code_used": "accounts.recovery_code_used",
    "failed": "accounts.second_step_failed",
}


def note_second_step(user, what, *, changes=None):
    """Write into the logbook what the sign-in library did with second steps: it writes its tables by itself."""
    record(Actor(user=user), OF_THE_LIBRARY[what], user, changes=changes)


def has_second_step(user):
    """Whether the person has an authenticator app or a passkey; recovery codes alone are none."""
    steps = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=user.pk, type__in=steps).exists()


@transaction.atomic
def end_session(actor, *, session):
    """Sign one of one's own browsers out at once."""
    require(permissions.can_edit_profile(actor) and session.user_id == actor.user_id)
    record(actor, "accounts.session_ended", session)
    _end([session])


@transaction.atomic
def end_other_sessions(actor, *, session_key=None):
    """Sign out everywhere but here; return how many browsers that were."""
    require(permissions.can_edit_profile(actor))
    others = list(actor.user.sessions.but(session_key))
    if others:
        record(actor, "accounts.other_sessions_ended", actor.user, changes={"sessions": [len(others), 0]})
    _end(others)
    return len(others)


def _end(sessions):
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in sessions:
        store(session.session_key).delete()
        session.delete()


def tidy_sign_in():
    """Forget browsers that were not seen for the life of a session, and codes that ran out."""
    now = timezone.now()
    Session.objects.filter(last_seen_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    PhoneCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


# --- the end of somebody's access -----------------------------------------------------------------------------------


@transaction.atomic
def deactivate_person(actor, *, user):
    """End somebody's access everywhere at once: sessions, links on their way, keys they made, new sign-ins."""
    require(actor is SYSTEM or actor.user.is_staff)
    diff = swap(user, is_active=False, auth_epoch=user.auth_epoch + 1)
    _end(user.sessions.all())
    for key in ApiKey._base_manager.filter(made_by=user, revoked_at=None).select_related("user"):
        swap(key, revoked_at=timezone.now())
        swap(key.user, is_active=False)
    record(actor, "accounts.person_deactivated", user, changes=diff)
    person_deactivated.send(sender=User, actor=actor, user=user)


@transaction.atomic
def reset_second_step(actor, *, user):
    """Take away what a person lost: app, passkeys and recovery codes. Their sessions end; return how many went."""
    require(actor is SYSTEM or actor.user.is_staff)
    steps = Authenticator.objects.filter(user_id=user.pk)
    count = steps.count()
    steps.delete()
    swap(user, auth_epoch=user.auth_epoch + 1)
    _end(user.sessions.all())
    record(actor, "accounts.second_step_reset", user, changes={"steps": [count, 0]})
    return count


# --- accounts elsewhere ---------------------------------------------------------------------------------------------


@transaction.atomic
def connect_account(actor, *, account):
    """Let an account elsewhere (a SocialAccount that was just proved) sign this person in."""
    require(permissions.can_edit_profile(actor))
    known = SocialAccount.objects.filter(provider=account.provider, uid=account.uid).first()
    if known is not None and known.user_id != actor.user_id:
        raise RuleBroken(_("This account is connected to somebody else."), code="connected_elsewhere")
    if known is None:
        account.user = actor.user
        account.save()
        record(actor, "accounts.account_connected", actor.user, changes={"account": [None, account.provider]})
    return account


@transaction.atomic
def disconnect_account(actor, *, account):
    """An account elsewhere signs the person in no more; one way in always stays."""
    require(permissions.can_edit_profile(actor) and account.user_id == actor.user_id)
    others = SocialAccount.objects.filter(user_id=actor.user_id).exclude(pk=account.pk).exists()
    passkey = Authenticator.objects.filter(user_id=actor.user_id, type=Authenticator.Type.WEBAUTHN).exists()
    rules.check_way_in([actor.user.has_usable_password(), bool(actor.user.phone), others, passkey])
    record(actor, "accounts.account_disconnected", actor.user, changes={"account": [account.provider, None]})
    account.delete()


# --- phone ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_sign_in_code(*, phone):
    """Send a code to whoever has this number; nobody learns whether somebody does."""
    found = User.objects.filter(phone=phone, kind=UserKind.PERSON, is_active=True).first()
    return _ask_code(phone, CodePurpose.SIGN_IN, found)


@transaction.atomic
def ask_own_code(actor, *, phone):
    """Send a code to a number that the person says is theirs."""
    require(permissions.can_edit_profile(actor))
    if phone == actor.user.phone:
        sentence = _("This is your number already.")
        raise RuleBroken(sentence, code="own_phone", errors={"phone": sentence})
    record(actor, "accounts.phone_asked", actor.user, changes={"phone": [None, rules.hidden_phone(phone)]})
    return _ask_code(phone, CodePurpose.OWN, actor.user)


@transaction.atomic
def ask_invited_code(invitation):
    """Send a code to the number an invitation is bound to; whoever has it need not have an account yet."""
    rules.check_codes_can_be_sent(settings.PHONE_SIGN_IN)
    record(Actor(user=None, workspace=invitation.workspace), "accounts.invitation_code_asked", invitation)
    return _ask_code(invitation.phone, CodePurpose.INVITED, None)


def _ask_code(phone, purpose, user):
    code = PhoneCode.objects.create(
        user=user,
        phone=phone,
        purpose=purpose,
        epoch=user.auth_epoch if user else 0,
        expires_at=timezone.now() + rules.CODE_LIFE,
    )
    enqueue("accounts.send_phone_code", code_id=code.pk)
    return code


def send_phone_code(code):
    """Hand the digits to the sender of short messages; a number that nobody has gets none, unless it was invited."""
    if _is_nobodys(code) or code.expires_at < timezone.now():
        return
    with translation.override(getattr(code.user, "language", "") or settings.LANGUAGE_CODE):
        send = import_string(settings.SMS_SENDER)
        send(
            phone=code.phone,
            code=_digits(code),
            minutes=int(rules.CODE_LIFE.total_seconds()) // 60,
            language=translation.get_language(),
        )


def _is_nobodys(code):
    return code.user is None and code.purpose != CodePurpose.INVITED


def _digits(code):
    return rules.code_digits(settings.PIN_PEPPER, code.pk)


def try_code(code, *, digits):
    """Whether these are the digits of a code that is alive; each try counts, and the right one is used up."""
    alive = PhoneCode.objects.filter(pk=code.pk, used_at=None, expires_at__gt=timezone.now())
    if not alive.filter(tries__lt=rules.CODE_TRIES).update(tries=F("tries") + 1):
        return False
    if not rules.same_digits(digits, _digits(code)) or _is_nobodys(code):
        return False
    person = User.objects.filter(pk=code.user_id, is_active=True, auth_epoch=code.epoch)
    is_there = code.user is None or person.exists()
    return is_there and bool(alive.update(used_at=timezone.now()))


@transaction.atomic
def set_phone(actor, *, code):
    """Make the number that was just proved by a code one's own."""
    require(permissions.can_edit_profile(actor))
    proved = PhoneCode.objects.filter(pk=code.pk, user_id=actor.user_id, purpose=CodePurpose.OWN)
    require(proved.exclude(used_at=None).exists())
    user = User.objects.get(pk=actor.user_id)
    try:
        with transaction.atomic():
            diff = swap(user, phone=code.phone)
    except IntegrityError as error:
        raise RuleBroken(_("Another account uses this number."), code="phone_taken") from error
    if diff:
        record(actor, "accounts.phone_changed", user, changes=_hidden(diff))
    return user


@transaction.atomic
def remove_phone(actor):
    """Sign-in by phone ends, and nobody is called at this number."""
    require(permissions.can_edit_profile(actor))
    user = User.objects.get(pk=actor.user_id)
    diff = swap(user, phone=None)
    if diff:
        record(actor, "accounts.phone_changed", user, changes=_hidden(diff))
    return user


def _hidden(diff):
    return {name: [rules.hidden_phone(number) for number in pair] for name, pair in diff.items()}
