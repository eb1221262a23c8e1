"""Addresses of accounts. The names of sign-in and password pages are the sign-in library's own."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from accounts.views import calendars, keys, own, people

sign_in = [
    path("sign-in/", allauth.login, name="account_login"),
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

own_pages = [
    path("", own.start, name="start"),
    path("workspaces/", own.workspaces, name="workspaces"),
    path("me/", own.profile, name="profile"),
    path("me/theme/", own.theme, name="theme"),
]

workspace = [
    path("settings/", people.settings, name="settings"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.person_add, name="person-add"),
    path("settings/people/<uuid:pk>/", people.person, name="person"),
    path("settings/people/<uuid:pk>/remove/", people.person_remove, name="person-remove"),
    path("settings/organizations/", people.organizations, name="organizations"),
    path("settings/organizations/new/", people.organization_add, name="organization-add"),
    path("settings/organizations/<uuid:pk>/", people.organization, name="organization"),
    path("settings/organizations/<uuid:pk>/archive/", people.organization_archive, name="organization-archive"),
    path("settings/organizations/<uuid:pk>/restore/", people.organization_restore, name="organization-restore"),
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
]

urlpatterns = [
    *sign_in,
    path("", include(([*own_pages, path("w/<slug:slug>/", include(workspace))], "accounts"))),
]
