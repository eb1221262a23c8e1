import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from core.tables import CreateModels


def leave_room(apps, schema_editor):
    """Figures are corrected in place: with room on its page, PostgreSQL moves a row without touching any index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE analytics_fact SET (fillfactor = 85)")


class Migration(migrations.Migration):

    replaces = [('analytics', '0002_revision_origin'), ('analytics', '0003_object_stays_unassigned'), ('analytics', '0004_one_pull_at_work'), ('analytics', '0005_facts_check_one_key'), ('analytics', '0006_daily_totals'), ('analytics', '0007_fill_daily_totals'), ('analytics', '0008_revisions_follow_facts'), ('analytics', '0009_newest_facts_of_an_account'), ('analytics', '0010_walks_along_the_roll_up')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('campaigns', '0001_initial'),
        ('core', '0001_initial'),
        ('placements', '0001_initial'),
    ]

    operations = [CreateModels([
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('file', 'files'), ('json', 'JSON over HTTP'), ('push', 'pushed by REST'), ('manual', 'entered by hand')], max_length=10, verbose_name='kind')),
                ('platform', models.CharField(max_length=40, verbose_name='platform')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('state', models.CharField(choices=[('connected', 'connected'), ('needs_reauth', 'needs new credentials'), ('paused', 'paused'), ('failing', 'failing')], default='connected', max_length=14, verbose_name='state')),
                ('rank', models.PositiveSmallIntegerField(default=30)),
                ('config', models.JSONField(default=dict)),
                ('credentials', models.TextField(blank=True, editable=False)),
                ('every_minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='pull every … minutes')),
                ('daily_at', models.TimeField(blank=True, null=True, verbose_name='pull daily at')),
                ('time_zone', models.CharField(default='Asia/Shanghai', max_length=50, verbose_name='time zone')),
                ('look_back_days', models.PositiveSmallIntegerField(default=3, verbose_name='look-back in days')),
                ('settle_days', models.PositiveSmallIntegerField(default=3, verbose_name='figures are final after … days')),
                ('next_pull_at', models.DateTimeField(blank=True, null=True)),
                ('last_success_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('is_sandbox', models.BooleanField(default=False)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='source_name_once')],
            },
        ),
        migrations.CreateModel(
            name='AccountLink',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('ad_account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='placements.adaccount')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='account_links', to='analytics.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'ad_account'), name='account_once_per_source')],
            },
        ),
        migrations.CreateModel(
            name='ExternalObject',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('account', 'account'), ('campaign', 'campaign'), ('ad_group', 'ad group'), ('ad', 'ad'), ('keyword', 'keyword'), ('search_term', 'search term'), ('page', 'page'), ('event', 'event')], max_length=12)),
                ('external_id', models.CharField(max_length=300)),
                ('name', models.CharField(blank=True, max_length=500)),
                ('utm', models.JSONField(default=dict)),
                ('first_seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account_link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objects_seen', to='analytics.accountlink')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='analytics.externalobject')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('stays_unassigned', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'level'], name='object_by_level')],
                'constraints': [models.UniqueConstraint(fields=('account_link', 'level', 'external_id'), name='object_once_per_account')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.CharField(choices=[('uploaded', 'uploaded'), ('previewed', 'previewed'), ('committed', 'committed'), ('discarded', 'discarded'), ('undone', 'undone')], default='uploaded', max_length=10)),
                ('committed_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imports', to='campaigns.campaign')),
                ('uploader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('layout', models.CharField(blank=True, max_length=60)),
                ('platform', models.CharField(blank=True, max_length=40)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('report', models.JSONField(default=dict)),
                ('answers', models.JSONField(default=dict)),
                ('is_skipped', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('removed', models.PositiveIntegerField(default=0)),
                ('ad_account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='placements.adaccount')),
                ('imported', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='analytics.import')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='MatchMemory',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('level', models.CharField(choices=[('account', 'account'), ('campaign', 'campaign'), ('ad_group', 'ad group'), ('ad', 'ad'), ('keyword', 'keyword'), ('search_term', 'search term'), ('page', 'page'), ('event', 'event')], max_length=12)),
                ('key', models.CharField(max_length=320)),
                ('ad_account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_memories', to='placements.adaccount')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('placement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='placements.placement')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ad_account', 'level', 'key'), name='one_memory_per_object')],
            },
        ),
        migrations.CreateModel(
            name='ObjectLink',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('how', models.CharField(choices=[('external_id', 'platform id'), ('utm', 'UTM'), ('name', 'name'), ('remembered', 'remembered choice'), ('manual', 'by hand')], max_length=12)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='object_links', to='campaigns.campaign')),
                ('object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='analytics.externalobject')),
                ('placement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='object_links', to='placements.placement')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('object', 'valid_from'), name='one_link_from_a_day'), models.UniqueConstraint(condition=models.Q(('valid_from', None)), fields=('object',), name='one_open_start_link')],
            },
        ),
        migrations.CreateModel(
            name='KpiSource',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('kpi', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='record_source', to='campaigns.kpi')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='analytics.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('fingerprint', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('platform', models.CharField(blank=True, max_length=40)),
                ('answers', models.JSONField(default=dict)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'fingerprint'), name='mapping_once_per_layout')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('level', models.CharField(choices=[('account', 'account'), ('campaign', 'campaign'), ('ad_group', 'ad group'), ('ad', 'ad'), ('keyword', 'keyword'), ('search_term', 'search term'), ('page', 'page'), ('event', 'event')], max_length=12)),
                ('breakdown', models.CharField(blank=True, max_length=120)),
                ('day_from', models.DateField()),
                ('day_to', models.DateField()),
                ('is_complete', models.BooleanField(default=True)),
                ('origin_id', models.UUIDField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account_link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='analytics.accountlink')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(fields=['account_link', 'day_from', 'day_to'], name='delivery_by_days')],
            },
        ),
        migrations.CreateModel(
            name='ExpectedRange',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('fixed', 'fixed'), ('plan', '% of plan')], default='fixed', max_length=8, verbose_name='kind')),
                ('low', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='from')),
                ('high', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='to')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='campaigns.campaign')),
                ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.channel')),
                ('kpi', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='campaigns.kpi')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.metric')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('channel', None)), fields=('campaign', 'metric'), name='one_range_per_metric'), models.UniqueConstraint(fields=('campaign', 'metric', 'channel'), name='one_range_per_metric_and_channel'), models.CheckConstraint(condition=models.Q(('high__gte', models.F('low'))), name='range_low_under_high')],
            },
        ),
        migrations.CreateModel(
            name='PullRun',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('job_id', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('queued', 'queued'), ('running', 'running'), ('done', 'done'), ('partial', 'partial'), ('failed', 'failed'), ('dead', 'given up')], default='queued', max_length=10)),
                ('trigger', models.CharField(choices=[('schedule', 'schedule'), ('person', 'by hand')], default='schedule', max_length=10)),
                ('day_from', models.DateField()),
                ('day_to', models.DateField()),
                ('cursor', models.JSONField(null=True)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('expected_rows', models.PositiveIntegerField(null=True)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='analytics.source')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['source', '-id'], name='run_by_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('day_to__gte', models.F('day_from'))), name='run_days_in_order'), models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running'))), fields=('source',), name='one_pull_at_work')],
            },
        ),
        migrations.CreateModel(
            name='FactRevision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('date_from', models.DateField()),
                ('date_to', models.DateField()),
                ('hour', models.SmallIntegerField(default=-1)),
                ('breakdown', models.CharField(blank=True, default='', max_length=200)),
                ('metric', models.CharField(max_length=40)),
                ('old_value', models.DecimalField(decimal_places=6, max_digits=24, null=True)),
                ('new_value', models.DecimalField(decimal_places=6, max_digits=24, null=True)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('origin_id', models.UUIDField()),
                ('object', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='analytics.externalobject')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('old_origin_id', models.UUIDField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['origin_id'], name='revision_by_origin')],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('date_from', models.DateField()),
                ('date_to', models.DateField()),
                ('hour', models.SmallIntegerField(default=-1)),
                ('breakdown', models.CharField(blank=True, default='', max_length=200)),
                ('metric', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=6, max_digits=24)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('is_final', models.BooleanField(default=False)),
                ('fetched_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('origin_id', models.UUIDField()),
                ('account_link', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='analytics.accountlink')),
                ('object', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='analytics.externalobject')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'account_link', 'date_from'], name='fact_by_account_day'), models.Index(condition=models.Q(('date_to__gt', models.F('date_from'))), fields=['account_link'], name='fact_of_several_days'), models.Index(fields=['account_link', 'id'], name='fact_newest_of_account')],
                'constraints': [models.UniqueConstraint(fields=('object', 'date_from', 'date_to', 'hour', 'breakdown', 'metric'), name='one_fact_per_key'), models.CheckConstraint(condition=models.Q(('date_to__gte', models.F('date_from'))), name='fact_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='DailyMetric',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('date', models.DateField()),
                ('date_to', models.DateField()),
                ('metric', models.CharField(max_length=40)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('value', models.DecimalField(decimal_places=6, max_digits=24)),
                ('is_complete', models.BooleanField(default=True)),
                ('ad_account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='placements.adaccount')),
                ('campaign', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.channel')),
                ('placement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='placements.placement')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'ad_account', 'date'], name='daily_by_account'), models.Index(fields=['workspace', 'campaign', 'metric', 'placement', 'currency', 'date', 'date_to', 'is_complete', 'value'], name='daily_by_placement')],
            },
        ),
        migrations.CreateModel(
            name='DailyTotal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('date', models.DateField()),
                ('date_to', models.DateField()),
                ('metric', models.CharField(max_length=40)),
                ('currency', models.CharField(blank=True, default='', max_length=3)),
                ('value', models.DecimalField(decimal_places=6, max_digits=24)),
                ('is_complete', models.BooleanField(default=True)),
                ('ad_account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='placements.adaccount')),
                ('campaign', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.channel')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'ad_account', 'date'], name='total_by_account'), models.Index(fields=['workspace', 'campaign', 'metric', 'date', 'date_to', 'currency', 'channel', 'ad_account', 'is_complete', 'value'], name='total_by_metric')],
            },
        ),
    ]), migrations.RunPython(leave_room, migrations.RunPython.noop)]
