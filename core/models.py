"""Tables every floor may use. They name nobody above: workspace, user and subject are plain UUID columns."""

from functools import cache

from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from uuid_utils.compat import uuid7

from core.querysets import ActivityQuerySet, RecordQuerySet, scoped


class Record(models.Model):
    """A row with a time-ordered UUID, its times and the counter behind ETag and compare-and-swap."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    lock_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field):
        """As Django does it, which translates all choices at each call: tables call it a thousand times."""
        value = getattr(self, field.attname)
        return force_str(_words_of(field).get(value, value), strings_only=True)


@cache
def _words_of(field):
    """{value: its word, in the language of whoever reads it} of the choices of a field."""
    return dict(field.flatchoices)


class AuditEvent(models.Model):
    """One unsafe request or job: who, from where, by which door or key. Activity lines point to it.

    The sealer (core.chain) numbers each event and seals it with its lines; from then on triggers of the database
    (core.guards) keep both as they are. A migration that changes either table begins with guards.lift and ends with
    guards.stand, for SQLite makes a table anew and forgets its triggers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    workspace_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=200, blank=True)
    door_id = models.UUIDField(null=True)
    key_id = models.UUIDField(null=True)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=500, blank=True)
    route = models.CharField(max_length=200, blank=True)
    job = models.CharField(max_length=100, blank=True)
    sequence = models.BigIntegerField(null=True, unique=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    prev_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    objects = scoped()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-at"], name="audit_by_workspace"),
            models.Index(fields=["at", "id"], name="audit_to_seal", condition=models.Q(sequence=None)),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.route or self.job}"


class Activity(models.Model):
    """One act on one thing: a line of the logbook. `changes` is {field: [before, after]} in JSON-ready values."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    event = models.ForeignKey(AuditEvent, models.PROTECT, related_name="activities")
    workspace_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict)
    inverse = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = scoped(ActivityQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-at"], name="activity_by_workspace"),
            models.Index(fields=["campaign_id", "-at"], name="activity_by_campaign"),
            models.Index(fields=["subject_id", "-at"], name="activity_by_subject"),
        ]
        verbose_name_plural = "activities"

    def __str__(self):
        return f"{self.user_name} {self.verb} {self.subject_label}"


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"


class Job(models.Model):
    """Background work. The row is the truth, the queue only a doorbell. `attempt` is the fencing token."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    workspace_id = models.UUIDField(null=True)
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULLs do not collide
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    run_at = models.DateTimeField(default=timezone.now)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_at"], name="job_due"),
            models.Index(fields=["workspace_id", "-created_at"], name="job_by_workspace"),
        ]

    def __str__(self):
        return f"{self.name} {self.state}"


class Heartbeat(models.Model):
    """When a background part was last alive."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    holder = models.CharField(max_length=100, blank=True)

    def __str__(self):
        return f"{self.name} {self.at:%H:%M:%S}"


class OutboxMessage(models.Model):
    """What must leave the house (mail, chat, webhook), written in the act's transaction and sent by messaging."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    workspace_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    event = models.CharField(max_length=80, blank=True)
    payload = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-created_at"], name="outbox_by_kind")]

    def __str__(self):
        return f"{self.kind} {self.event}"


class IdempotencyKey(models.Model):
    """The stored answer of an unsafe request that named an Idempotency-Key; kept for seven days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    route = models.CharField(max_length=600)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "key", "route"], name="one_answer_per_key")]

    def __str__(self):
        return self.key


class StoredFile(Record):
    """Bytes somebody gave us: kept under a UUID name; the person's file name is only a string here."""

    workspace_id = models.UUIDField()
    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20)
    uploader_id = models.UUIDField(null=True)

    objects = scoped(RecordQuerySet)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "sha256"], name="file_by_hash")]

    def __str__(self):
        return self.name
