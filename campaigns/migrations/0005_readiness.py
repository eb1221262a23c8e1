import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_work_calendars'),
        ('accounts', '__first__'),
        ('campaigns', '0004_people'),
        ('core', '0002_cache_table'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessItem',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('ad_account', 'ad account'), ('tracking', 'analytics and tracking'), ('tool', 'tool'), ('landing_page', 'landing page')], default='ad_account', max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('level', models.CharField(choices=[('view', 'view'), ('edit', 'edit'), ('admin', 'administer')], default='edit', max_length=8, verbose_name='level')),
                ('address', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('subject_type', models.CharField(blank=True, max_length=80)),
                ('subject_id', models.UUIDField(blank=True, null=True)),
                ('subject_label', models.CharField(blank=True, max_length=300)),
                ('requested_date', models.DateField(blank=True, null=True, verbose_name='requested on')),
                ('granted_date', models.DateField(blank=True, null=True, verbose_name='granted on')),
                ('expires_date', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('proven_at', models.DateTimeField(blank=True, null=True)),
                ('warned_date', models.DateField(blank=True, null=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_items', to='campaigns.campaign')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['kind', 'name', 'id'],
                'indexes': [models.Index(fields=['subject_id'], name='access_by_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('campaign', 'name'), name='access_named_once')],
            },
        ),
        migrations.CreateModel(
            name='AccessProof',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('test_event', 'test event'), ('manual', 'checked by hand'), ('pull', 'successful pull')], default='test_event', max_length=12, verbose_name='kind')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='what was seen')),
                ('origin_id', models.UUIDField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='campaigns.accessitem')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'pull')), fields=('item',), name='one_proof_by_pulls')],
            },
        ),
        migrations.CreateModel(
            name='ReadinessLine',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('needed', models.CharField(blank=True, max_length=500, verbose_name='evidence needed')),
                ('expires_date', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readiness_lines', to='campaigns.campaign')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ReadinessSnapshot',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('blocks', models.PositiveIntegerField(default=0)),
                ('is_launch', models.BooleanField(default=False)),
                ('override_reason', models.TextField(blank=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readiness_snapshots', to='campaigns.campaign')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_launch', True)), fields=('campaign',), name='one_launch_of_a_campaign')],
            },
        ),
    ]
