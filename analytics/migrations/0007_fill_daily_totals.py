"""Totals of what the roll-up holds already."""

from itertools import islice

from django.db import migrations

from analytics.querysets import ExactSum

NAMES = ("workspace_id", "ad_account_id", "campaign_id", "channel_id", "date", "date_to", "metric", "currency")


def add_up(apps, schema_editor):
    """What the roll-up holds already, added up over placements."""
    rows = apps.get_model("analytics", "DailyMetric").objects.order_by().values(*NAMES, "is_complete").annotate(sum=ExactSum("value"))
    total = apps.get_model("analytics", "DailyTotal")
    found = (total(value=row.pop("sum"), **row) for row in rows.iterator())
    while some := list(islice(found, 2000)):
        total.objects.bulk_create(some)


class Migration(migrations.Migration):
    dependencies = [("analytics", "0006_daily_totals")]

    operations = [migrations.RunPython(add_up, migrations.RunPython.noop)]
