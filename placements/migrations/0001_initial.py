import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from core.tables import CreateModels


class Migration(migrations.Migration):

    replaces = [('placements', '0002_newest_first'), ('placements', '0003_slots'), ('placements', '0004_budget_line')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('assets', '0001_initial'),
        ('campaigns', '0001_initial'),
    ]

    operations = [CreateModels([
        migrations.CreateModel(
            name='AdAccount',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('platform', models.CharField(max_length=40, verbose_name='platform')),
                ('external_id', models.CharField(blank=True, max_length=120, verbose_name='account id')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('time_zone', models.CharField(max_length=50, verbose_name='time zone')),
                ('counting_level', models.CharField(choices=[('account', 'account'), ('campaign', 'campaign'), ('ad_group', 'ad group'), ('ad', 'ad'), ('keyword', 'keyword'), ('search_term', 'search term'), ('page', 'page'), ('event', 'event')], default='campaign', max_length=12, verbose_name='counting level')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.channel')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ad_accounts', to='accounts.organization')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['platform', 'name'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'platform', 'name'), name='ad_account_once')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('booked', 'booked'), ('ready', 'ready'), ('live', 'live'), ('paused', 'paused'), ('ended', 'ended'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('platform', models.CharField(blank=True, max_length=40, verbose_name='platform')),
                ('position', models.CharField(blank=True, max_length=160, verbose_name='position')),
                ('targeting', models.TextField(blank=True, verbose_name='targeting')),
                ('day_parting', models.CharField(blank=True, max_length=200, verbose_name='day-parting')),
                ('buying_model', models.CharField(blank=True, choices=[('cpm', 'CPM'), ('cpc', 'CPC'), ('cpa', 'CPA'), ('ocpm', 'oCPM'), ('cpt', 'CPT'), ('cpv', 'CPV'), ('cps', 'CPS'), ('fixed', 'fixed price'), ('fee_commission', 'fee + commission')], max_length=16, verbose_name='buying model')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('budget_amount', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='budget')),
                ('list_price', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='list price')),
                ('discount', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='discount %')),
                ('net_price', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='net price')),
                ('rebate', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='rebate %')),
                ('bonus', models.CharField(blank=True, max_length=200, verbose_name='bonus')),
                ('tax_rate', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='tax %')),
                ('daily_cap', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='daily cap')),
                ('landing_url', models.URLField(blank=True, max_length=1000, verbose_name='landing page')),
                ('monitoring_code', models.CharField(blank=True, max_length=400, verbose_name='monitoring code')),
                ('platform_id', models.CharField(blank=True, max_length=120, verbose_name='id at the platform')),
                ('utm_campaign', models.CharField(blank=True, max_length=160, verbose_name='utm_campaign')),
                ('utm_content', models.CharField(blank=True, max_length=160, verbose_name='utm_content')),
                ('account_status', models.CharField(blank=True, choices=[('', 'not submitted'), ('submitted', 'submitted'), ('approved', 'approved'), ('rejected', 'rejected')], default='', max_length=10, verbose_name='account status')),
                ('creative_status', models.CharField(blank=True, choices=[('', 'not submitted'), ('submitted', 'submitted'), ('approved', 'approved'), ('rejected', 'rejected')], default='', max_length=10, verbose_name='creative status')),
                ('status_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('rank', models.PositiveIntegerField(default=0)),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('ad_account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='placements.adaccount')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='campaigns.campaign')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='campaigns.channel')),
                ('kpis', models.ManyToManyField(blank=True, related_name='placements', to='campaigns.kpi')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='accounts.organization')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('phase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='placements', to='campaigns.phase')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('budget_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='campaigns.budgetline')),
            ],
            options={
                'ordering': ['rank', 'id'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'code'), name='placement_code_once')],
                'indexes': [models.Index(fields=['workspace', 'id'], name='placement_newest')],
            },
        ),
        migrations.CreateModel(
            name='Flight',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('start_date', models.DateField(verbose_name='start')),
                ('finish_date', models.DateField(verbose_name='finish')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flights', to='placements.placement')),
            ],
            options={
                'ordering': ['start_date'],
                'constraints': [models.CheckConstraint(condition=models.Q(('finish_date__gte', models.F('start_date'))), name='flight_ends_after_start'), models.UniqueConstraint(fields=('placement', 'start_date'), name='flight_once')],
            },
        ),
        migrations.CreateModel(
            name='DayAllocation',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('date', models.DateField(verbose_name='day')),
                ('amount', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='amount')),
                ('quantity', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='quantity')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='placements.placement')),
            ],
            options={
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(fields=('placement', 'date'), name='one_allocation_per_day')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='slot')),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('asset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='assets.asset')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='placements.placement')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('standard', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.outputstandard')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='assets.assetversion')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('placement', 'name'), name='slot_name_once')],
            },
        ),
    ])]
