"""manage.py inspect_export FILE [--json]: what an export holds, without keeping anything."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from analytics.importers import Unreadable, inspect


class Command(BaseCommand):
    """A dry run of the importer. Exit 0 for whatever can be read, 2 with a sentence for what cannot."""

    help = "Show what a platform export holds: layout, columns, sums, warnings and open questions. Nothing is imported."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--answers", default="{}", help="answers to earlier questions, as a JSON object")

    def handle(self, *args, **options):
        try:
            answers = json.loads(options["answers"])
            report = inspect(options["file"], answers=answers).as_dict()
        except Unreadable as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except ValueError as problem:
            raise CommandError(_("The answers are not JSON."), returncode=2) from problem
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(report)

    def _tell(self, report):
        """The report for a person at a terminal."""
        for key in (
            "layout",
            "platform",
            "encoding",
            "header_row",
            "date_source",
            "period",
            "currency",
            "rows",
            "total_rows_skipped",
        ):
            self.stdout.write(f"{key:20} {report[key] if report[key] is not None else '—'}")
        for title in ("columns", "totals", "platform_totals"):
            self.stdout.write(f"\n{title}")
            for name, value in report[title].items():
                self.stdout.write(f"  {name:40} {value if value is not None else '—'}")
        for title, lines in (
            ("warnings", report["warnings"]),
            ("questions", [one["text"] for one in report["questions"]]),
        ):
            if lines:
                self.stdout.write(f"\n{title}\n" + "\n".join(f"  {line}" for line in lines))
