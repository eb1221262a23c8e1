import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_work_calendars'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('campaigns', '0003_newest_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignFunction',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('function', models.CharField(choices=[('marketing', 'marketing'), ('content', 'content'), ('design', 'design'), ('tech', 'tech'), ('data', 'data'), ('media_agency', 'media agency'), ('kol', 'KOL'), ('legal', 'legal'), ('customer_service', 'customer service'), ('sales', 'sales')], max_length=20, verbose_name='function')),
                ('duties', models.TextField(blank=True, verbose_name='duties')),
                ('boundary', models.TextField(blank=True, verbose_name='where they end')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='functions', to='campaigns.campaign')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'function'), name='function_described_once')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('topic', models.CharField(max_length=120, verbose_name='topic')),
                ('reach', models.CharField(blank=True, max_length=200, verbose_name='how to reach')),
                ('reply_hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='reply within (hours)')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='campaigns.campaign')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'topic'), name='contact_topic_once')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('start_date', models.DateField(verbose_name='first day')),
                ('finish_date', models.DateField(verbose_name='last day')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations', to='campaigns.campaign')),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations', to='campaigns.campaignmember')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['start_date'],
                'constraints': [models.CheckConstraint(condition=models.Q(('finish_date__gte', models.F('start_date'))), name='delegation_ends_after_start')],
            },
        ),
    ]
