"""Workspaces, people, organisations, memberships, working calendars, absences, API keys, saved views."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    AbsenceKind,
    CodePurpose,
    Density,
    OrganizationKind,
    Role,
    SignInMethod,
    Theme,
    UserKind,
    country_name,
)
from accounts.querysets import (
    AbsenceQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
    SavedViewQuerySet,
    SessionQuerySet,
    WorkCalendarQuerySet,
    WorkspaceQuerySet,
)
from core.models import Record
from core.querysets import RecordQuerySet, scoped


class Workspace(Record):
    """A company's (or brand's) own Pharos: everything else belongs to exactly one."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=40, unique=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Shanghai")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    requires_mfa = models.BooleanField(_("two-step verification is required"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/w/{self.slug}/"


class WorkspaceRecord(Record):
    """A row of one workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    objects = scoped(RecordQuerySet)

    class Meta:
        abstract = True


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin, Record):
    """A principal: a person, an agency seat, or the service behind an API key. Only persons sign in by e-mail."""

    kind = models.CharField(max_length=10, choices=UserKind.choices, default=UserKind.PERSON)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=10, blank=True, choices=Theme.choices)
    density = models.CharField(_("density"), max_length=12, blank=True, choices=Density.choices)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    auth_epoch = models.PositiveIntegerField(default=1, editable=False)  # raised: every session and link is over

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self):
        return self.name or self.email or str(self.pk)

    def get_full_name(self):
        return self.name

    def _get_session_auth_hash(self, secret=None):
        """What a session must match: a new password or a raised epoch ends it at the next request."""
        salt = "accounts.models.User.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}:{self.auth_epoch}", secret=secret, algorithm="sha256").hexdigest()

    @property
    def initials(self):
        """Up to two letters, or one Chinese character, for the avatar."""
        parts = self.name.split()
        if not parts:
            return "?"
        return parts[0][0] if not parts[0].isascii() else "".join(p[0] for p in parts[:2]).upper()


class Session(Record):
    """A browser in which a person is signed in; the session itself is Django's, found by its key."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    method = models.CharField(_("way of signing in"), max_length=20, choices=SignInMethod.choices)
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    last_seen_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at"]

    def __str__(self):
        return str(self.user)


class PhoneCode(Record):
    """A one-time code on its way to a phone. The digits are made from the row's id and the pepper, and kept nowhere.

    A number that nobody has gets a row too, so that asking and trying look the same for all.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    phone = models.CharField(max_length=16)
    purpose = models.CharField(max_length=10, choices=CodePurpose.choices)
    epoch = models.PositiveIntegerField(default=0)  # the person's auth_epoch when it was asked for
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.phone


class Organization(WorkspaceRecord):
    """A company that takes part: our own, an agency, a KOL, a vendor."""

    kind = models.CharField(_("kind"), max_length=10, choices=OrganizationKind.choices, default=OrganizationKind.AGENCY)
    name = models.CharField(_("name"), max_length=120)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(OrganizationQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="organization_name_once")]

    def __str__(self):
        return self.name


class Membership(WorkspaceRecord):
    """A user's place in a workspace: the role there and the organisation they belong to."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="memberships")
    title = models.CharField(_("job title"), max_length=120, blank=True)
    is_limited = models.BooleanField(_("sees only the campaigns granted"), default=False)

    objects = scoped(MembershipQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_user")]

    def __str__(self):
        return str(self.user)


class WorkCalendar(WorkspaceRecord):
    """Which days are worked: a country's public holidays (with swapped work days), the days off of a week, own days.

    One without organisation and person is the workspace's; an organisation or a person may have their own.
    """

    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, blank=True)  # ISO 3166; empty: no public holidays
    days_off = models.CharField(_("days off in a week"), max_length=7, default="56")  # digits, Monday is 0
    organization = models.OneToOneField(
        Organization, models.CASCADE, null=True, blank=True, related_name="work_calendar"
    )
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="work_calendars")

    objects = scoped(WorkCalendarQuerySet)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(organization=None, user=None), name="one_calendar_of_the_workspace"
            ),
            models.UniqueConstraint(
                fields=["workspace", "user"], condition=Q(user__isnull=False), name="one_calendar_per_person"
            ),
            models.CheckConstraint(condition=Q(organization=None) | Q(user=None), name="calendar_of_one_owner"),
        ]

    def __str__(self):
        return self.name

    @property
    def country_name(self):
        """The country in the reader's language."""
        return country_name(self.country)


class CalendarDay(WorkspaceRecord):
    """A day on which a calendar differs from its week and its country: worked, or off."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    date = models.DateField(_("day"))
    is_working = models.BooleanField(_("worked"))
    name = models.CharField(_("name"), max_length=120, blank=True)

    objects = scoped(RecordQuerySet)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_line_per_calendar_day")]

    def __str__(self):
        return f"{self.date} {self.name}"


class Absence(WorkspaceRecord):
    """Days on which a person does not work (both included)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind.choices, default=AbsenceKind.LEAVE)
    start_date = models.DateField(_("first day"))
    finish_date = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = scoped(AbsenceQuerySet)

    class Meta:
        ordering = ["start_date"]
        constraints = [
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="absence_ends_after_start")
        ]

    def __str__(self):
        return f"{self.user} {self.start_date} – {self.finish_date}"


class ApiKey(WorkspaceRecord):
    """A REST client's key: hashed, scoped, expiring, shown once. It acts as its own service user."""

    user = models.OneToOneField(User, models.CASCADE, related_name="api_key")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    key_hash = models.CharField(max_length=64, unique=True)
    last_four = models.CharField(max_length=4)
    scopes = models.JSONField(_("scopes"), default=list)
    campaign_ids = models.JSONField(default=list)  # empty: every campaign
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.name} (…{self.last_four})"

    def state(self, *, now):
        """active, expired or revoked."""
        if self.revoked_at:
            return "revoked"
        return "active" if self.expires_at > now else "expired"


class SavedView(WorkspaceRecord):
    """A table's filters and order under a name: the query string of a page."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=2000, blank=True)

    objects = scoped(SavedViewQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace", "page", "name"], name="saved_view_name_once")
        ]

    def __str__(self):
        return self.name
