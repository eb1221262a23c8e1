"""The house's rules hold in this tree; each check finds the fault it is there for and leaves its neighbour alone."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from core.querysets import scoped
from tests.house import code, pages, tables
from tests.house.tree import FLOORS

ROOT = Path(__file__).resolve().parent.parent
CHECKS = [*code.CHECKS, *pages.CHECKS]


def our_tables():
    """The models of our apps."""
    return [table for table in apps.get_models() if table._meta.app_label in FLOORS]


def write(root, files):
    """Make the files of {path: text} below a folder."""
    for place, text in files.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_this_tree_is_clean(check):
    assert list(check(ROOT)) == []


def test_no_key_points_up():
    assert list(tables.upward_keys(our_tables())) == []


def test_every_table_of_a_workspace_is_scoped():
    assert list(tables.unscoped(our_tables())) == []


def test_an_exception_from_scoping_is_still_needed():
    """A table that is scoped by now, or gone, leaves the list of exceptions."""
    known = {table._meta.label: table for table in our_tables()}
    assert [label for label in tables.UNSCOPED if label not in known or tables.refuses(known[label])] == []


LONG = "def long():\n" + "    x = 1\n" * 59
TANGLED = "def tangled(x):\n" + "    if x:\n        x = 2\n" * 12
VENDORED = b"/* as it came */"
LISTED = json.dumps([{"file": "lib.js", "sha256": hashlib.sha256(VENDORED).hexdigest()}])

# (check, file with the fault, its text, the same file with a harmless neighbour of that fault)
PLANTS = [
    (
        code.only_actions_write,
        "assets/views.py",
        "def f(asset):\n    asset.save()\n",
        "def f(image):\n    image.save('x')\n",
    ),
    (code.only_actions_write, "tasks/jobs.py", "Task.objects.create(name='x')\n", "actions.create_task(actor)\n"),
    (
        code.only_actions_write,
        "raci/models/row.py",
        "def f(self):\n    self.cells.all().delete()\n",
        "cache.delete('x')\n",
    ),
    (code.only_actions_write, "tasks/api/task.py", "Task.objects.bulk_update(rows, ['n'])\n", "d.update(a=1)\n"),
    (code.pure_rooms, "raci/rules.py", "from celery import shared_task\n", "from raci.choices import Letter\n"),
    (code.pure_rooms, "tasks/schedule/plan.py", "from tasks.models import Task\n", "from .links import Link\n"),
    (code.pure_rooms, "assets/importers/docx.py", "import os\n", "import zipfile\n"),
    (
        code.pure_rooms,
        "risks/rules/__init__.py",
        "from django.db import models\n",
        "from core.errors import RuleBroken\n",
    ),
    (code.pure_rooms, "analytics/charts.py", "from core.models import Job\n", "from core.money import Money\n"),
    (code.rules_take_time_as_an_argument, "risks/rules.py", "day = timezone.localdate()\n", "day = fact.today()\n"),
    (code.no_upward_names, "campaigns/models.py", "f = 'placements.Channel'\n", "f = 'accounts.User'\n"),
    (code.no_upward_names, "tasks/migrations/0001_x.py", "to = 'raci.Row'\n", "to = 'tasks.Task'\n"),
    (code.short_files, "assets/views.py", "x = 1\n" * 501, "x = 1\n" * 500),
    (code.short_files, "tests/test_x.py", "x = 1\n" * 801, "x = 1\n" * 800),
    (code.short_functions, "assets/views.py", LONG, LONG.replace("    x = 1\n", "", 1)),
    (code.simple_functions, "assets/views.py", TANGLED, TANGLED.replace("    if x:\n        x = 2\n", "", 1)),
    (code.no_lazy_imports, "tasks/actions.py", "def f():\n    import json\n", "import json\n"),
    (code.no_lazy_imports, "tasks/apps.py", "def f():\n    import json\n", "def ready():\n    import json\n"),
    (code.no_unsafe_markup, "tasks/views.py", "x = mark_safe(words)\n", "x = format_html('{}', words)\n"),
    (code.one_way_out, "analytics/connectors/x.py", "import httpx\n", "from core import safe_fetch\n"),
    (code.one_way_out, "messaging/jobs.py", "from urllib import request\n", "from urllib import parse\n"),
    (code.one_sandbox, "assets/jobs.py", "import subprocess\n", "from core import sandbox\n"),
    (code.one_sandbox, "assets/jobs.py", "import os\nos.system('x')\n", "import os\nos.getpid()\n"),
    (code.nothing_is_run, "tasks/jobs.py", "import pickle\n", "import json\n"),
    (code.nothing_is_run, "tasks/rules.py", "eval('1')\n", "model.eval('1')\n"),
    (code.nothing_is_run, "tasks/views.py", "page = Template(words)\n", "page = render(request, 'x.html')\n"),
    (code.no_raw_sql, "tasks/querysets.py", "x = Task.objects.raw('SELECT 1')\n", "log.info('x', extra={})\n"),
    (code.no_raw_sql, "raci/views.py", "c = connection.cursor()\n", "c = page.cursor\n"),
    (
        code.explicit_serializers,
        "tasks/api.py",
        "class Out(S):\n    class Meta:\n        fields = '__all__'\n",
        "class Out(S):\n    class Meta:\n        fields = ['id']\n",
    ),
    (
        code.explicit_serializers,
        "tasks/api.py",
        "class In(serializers.Serializer):\n    def create(self, data):\n        pass\n",
        "class In(serializers.Serializer):\n    def validate(self, data):\n        pass\n",
    ),
    (
        code.explicit_serializers,
        "tasks/forms.py",
        "class F(forms.ModelForm):\n    pass\n",
        "class F(forms.Form):\n    pass\n",
    ),
    (
        pages.every_word_translated,
        "templates/tasks/list.html",
        "<h1>Open tasks</h1>",
        "<h1>{% translate 'Open tasks' %}</h1>",
    ),
    (
        pages.every_word_translated,
        "templates/x.html",
        '<a title="Next page">›</a>',
        '<a class="next page">Pharos ›</a>',
    ),
    (
        pages.every_word_translated,
        "templates/mail.txt",
        "Hello {{ name }}",
        "{% blocktranslate %}Hello{% endblocktranslate %}",
    ),
    (pages.no_unsafe_filters, "templates/x.html", "{{ words|safe }}", "{{ words|safe_words }}"),
    (pages.no_unsafe_filters, "tasks/templates/x.html", "{% autoescape off %}", "{% autoescape on %}"),
    (pages.no_markup_from_strings, "static/js/x.js", "node.innerHTML = words", "node.textContent = words"),
    (
        pages.no_english_in_scripts,
        "static/js/x.js",
        'toast("Could not be saved")',
        "toast(texts.notSaved) // Could not be",
    ),
]


@pytest.mark.parametrize(
    ("check", "place", "fault", "harmless"), PLANTS, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_planted_fault_is_found(tmp_path, check, place, fault, harmless):
    write(tmp_path, {place: fault})
    assert [sentence.split(":")[0] for sentence in check(tmp_path)][:1] in ([place], [str(tmp_path / place)])
    write(tmp_path, {place: harmless + " "})
    assert list(check(tmp_path)) == []


@pytest.mark.parametrize(("built", "missing"), [("views", "api"), ("api", "views")])
def test_an_act_behind_one_door_is_found(tmp_path, built, missing):
    act = "@transaction.atomic\ndef bury_task(actor, *, task):\n    pass\n"
    door = "def door(request):\n    actions.bury_task(request.actor)\n"
    write(tmp_path, {"tasks/actions.py": act, f"tasks/{built}.py": door})
    assert list(code.both_doors(tmp_path)) == [f"tasks/actions.py:2: bury_task has no door in {missing}"]
    write(tmp_path, {f"tasks/{missing}/task.py": door})
    assert list(code.both_doors(tmp_path)) == []


def test_every_check_has_a_planted_fault():
    covered = {check for check, *_ in PLANTS} | {pages.vendored_files_are_listed, code.both_doors}
    assert covered == set(CHECKS)


@pytest.mark.parametrize("fault", ["changed", "unlisted", "missing"])
def test_a_vendored_file_that_is_not_what_the_manifest_says_is_found(tmp_path, fault):
    folder = tmp_path / "static" / "vendor"
    write(tmp_path, {"static/vendor/MANIFEST.json": LISTED, "static/vendor/lib.js": VENDORED.decode()})
    assert list(pages.vendored_files_are_listed(tmp_path)) == []
    if fault == "changed":
        (folder / "lib.js").write_text("/* improved */")
    elif fault == "unlisted":
        (folder / "other.js").write_text("")
    else:
        (folder / "lib.js").unlink()
    assert len(list(pages.vendored_files_are_listed(tmp_path))) == 1


@isolate_apps("core", "campaigns", "assets")
def test_a_planted_upward_key_is_found():
    class Material(models.Model):
        class Meta:
            app_label = "assets"

    class Plan(models.Model):
        material = models.ForeignKey(Material, models.CASCADE)

        class Meta:
            app_label = "campaigns"

    class Use(models.Model):
        plan = models.ForeignKey(Plan, models.CASCADE)

        class Meta:
            app_label = "assets"

    assert list(tables.upward_keys([Material, Plan, Use])) == ["campaigns.Plan.material points up to assets.Material"]


@isolate_apps("core", "campaigns")
def test_a_planted_unscoped_table_is_found():
    class Plan(models.Model):
        workspace_id = models.UUIDField()
        objects = scoped()

        class Meta:
            app_label = "campaigns"

    class Line(models.Model):
        plan = models.ForeignKey(Plan, models.CASCADE)

        class Meta:
            app_label = "campaigns"

    class Language(models.Model):
        class Meta:
            app_label = "campaigns"

    found = list(tables.unscoped([Plan, Line, Language], exceptions={}))
    assert found == ["campaigns.Line can be read outside its workspace (objects = scoped(…))"]


def lint_imports(root):
    """Run import-linter with this project's contracts over the packages of a folder."""
    shutil.copy(ROOT / "pyproject.toml", root)
    program = Path(sys.executable).parent / "lint-imports"
    environment = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.run([program, "--no-cache"], cwd=root, env=environment, capture_output=True, text=True)


@pytest.fixture
def small_house(tmp_path):
    """Twelve apps with a few rooms each: the contracts as they are, without waiting for the whole tree."""
    rooms = ["choices", "rules", "models", "actions", "views", "api"]
    files = {f"{app}/{room}.py": "" for app in FLOORS for room in ["__init__", *rooms]}
    write(
        tmp_path,
        files | {"assets/actions.py": "from assets import models, rules\nfrom campaigns import models as plan\n"},
    )
    return tmp_path


def test_floors_and_rooms_of_this_tree():
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout


def test_a_clean_small_house_passes(small_house):
    found = lint_imports(small_house)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("place", "text", "contract"),
    [
        ("campaigns/models.py", "from assets import models\n", "Floors"),
        ("tasks/actions.py", "def f():\n    from raci import rules\n    return rules\n", "Floors"),
        ("core/models.py", "import accounts.models\n", "Floors"),
        ("assets/models.py", "from assets import actions\n", "Rooms"),
        ("assets/api.py", "from assets import views\n", "Rooms"),
        ("assets/rules.py", "from assets import models\n", "Rooms"),
        ("assets/helpers.py", "", "Rooms"),
        ("raci/rules.py", "from celery import shared_task\n", "Rules"),
        ("raci/rules.py", "import core.models\n", "Rules"),
    ],
)
def test_a_planted_import_breaks_its_contract(small_house, place, text, contract):
    write(small_house, {place: text})
    found = lint_imports(small_house)
    assert found.returncode != 0
    assert [line for line in found.stdout.splitlines() if line.startswith(contract) and line.endswith("BROKEN")]
