"""What partners come in by: the shared door of an organisation, the seats of its people, what is granted to them."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import INVITED_ROLES, MAIL_WORDS, MailState, SeatProof, SeatRole
from accounts.models.people import Membership, Organization, User, WorkspaceRecord
from accounts.querysets import (
    DeviceQuerySet,
    DoorQuerySet,
    DraftQuerySet,
    GrantQuerySet,
    InvitationQuerySet,
    PasskeyQuerySet,
    SeatQuerySet,
    SeatSessionQuerySet,
)
from core.querysets import scoped

SEAT_LASTS = timedelta(hours=8)


class Grant(WorkspaceRecord):
    """What the seats of an organisation, or a member who does not see every campaign, reach of one campaign.

    `areas` is {section: "read" | "write"}, of `accounts.choices.PARTNER_AREAS` for an organisation and of `SCOPE_AREAS`
    for a member. Both days are included and are days of the workspace; None is open. The campaign lives on a higher
    floor, hence its plain id.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="grants")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="grants")
    campaign_id = models.UUIDField()
    areas = models.JSONField(_("sections"), default=dict)
    start_date = models.DateField(_("first day"), null=True, blank=True)
    finish_date = models.DateField(_("last day"), null=True, blank=True)

    objects = scoped(GrantQuerySet)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "campaign_id"], name="one_grant_per_organization"),
            models.UniqueConstraint(fields=["membership", "campaign_id"], name="one_grant_per_member"),
            models.CheckConstraint(
                condition=Q(organization=None, membership__isnull=False)
                | Q(membership=None, organization__isnull=False),
                name="grant_to_one_party",
            ),
            models.CheckConstraint(
                condition=Q(start_date=None) | Q(finish_date=None) | Q(finish_date__gte=F("start_date")),
                name="grant_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["campaign_id"], name="grant_by_campaign")]

    def __str__(self):
        return f"{self.organization or self.membership}"


class Door(WorkspaceRecord):
    """An organisation's shared sign-in: a name and a password that open the page of its seats and nothing else.

    `epoch` counts up when everything behind the door must end at once: a freeze, a new password.
    """

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="door")
    name = models.SlugField(_("sign-in name"), max_length=40, unique=True)
    password = models.CharField(max_length=128, blank=True, editable=False)  # hashed; empty until its lead sets one
    seat_cap = models.PositiveSmallIntegerField(_("seats at most"), default=10)
    idle_minutes = models.PositiveSmallIntegerField(_("locks after idle minutes"), default=60)
    may_decide = models.BooleanField(_("seats may give verdicts"), default=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    epoch = models.PositiveIntegerField(default=1, editable=False)

    objects = scoped(DoorQuerySet)

    def __str__(self):
        return self.name


class Seat(WorkspaceRecord):
    """A partner's person at a door. Their e-mail is here, not on the user: one may have seats at many clients."""

    user = models.OneToOneField(User, models.CASCADE, related_name="seat")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="seats")
    role = models.CharField(_("role"), max_length=12, choices=SeatRole.choices, default=SeatRole.CONTRIBUTOR)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    pin_hash = models.CharField(max_length=200, blank=True, editable=False)
    pin_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = scoped(SeatQuerySet)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"], condition=Q(removed_at=None) & ~Q(email=""), name="one_seat_per_email"
            )
        ]

    def __str__(self):
        return str(self.user)

    def is_open(self, now):
        """Can it be sat on now, by its own state and its door's? Reads `user` and the organisation's `door`."""
        door = self.organization.door
        return self.state(now=now) == "active" and self.user.is_active and door.frozen_at is None

    def state(self, *, now):
        """active, frozen, expired or removed."""
        if self.removed_at:
            return "removed"
        if self.frozen_at:
            return "frozen"
        return "expired" if self.expires_at and self.expires_at <= now else "active"


class SeatDevice(WorkspaceRecord):
    """A browser on which a seat has proved itself: only there a PIN is enough. Known by the hash of its cookie."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)
    label = models.CharField(max_length=120, blank=True)  # browser and system, in words
    seen_at = models.DateTimeField()

    objects = scoped(DeviceQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "key_hash"], name="device_once_per_seat")]
        indexes = [models.Index(fields=["key_hash"], name="device_by_key")]

    def __str__(self):
        return self.label


class SeatPasskey(WorkspaceRecord):
    """A passkey by which a seat proves itself as by its PIN, on any device. Only the public half of it is here."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=80)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)  # of the credential's id
    credential = models.TextField(editable=False)  # id and public key as WebAuthn packs them, in base64
    used_at = models.DateTimeField(null=True, editable=False)

    objects = scoped(PasskeyQuerySet)

    class Meta:
        ordering = ["created_at"]

    def __str__(self):
        return self.name


class SeatSession(WorkspaceRecord):
    """A seat at the keyboard: from its proof until it leaves, is idle, is replaced or is ended by somebody.

    `proved_at` is the last PIN or passkey; the two epochs are those of user and door at the start.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="sessions")
    door = models.ForeignKey(Door, models.CASCADE, related_name="sessions")
    device = models.ForeignKey(SeatDevice, models.SET_NULL, null=True, related_name="sessions")
    label = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    method = models.CharField(_("way of signing in"), max_length=10, choices=SeatProof.choices, default=SeatProof.PIN)
    seen_at = models.DateTimeField()
    proved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    user_epoch = models.PositiveIntegerField()
    door_epoch = models.PositiveIntegerField()

    objects = scoped(SeatSessionQuerySet)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.seat} · {self.label}"

    def holds(self, now):
        """Does it go on: not ended, younger than a working day, seat and door neither frozen nor changed since?"""
        is_young = self.ended_at is None and self.created_at > now - SEAT_LASTS
        is_same = self.user_epoch == self.seat.user.auth_epoch and self.door_epoch == self.door.epoch
        is_free = self.door.frozen_at is None and self.seat.user.is_active
        return is_young and is_same and is_free and self.seat.state(now=now) == "active"

    def is_idle(self, now):
        """Nobody touched it for as long as the client allows: the seat must prove itself again."""
        return self.seen_at <= now - timedelta(minutes=self.door.idle_minutes)


class Invitation(WorkspaceRecord):
    """A way in for one person: a link or its QR code, once, for seven days, for this address or phone and this role.

    With an organisation it makes a seat there, else a member. Only the secret's hash is kept. `mail_state` is what
    became of the mail with the link.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="invitations")
    is_seat = models.BooleanField(default=False)
    role = models.CharField(_("role"), max_length=12, choices=INVITED_ROLES)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    is_limited = models.BooleanField(_("sees only the campaigns granted"), default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    mail_state = models.CharField(
        max_length=10, choices=MailState.choices, blank=True, default="", db_default="", editable=False
    )

    objects = scoped(InvitationQuerySet)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="invitation_to_somebody"),
            models.CheckConstraint(
                condition=Q(is_seat=False) | Q(organization__isnull=False), name="seat_invited_to_organization"
            ),
        ]

    def __str__(self):
        return self.name or self.email or self.phone

    def state(self, *, now):
        """open, used, revoked or expired."""
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > now else "expired"

    @property
    def mail_detail(self):
        """What became of the mail, in a sentence; "" where there is none."""
        return str(MAIL_WORDS.get(self.mail_state, ""))


class Draft(WorkspaceRecord):
    """What a seat had typed into the forms of a page when its screen locked: {field: text}."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=500)
    fields = models.JSONField(default=dict)

    objects = scoped(DraftQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="one_draft_per_page")]

    def __str__(self):
        return self.page


class Tries(models.Model):
    """How often something was tried of late, by a key that names who or what and from where.

    Until `free_at` it is not even looked at; after `fades_at` the count begins anew.
    """

    key = models.CharField(max_length=120, unique=True)
    count = models.PositiveIntegerField(default=0)
    free_at = models.DateTimeField()
    fades_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.key
