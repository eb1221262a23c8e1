"""Addresses of accounts. The names of sign-in and password pages are the sign-in library's own."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from accounts.views import calendars, doors, invitations, joining, keys, own, partner, passkeys, people, seats, security
from accounts.views import sign_in as ways

sign_in = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/phone/", ways.phone, name="account_phone"),
    path("sign-in/phone/code/", ways.phone_code, name="account_phone_code"),
    path("sign-in/with/cancelled/", ways.cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/with/<slug:provider_id>/", ways.lead_out, name="account_sign_in_with"),
    path("sign-in/with/<slug:provider_id>/back/", ways.come_back, name="openid_connect_callback"),
    path("sign-in/with/feishu/back/", ways.come_back, {"provider_id": "feishu"}, name="feishu_callback"),
    path("sign-in/with/dingtalk/back/", ways.come_back, {"provider_id": "dingtalk"}, name="dingtalk_callback"),
    path("sign-in/with/wecom/back/", ways.come_back, {"provider_id": "wecom"}, name="wecom_callback"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("sign-in/inactive/", allauth.account_inactive, name="account_inactive"),
    path("sign-up/", own.closed, name="account_signup"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    path("password/reset/done/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("me/password/", allauth.password_change, name="account_change_password"),
    path("me/password/set/", own.set_password, name="account_set_password"),
    path("me/language/", own.language, name="set_language"),
]

own_security = [
    path("", security.security, name="mfa_index"),
    path("confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", security.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/file/", security.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/", security.passkeys, name="mfa_list_webauthn"),
    path("passkeys/new/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", security.passkey_name, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]

own_pages = [
    path("", own.start, name="start"),
    path("workspaces/", own.workspaces, name="workspaces"),
    path("me/", own.profile, name="profile"),
    path("me/theme/", own.theme, name="theme"),
    path("me/security/sessions/<uuid:pk>/end/", security.session_end, name="session-end"),
    path("me/security/sessions/end/", security.sessions_end, name="sessions-end"),
    path("me/security/connect/<slug:provider_id>/", ways.connect, name="account-connect"),
    path("me/security/accounts/<int:pk>/disconnect/", security.account_disconnect, name="account-disconnect"),
    path("me/security/phone/", security.phone, name="phone"),
    path("me/security/phone/code/", security.phone_code, name="phone-code"),
    path("me/security/phone/remove/", security.phone_remove, name="phone-remove"),
    path("door/", doors.door, name="door"),
    path("door/seats/", doors.seats, name="door-seats"),
    path("door/passkey/", passkeys.door, name="door-passkey"),
    path("door/code/", doors.code, name="door-code"),
    path("door/lock/", doors.lock, name="door-lock"),
    path("door/shut/", doors.shut, name="door-shut"),
    path("i/<str:token>/", invitations.invitation, name="invitation"),
    path("invited/", joining.invited, name="invited"),
]


def seat_acts(place, prefix):
    """What is done to one seat: by the client's managers below settings/, by a lead below partner/."""
    return [
        path(f"{place}/seats/<uuid:pk>/", seats.seat, name=f"{prefix}seat"),
        path(f"{place}/seats/<uuid:pk>/freeze/", seats.seat_freeze, name=f"{prefix}seat-freeze"),
        path(f"{place}/seats/<uuid:pk>/unfreeze/", seats.seat_unfreeze, name=f"{prefix}seat-unfreeze"),
        path(f"{place}/seats/<uuid:pk>/remove/", seats.seat_remove, name=f"{prefix}seat-remove"),
        path(f"{place}/seats/<uuid:pk>/invite/", seats.seat_invite_again, name=f"{prefix}seat-invite-again"),
        path(f"{place}/seats/sessions/<uuid:pk>/end/", seats.seat_session_end, name=f"{prefix}seat-session-end"),
        path(
            f"{place}/seats/invitations/<uuid:pk>/again/",
            seats.invitation_again,
            name=f"{prefix}seat-invitation-again",
        ),
        path(
            f"{place}/seats/invitations/<uuid:pk>/revoke/",
            seats.invitation_revoke,
            name=f"{prefix}seat-invitation-revoke",
        ),
    ]


workspace = [
    path("settings/", people.settings, name="settings"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.person_add, name="person-add"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/invitations/<uuid:pk>/again/", people.invitation_again, name="invitation-again"),
    path("settings/people/invitations/<uuid:pk>/revoke/", people.invitation_revoke, name="invitation-revoke"),
    path("settings/people/<uuid:pk>/", people.person, name="person"),
    path("settings/people/<uuid:pk>/remove/", people.person_remove, name="person-remove"),
    path("settings/organizations/", people.organizations, name="organizations"),
    path("settings/organizations/new/", people.organization_add, name="organization-add"),
    path("settings/organizations/<uuid:pk>/", people.organization, name="organization"),
    path("settings/organizations/<uuid:pk>/archive/", people.organization_archive, name="organization-archive"),
    path("settings/organizations/<uuid:pk>/restore/", people.organization_restore, name="organization-restore"),
    path("settings/organizations/<uuid:pk>/door/new/", seats.door_make, name="door-make"),
    path("settings/organizations/<uuid:pk>/door/", seats.door_change, name="door-change"),
    path("settings/organizations/<uuid:pk>/door/password/", seats.door_password, name="door-password"),
    path("settings/organizations/<uuid:pk>/door/freeze/", seats.door_freeze, name="door-freeze"),
    path("settings/organizations/<uuid:pk>/door/unfreeze/", seats.door_unfreeze, name="door-unfreeze"),
    path("settings/organizations/<uuid:pk>/seats/new/", seats.seat_invite, name="seat-invite"),
    *seat_acts("settings", ""),
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendars.calendar_add, name="calendar-add"),
    path("settings/calendars/<uuid:pk>/", calendars.calendar, name="calendar"),
    path("settings/calendars/<uuid:pk>/delete/", calendars.calendar_delete, name="calendar-delete"),
    path("settings/calendars/<uuid:pk>/days/", calendars.day_add, name="calendar-day-add"),
    path("settings/calendars/days/<uuid:pk>/", calendars.day, name="calendar-day"),
    path("settings/calendars/days/<uuid:pk>/delete/", calendars.day_delete, name="calendar-day-delete"),
    path("settings/absences/", calendars.absences, name="absences"),
    path("settings/absences/new/", calendars.absence_add, name="absence-add"),
    path("settings/absences/<uuid:pk>/", calendars.absence, name="absence"),
    path("settings/absences/<uuid:pk>/delete/", calendars.absence_delete, name="absence-delete"),
    path("settings/api-keys/", keys.api_keys, name="api-keys"),
    path("settings/api-keys/new/", keys.api_key_add, name="api-key-add"),
    path("settings/api-keys/<uuid:pk>/revoke/", keys.api_key_revoke, name="api-key-revoke"),
    path("saved-views/", keys.saved_views, name="saved-views"),
    path("saved-views/<uuid:pk>/delete/", keys.saved_view_delete, name="saved-view-delete"),
    path("partner/seats/", seats.our_seats, name="partner-seats"),
    path("partner/seats/new/", seats.seat_invite, name="partner-seat-invite"),
    path("partner/seats/password/", seats.door_password, name="partner-door-password"),
    *seat_acts("partner", "partner-"),
    path("partner/me/", partner.own, name="partner-own"),
    path("partner/me/pin/", partner.pin, name="partner-pin"),
    path("partner/me/passkeys/challenge/", passkeys.challenge, name="partner-passkey-challenge"),
    path("partner/me/passkeys/new/", passkeys.add, name="partner-passkey-add"),
    path("partner/me/passkeys/<uuid:pk>/", passkeys.rename, name="partner-passkey-name"),
    path("partner/me/passkeys/<uuid:pk>/remove/", passkeys.remove, name="partner-passkey-remove"),
    path("partner/me/devices/<uuid:pk>/forget/", partner.device_forget, name="partner-device-forget"),
    path("partner/me/sessions/<uuid:pk>/end/", partner.session_end, name="partner-session-end"),
    path("partner/me/proof/", partner.proof, name="partner-proof"),
    path("partner/me/drafts/", partner.drafts, name="partner-drafts"),
]

urlpatterns = [
    *sign_in,
    path("me/security/", include(own_security)),
    path("", include(([*own_pages, path("w/<slug:slug>/", include(workspace))], "accounts"))),
]
