import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.db import migrations, models

from core.tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [CreateModels([
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('holder', models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('workspace_id', models.UUIDField(null=True)),
                ('user_id', models.UUIDField(null=True)),
                ('user_name', models.CharField(blank=True, max_length=200)),
                ('door_id', models.UUIDField(null=True)),
                ('key_id', models.UUIDField(null=True)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('method', models.CharField(blank=True, max_length=10)),
                ('path', models.CharField(blank=True, max_length=500)),
                ('route', models.CharField(blank=True, max_length=200)),
                ('job', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace_id', '-at'], name='audit_by_workspace')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('principal', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=200)),
                ('route', models.CharField(max_length=600)),
                ('body_hash', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('headers', models.JSONField(default=dict)),
                ('body', models.BinaryField(default=b'')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('principal', 'key', 'route'), name='one_answer_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('name', models.CharField(max_length=100)),
                ('args', models.JSONField(default=dict)),
                ('workspace_id', models.UUIDField(null=True)),
                ('key', models.CharField(max_length=200, null=True, unique=True)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('dead', 'Dead')], default='queued', max_length=10)),
                ('run_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('max_attempts', models.PositiveSmallIntegerField(default=5)),
                ('lease_until', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'run_at'], name='job_due'), models.Index(fields=['workspace_id', '-created_at'], name='job_by_workspace')],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('workspace_id', models.UUIDField(null=True)),
                ('kind', models.CharField(max_length=40)),
                ('event', models.CharField(blank=True, max_length=80)),
                ('payload', models.JSONField(default=dict)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', '-created_at'], name='outbox_by_kind')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('workspace_id', models.UUIDField()),
                ('key', models.CharField(max_length=120, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('kind', models.CharField(max_length=20)),
                ('uploader_id', models.UUIDField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace_id', 'sha256'], name='file_by_hash')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('workspace_id', models.UUIDField(null=True)),
                ('campaign_id', models.UUIDField(null=True)),
                ('user_id', models.UUIDField(null=True)),
                ('user_name', models.CharField(blank=True, max_length=200)),
                ('verb', models.CharField(max_length=80)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=40)),
                ('subject_label', models.CharField(blank=True, max_length=300)),
                ('changes', models.JSONField(default=dict)),
                ('inverse', models.JSONField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='core.auditevent')),
            ],
            options={
                'verbose_name_plural': 'activities',
                'indexes': [models.Index(fields=['workspace_id', '-at'], name='activity_by_workspace'), models.Index(fields=['campaign_id', '-at'], name='activity_by_campaign'), models.Index(fields=['subject_id', '-at'], name='activity_by_subject')],
            },
        ),
    ])]
