"""Who may do what in accounts."""

from accounts.choices import Role, SeatRole
from core.policy import Policy, anyone, manager, member, person, seat, seat_lead, signed_in

MANAGERS = (Role.OWNER, Role.MANAGER)


def can_edit_profile(actor):
    """A person edits their own profile; a key has none to edit."""
    return actor.is_signed_in and actor.key is None


def can_manage(actor, workspace_id):
    """Owners and managers look after the workspace they are in: its settings, people, organisations and keys."""
    return actor.role in MANAGERS and actor.workspace_id == workspace_id and not actor.is_limited


def can_give_role(actor, *, before="", after=""):
    """Only an owner makes, changes or removes an owner."""
    return actor.role == Role.OWNER or Role.OWNER not in (before, after)


def can_keep_calendar(actor, user_id=None):
    """Managers keep all working calendars; a person keeps their own."""
    return can_manage(actor, actor.workspace_id) or _is_own(actor, user_id)


def can_keep_absence(actor, user_id):
    """Everybody says when they are away; managers say it for anybody."""
    return can_manage(actor, actor.workspace_id) or _is_own(actor, user_id)


def _is_own(actor, user_id):
    return bool(actor.role) and actor.key is None and user_id is not None and user_id == actor.user_id


def can_make_key(actor):
    """Keys are made by people, never by another key: a leaked one cannot outlive itself."""
    return actor.key is None and can_manage(actor, actor.workspace_id)


def can_keep_door(actor, organization):
    """Managers make an organisation's door, say what holds at it, freeze it."""
    return can_manage(actor, organization.workspace_id)


def can_keep_seats(actor, organization):
    """The organisation's own lead looks after its seats and its password; so do the client's managers."""
    is_lead = seat_lead(actor) and actor.organization_id == organization.pk
    return is_lead or can_keep_door(actor, organization)


def can_sit(actor, seat):
    """One's own seat."""
    return actor.seat is not None and actor.seat.pk == seat.pk


def partner_may(actor, thing, area, verb="write"):
    """A partner's seat may read, or (readers aside) work on, what is its organisation's in a campaign whose section
    `area` was granted. `thing` is a row that names its organisation, or the campaign itself."""
    if actor.seat is None or thing.workspace_id != actor.workspace_id:
        return False
    if verb == "write" and actor.seat.role == SeatRole.READER:
        return False
    is_campaign = thing._meta.label_lower == "campaigns.campaign"
    is_own = is_campaign or thing.organization_id == actor.organization_id
    return is_own and (thing.pk if is_campaign else thing.campaign_id) in actor.campaigns_of(area, verb)


def can_save_view(actor):
    """Every member may keep views of a table."""
    return bool(actor.role)


POLICY = {
    # sign-in and password; the names are allauth's
    "account_login": Policy(reads=anyone, writes=anyone),
    "account_logout": Policy(reads=anyone, writes=anyone),
    "account_inactive": Policy(reads=anyone),
    "account_signup": Policy(reads=anyone, writes=anyone),
    "account_reset_password": Policy(reads=anyone, writes=anyone),
    "account_reset_password_done": Policy(reads=anyone),
    "account_reset_password_from_key": Policy(reads=anyone, writes=anyone),
    "account_reset_password_from_key_done": Policy(reads=anyone),
    "account_change_password": Policy(reads=person, writes=person),
    "account_set_password": Policy(reads=person, writes=person),
    "set_language": Policy(reads=anyone, writes=anyone),
    "mfa_authenticate": Policy(reads=anyone, writes=anyone),
    "mfa_login_webauthn": Policy(reads=anyone, writes=anyone),
    "account_phone": Policy(reads=anyone, writes=anyone),
    "account_phone_code": Policy(reads=anyone, writes=anyone),
    "account_sign_in_with": Policy(reads=None, writes=anyone),
    "openid_connect_callback": Policy(reads=anyone),
    "feishu_callback": Policy(reads=anyone),
    "dingtalk_callback": Policy(reads=anyone),
    "wecom_callback": Policy(reads=anyone),
    "socialaccount_login_cancelled": Policy(reads=anyone),
    # one's own ways of signing in
    "mfa_index": Policy(reads=person),
    "account_reauthenticate": Policy(reads=person, writes=person),
    "mfa_reauthenticate": Policy(reads=person, writes=person),
    "mfa_reauthenticate_webauthn": Policy(reads=person, writes=person),
    "mfa_activate_totp": Policy(reads=person, writes=person),
    "mfa_deactivate_totp": Policy(reads=person, writes=person),
    "mfa_view_recovery_codes": Policy(reads=person),
    "mfa_download_recovery_codes": Policy(reads=person),
    "mfa_generate_recovery_codes": Policy(reads=person, writes=person),
    "mfa_list_webauthn": Policy(reads=person),
    "mfa_add_webauthn": Policy(reads=person, writes=person),
    "mfa_edit_webauthn": Policy(reads=person, writes=person),
    "mfa_remove_webauthn": Policy(reads=person, writes=person),
    "accounts:session-end": Policy(reads=None, writes=person),
    "accounts:sessions-end": Policy(reads=None, writes=person),
    "accounts:account-connect": Policy(reads=None, writes=person),
    "accounts:account-disconnect": Policy(reads=None, writes=person),
    "accounts:phone": Policy(reads=person, writes=person),
    "accounts:phone-code": Policy(reads=person, writes=person),
    "accounts:phone-remove": Policy(reads=None, writes=person),
    # the door of partners: they answer to anybody and show no data
    "accounts:door": Policy(reads=anyone, writes=anyone),
    "accounts:door-seats": Policy(reads=anyone, writes=anyone),
    "accounts:door-passkey": Policy(reads=anyone, writes=anyone),
    "accounts:door-code": Policy(reads=anyone, writes=anyone),
    "accounts:door-lock": Policy(reads=None, writes=anyone),
    "accounts:door-shut": Policy(reads=None, writes=anyone),
    "accounts:invitation": Policy(reads=anyone, writes=anyone),
    "accounts:invited": Policy(reads=anyone, writes=anyone),
    # doors and seats, as the client's managers look after them
    "accounts:door-make": Policy(reads=manager, writes=manager),
    "accounts:door-change": Policy(reads=manager, writes=manager),
    "accounts:door-password": Policy(reads=manager, writes=manager),
    "accounts:door-freeze": Policy(reads=None, writes=manager),
    "accounts:door-unfreeze": Policy(reads=None, writes=manager),
    "accounts:seat-invite": Policy(reads=manager, writes=manager),
    "accounts:seat": Policy(reads=manager, writes=manager),
    "accounts:seat-freeze": Policy(reads=None, writes=manager),
    "accounts:seat-unfreeze": Policy(reads=None, writes=manager),
    "accounts:seat-remove": Policy(reads=None, writes=manager),
    "accounts:seat-invite-again": Policy(reads=None, writes=manager),
    "accounts:seat-session-end": Policy(reads=None, writes=manager),
    "accounts:seat-invitation-again": Policy(reads=None, writes=manager),
    "accounts:seat-invitation-revoke": Policy(reads=None, writes=manager),
    # the same for a partner's lead
    "accounts:partner-seats": Policy(reads=seat_lead),
    "accounts:partner-door-password": Policy(reads=seat_lead, writes=seat_lead, proof=True),
    "accounts:partner-seat-invite": Policy(reads=seat_lead, writes=seat_lead, proof=True),
    "accounts:partner-seat": Policy(reads=seat_lead, writes=seat_lead, proof=True),
    "accounts:partner-seat-freeze": Policy(reads=None, writes=seat_lead),
    "accounts:partner-seat-unfreeze": Policy(reads=None, writes=seat_lead, proof=True),
    "accounts:partner-seat-remove": Policy(reads=None, writes=seat_lead, proof=True),
    "accounts:partner-seat-invite-again": Policy(reads=None, writes=seat_lead, proof=True),
    "accounts:partner-seat-session-end": Policy(reads=None, writes=seat_lead),
    "accounts:partner-seat-invitation-again": Policy(reads=None, writes=seat_lead, proof=True),
    "accounts:partner-seat-invitation-revoke": Policy(reads=None, writes=seat_lead),
    # a seat's own
    "accounts:partner-own": Policy(reads=seat),
    "accounts:partner-pin": Policy(reads=seat, writes=seat, proof=True),
    "accounts:partner-passkey-challenge": Policy(reads=seat),
    "accounts:partner-passkey-add": Policy(reads=None, writes=seat, proof=True),
    "accounts:partner-passkey-name": Policy(reads=None, writes=seat, proof=True),
    "accounts:partner-passkey-remove": Policy(reads=None, writes=seat, proof=True),
    "accounts:partner-device-forget": Policy(reads=None, writes=seat),
    "accounts:partner-session-end": Policy(reads=None, writes=seat),
    "accounts:partner-proof": Policy(reads=seat, writes=seat),
    "accounts:partner-drafts": Policy(reads=seat, writes=seat),
    # own pages
    "accounts:start": Policy(reads=signed_in),
    "accounts:workspaces": Policy(reads=signed_in),
    "accounts:profile": Policy(reads=signed_in, writes=signed_in),
    "accounts:theme": Policy(reads=anyone, writes=anyone),
    # settings of a workspace
    "accounts:settings": Policy(reads=manager, writes=manager),
    "accounts:people": Policy(reads=member),
    "accounts:person-add": Policy(reads=manager, writes=manager),
    "accounts:invite": Policy(reads=manager, writes=manager),
    "accounts:invitation-again": Policy(reads=None, writes=manager),
    "accounts:invitation-revoke": Policy(reads=None, writes=manager),
    "accounts:person": Policy(reads=manager, writes=manager),
    "accounts:person-remove": Policy(reads=manager, writes=manager),
    "accounts:organizations": Policy(reads=member),
    "accounts:organization-add": Policy(reads=manager, writes=manager),
    "accounts:organization": Policy(reads=manager, writes=manager),
    "accounts:organization-archive": Policy(reads=manager, writes=manager),
    "accounts:organization-restore": Policy(reads=manager, writes=manager),
    "accounts:api-keys": Policy(reads=manager),
    "accounts:api-key-add": Policy(reads=manager, writes=manager),
    "accounts:api-key-revoke": Policy(reads=manager, writes=manager),
    "accounts:calendars": Policy(reads=member),
    "accounts:calendar-add": Policy(reads=member, writes=member),
    "accounts:calendar": Policy(reads=member, writes=member),
    "accounts:calendar-delete": Policy(reads=member, writes=member),
    "accounts:calendar-day-add": Policy(reads=member, writes=member),
    "accounts:calendar-day": Policy(reads=member, writes=member),
    "accounts:calendar-day-delete": Policy(reads=member, writes=member),
    "accounts:absences": Policy(reads=member),
    "accounts:absence-add": Policy(reads=member, writes=member),
    "accounts:absence": Policy(reads=member, writes=member),
    "accounts:absence-delete": Policy(reads=member, writes=member),
    "accounts:saved-views": Policy(reads=member, writes=member),
    "accounts:saved-view-delete": Policy(reads=member, writes=member),
    # REST
    "api:me": Policy(reads=signed_in, writes=signed_in),
    "api:sessions-list": Policy(reads=person, area="accounts"),
    "api:sessions-end-others": Policy(reads=None, writes=person, area="accounts"),
    "api:sessions-detail": Policy(reads=person, writes=person, area="accounts"),
    "api:workspaces-list": Policy(reads=signed_in, area="accounts"),
    "api:workspaces-detail": Policy(reads=signed_in, writes=manager, area="accounts"),
    "api:members-list": Policy(reads=member, writes=manager, area="accounts"),
    "api:members-detail": Policy(reads=member, writes=manager, area="accounts"),
    "api:invitations-list": Policy(reads=manager, writes=manager, area="accounts"),
    "api:invitations-detail": Policy(reads=manager, area="accounts"),
    "api:invitations-again": Policy(reads=None, writes=manager, area="accounts"),
    "api:invitations-revoke": Policy(reads=None, writes=manager, area="accounts"),
    "api:organizations-list": Policy(reads=member, writes=manager, area="accounts"),
    "api:organizations-detail": Policy(reads=member, writes=manager, area="accounts"),
    "api:organizations-archive": Policy(reads=None, writes=manager, area="accounts"),
    "api:organizations-restore": Policy(reads=None, writes=manager, area="accounts"),
    "api:api-keys-list": Policy(reads=manager, writes=manager, area="accounts"),
    "api:api-keys-detail": Policy(reads=manager, area="accounts"),
    "api:api-keys-revoke": Policy(reads=None, writes=manager, area="accounts"),
    "api:work-calendars-list": Policy(reads=member, writes=member, area="accounts"),
    "api:work-calendars-detail": Policy(reads=member, writes=member, area="accounts"),
    "api:work-calendars-year": Policy(reads=member, area="accounts"),
    "api:calendar-days-list": Policy(reads=member, writes=member, area="accounts"),
    "api:calendar-days-detail": Policy(reads=member, writes=member, area="accounts"),
    "api:absences-list": Policy(reads=member, writes=member, area="accounts"),
    "api:absences-detail": Policy(reads=member, writes=member, area="accounts"),
    "api:saved-views-list": Policy(reads=member, writes=member, area="accounts"),
    "api:saved-views-detail": Policy(reads=member, writes=member, area="accounts"),
    "api:doors-list": Policy(reads=manager, writes=manager, area="accounts"),
    "api:doors-detail": Policy(reads=manager, writes=manager, area="accounts"),
    "api:doors-freeze": Policy(reads=None, writes=manager, area="accounts"),
    "api:doors-unfreeze": Policy(reads=None, writes=manager, area="accounts"),
    "api:doors-password": Policy(reads=None, writes=manager, area="accounts"),
    "api:seats-list": Policy(reads=manager, area="accounts"),
    "api:seats-detail": Policy(reads=manager, writes=manager, area="accounts"),
    "api:seats-freeze": Policy(reads=None, writes=manager, area="accounts"),
    "api:seats-unfreeze": Policy(reads=None, writes=manager, area="accounts"),
    "api:seat-invitations-list": Policy(reads=manager, writes=manager, area="accounts"),
    "api:seat-invitations-detail": Policy(reads=manager, area="accounts"),
    "api:seat-invitations-again": Policy(reads=None, writes=manager, area="accounts"),
    "api:seat-invitations-revoke": Policy(reads=None, writes=manager, area="accounts"),
    "api:seat-sessions-list": Policy(reads=manager, area="accounts"),
    "api:seat-sessions-detail": Policy(reads=manager, writes=manager, area="accounts"),
    "api:partner-doors-list": Policy(reads=seat_lead),
    "api:partner-doors-detail": Policy(reads=seat_lead),
    "api:partner-doors-password": Policy(reads=None, writes=seat_lead, proof=True),
    "api:partner-seats-list": Policy(reads=seat_lead),
    "api:partner-seats-detail": Policy(reads=seat_lead, writes=seat_lead, proof=True),
    "api:partner-seats-freeze": Policy(reads=None, writes=seat_lead),
    "api:partner-seats-unfreeze": Policy(reads=None, writes=seat_lead, proof=True),
    "api:partner-seat-invitations-list": Policy(reads=seat_lead, writes=seat_lead, proof=True),
    "api:partner-seat-invitations-detail": Policy(reads=seat_lead),
    "api:partner-seat-invitations-again": Policy(reads=None, writes=seat_lead, proof=True),
    "api:partner-seat-invitations-revoke": Policy(reads=None, writes=seat_lead),
    "api:partner-sessions-list": Policy(reads=seat),
    "api:partner-sessions-detail": Policy(reads=seat, writes=seat),
    "api:partner-passkeys-list": Policy(reads=seat, writes=seat, proof=True),
    "api:partner-passkeys-detail": Policy(reads=seat, writes=seat, proof=True),
    "api:partner-passkeys-challenge": Policy(reads=seat),
    "api:partner-devices-list": Policy(reads=seat),
    "api:partner-devices-detail": Policy(reads=seat, writes=seat),
    "api:partner-proof": Policy(reads=None, writes=seat),
    "api:partner-pin": Policy(reads=None, writes=seat, proof=True),
    "api:partner-drafts": Policy(reads=seat, writes=seat),
}
