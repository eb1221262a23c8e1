import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkCalendar',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('days_off', models.CharField(default='56', max_length=7, verbose_name='days off in a week')),
                ('organization', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='work_calendar', to='accounts.organization')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='work_calendars', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('organization', None), ('user', None)), fields=('workspace',), name='one_calendar_of_the_workspace'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('workspace', 'user'), name='one_calendar_per_person'), models.CheckConstraint(condition=models.Q(('organization', None), ('user', None), _connector='OR'), name='calendar_of_one_owner')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('date', models.DateField(verbose_name='day')),
                ('is_working', models.BooleanField(verbose_name='worked')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='accounts.workcalendar')),
            ],
            options={
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(fields=('calendar', 'date'), name='one_line_per_calendar_day')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('leave', 'leave'), ('sick', 'sick leave'), ('trip', 'business trip'), ('other', 'other')], default='leave', max_length=10, verbose_name='kind')),
                ('start_date', models.DateField(verbose_name='first day')),
                ('finish_date', models.DateField(verbose_name='last day')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['start_date'],
                'constraints': [models.CheckConstraint(condition=models.Q(('finish_date__gte', models.F('start_date'))), name='absence_ends_after_start')],
            },
        ),
    ]
