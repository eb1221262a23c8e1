"""Workspaces that are there already get the default playbooks by a job each."""

from django.db import migrations


def ask_for_defaults(apps, schema_editor):
    jobs, workspaces = apps.get_model("core", "Job"), apps.get_model("accounts", "Workspace")
    for key in workspaces.objects.values_list("pk", flat=True):
        args = {"workspace_id": str(key)}
        jobs.objects.get_or_create(
            key=f"risks.load_defaults:{key}",
            defaults={"name": "risks.load_defaults", "workspace_id": key, "args": args},
        )


class Migration(migrations.Migration):
    dependencies = [("risks", "0001_initial"), ("core", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunPython(ask_for_defaults, migrations.RunPython.noop)]
