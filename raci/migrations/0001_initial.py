import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from core.tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('campaigns', '0001_initial'),
        ('tasks', '0001_initial'),
    ]

    operations = [CreateModels([
        migrations.CreateModel(
            name='RaciHolder',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('function', 'function'), ('person', 'person'), ('organization', 'organisation')], max_length=12, verbose_name='kind')),
                ('function', models.CharField(blank=True, choices=[('marketing', 'marketing'), ('content', 'content'), ('design', 'design'), ('tech', 'tech'), ('data', 'data'), ('media_agency', 'media agency'), ('kol', 'KOL'), ('legal', 'legal'), ('customer_service', 'customer service'), ('sales', 'sales')], max_length=20, verbose_name='function')),
                ('position', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='raci_holders', to='campaigns.campaign')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'function'), ('organization', None), ('user', None), models.Q(('function', ''), _negated=True)), models.Q(('function', ''), ('kind', 'person'), ('organization', None), ('user__isnull', False)), models.Q(('function', ''), ('kind', 'organization'), ('organization__isnull', False), ('user', None)), _connector='OR'), name='raci_holder_is_one_thing'), models.UniqueConstraint(condition=models.Q(('function', ''), _negated=True), fields=('campaign', 'function'), name='function_once'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('campaign', 'user'), name='person_once'), models.UniqueConstraint(condition=models.Q(('organization__isnull', False)), fields=('campaign', 'organization'), name='organization_once')],
            },
        ),
        migrations.CreateModel(
            name='RaciRow',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('task', 'task'), ('milestone', 'milestone'), ('deliverable', 'deliverable'), ('decision', 'decision'), ('section', 'section')], max_length=12, verbose_name='kind')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('is_about_money', models.BooleanField(default=False, verbose_name='about money')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                ('position', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='raci_rows', to='campaigns.campaign')),
                ('deliverable', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='raci_row', to='tasks.deliverable')),
                ('task', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='raci_row', to='tasks.task')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('deliverable', None), ('kind__in', ('task', 'milestone')), ('task__isnull', False)), models.Q(('deliverable__isnull', False), ('kind', 'deliverable'), ('task', None)), models.Q(('deliverable', None), ('kind__in', ('decision', 'section')), ('task', None)), _connector='OR'), name='raci_row_names_its_work')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('letter', models.CharField(choices=[('R', 'R responsible'), ('A', 'A accountable'), ('C', 'C consulted'), ('I', 'I informed')], max_length=1)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='raci_letters', to='campaigns.campaign')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='raci.raciholder')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='raci.racirow')),
            ],
            options={
                'ordering': ['letter'],
                'constraints': [models.UniqueConstraint(fields=('row', 'holder', 'letter'), name='a_letter_once_per_cell')],
            },
        ),
    ])]
