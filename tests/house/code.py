"""What imports alone cannot show: who writes, what is pure, how long things are, which doors lead outside."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ENGINES, FLOORS, FUNCTIONS, last_name, modules

WRITES = {"save", "create", "get_or_create", "update_or_create", "delete", "bulk_create", "bulk_update"}
# A receiver of this name is a file, a picture, a cache or a client: its save() and delete() touch no table.
NOT_A_ROW = {"workbook", "book", "image", "picture", "thumbnail", "document", "presentation", "storage", "cache"}
NOT_A_ROW |= {"default_storage", "client", "session", "response", "catalogue"}


def only_actions_write(root):
    """Only `actions` call save/create/delete/bulk_*; core is the machinery they use, config the processes' wiring."""
    for module in modules(root):
        if module.app in {"core", "config"} or module.room == "actions":
            continue
        for node, name, receiver in module.calls():
            if name in WRITES and receiver is not None and last_name(receiver) not in NOT_A_ROW:
                yield module.at(node, f"{name}() outside actions")


PURE_CORE = {"core.errors", "core.ids", "core.money", "core.tabular", "core.text", "core.time"}
PURE_LIBRARIES = {"numpy", "dateutil", "holidays", "openpyxl", "xlsxwriter", "defusedxml", "rjieba", "plotly"}
PURE_LIBRARIES |= {"ahocorasick_rs", "PIL", "pymediainfo", "pypdfium2"}
PURE_DJANGO = {"django.utils.translation", "django.utils.functional", "django.utils.text", "django.utils.html"}
MORE_FOR = {
    "store": {"django.db"},
    "connectors": {"core.safe_fetch", "core.sandbox", "tenacity", "cryptography", "threading"},
}
IMPURE_STDLIB = {"os", "socket", "subprocess", "sqlite3", "urllib.request", "http.client", "threading"}


def _is_pure(name, module):
    """True when a pure room may import the dotted name."""
    parts = name.split(".")
    if parts[0] in FLOORS and len(parts) > 1 and parts[0] != "core":
        return parts[1] in {"choices", "rules"} or (parts[0] == module.app and parts[1] == module.room)
    allowed = PURE_CORE | PURE_DJANGO | MORE_FOR.get(module.room, set())
    if any(name == each or name.startswith(f"{each}.") for each in allowed):
        return True
    if any(name == each or name.startswith(f"{each}.") for each in IMPURE_STDLIB):
        return False
    return parts[0] in PURE_LIBRARIES | sys.stdlib_module_names | {
        each.split(".")[0] for each in allowed if "." not in each
    }


def pure_rooms(root):
    """rules and engines import the standard library, choices, rules, a little of core and pure libraries."""
    for module in modules(root):
        if module.app in FLOORS[1:-1] and module.room in ENGINES | {"rules"}:
            for node, name in module.imports():
                if not _is_pure(name, module):
                    yield module.at(node, f"{module.room} imports {name}")


CLOCK = {"now", "today", "utcnow", "localdate", "localtime"}


def rules_take_time_as_an_argument(root):
    """No clock in rules and engines: today and now are handed in."""
    for module in modules(root):
        if module.app in FLOORS[1:-1] and module.room in ENGINES - {"connectors"} | {"rules"}:
            for node, name, receiver in module.calls():
                if name in CLOCK and last_name(receiver) in {"timezone", "datetime", "date"}:
                    yield module.at(node, f"reads the clock by {name}()")


def no_upward_names(root):
    """No string names a model of a higher floor ("placements.Channel" in campaigns)."""
    model_name = re.compile(rf"^({'|'.join(FLOORS)})\.[A-Z]\w+$")
    for module in modules(root, with_migrations=True):
        for node in ast.walk(module.tree):
            found = isinstance(node, ast.Constant) and isinstance(node.value, str) and model_name.match(node.value)
            if found and FLOORS.index(found[1]) > FLOORS.index(module.app):
                yield module.at(node, f"names {node.value}, a higher floor")


EVERYTHING = [*FLOORS, "tests", "tools", "benchmarks"]


def short_files(root):
    """At most 500 lines a file, 800 in tests."""
    for module in modules(root, EVERYTHING):
        lines, limit = module.text.count("\n"), 800 if module.app == "tests" else 500
        if lines > limit:
            yield f"{module.place}: {lines} lines, at most {limit}"


def short_functions(root):
    """Less than 60 lines a function."""
    for module in modules(root, EVERYTHING):
        for node in ast.walk(module.tree):
            if isinstance(node, FUNCTIONS) and node.end_lineno - node.lineno + 1 >= 60:
                yield module.at(node, f"{node.name} has {node.end_lineno - node.lineno + 1} lines")


def simple_functions(root):
    """Complexity of 12 at most, as ruff counts it."""
    folders = [str(Path(root) / each) for each in EVERYTHING if (Path(root) / each).is_dir()]
    command = [str(Path(sys.executable).parent / "ruff"), "check", "--isolated", "--no-cache", "--select", "C901"]
    command += ["--config", "lint.mccabe.max-complexity=12", "--output-format", "concise", *folders]
    found = subprocess.run(command, capture_output=True, text=True)
    yield from (line for line in found.stdout.splitlines() if "C901" in line)


def no_lazy_imports(root):
    """Imports stand at the top, so that the floors can be seen; AppConfig.ready is the one exception."""
    for module in modules(root):
        for function in ast.walk(module.tree):
            if isinstance(function, FUNCTIONS) and not (function.name == "ready" and module.room == "apps"):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        yield module.at(node, "import inside a function")


MARKUP = {"mark_safe", "SafeString", "SafeText"}
MAY_MARK_SAFE = ("core/templatetags/", "core/markup.py")


def no_unsafe_markup(root):
    """Text becomes markup only in core's filters, which clean it."""
    for module in modules(root):
        if not module.place.startswith(MAY_MARK_SAFE):
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Name | ast.Attribute) and last_name(node) in MARKUP:
                    yield module.at(node, f"{last_name(node)} outside core's filters")


def _outside(root, names, allowed):
    """Imports of the named libraries in files whose place does not start with an allowed one."""
    for module in modules(root):
        if not module.place.startswith(allowed):
            for node, name in module.imports():
                if any(name == each or name.startswith(f"{each}.") for each in names):
                    yield module.at(node, f"imports {name}")


def one_way_out(root):
    """Requests leave the house through core.safe_fetch only."""
    libraries = {"requests", "httpx", "urllib.request", "urllib3", "http.client", "aiohttp"}
    yield from _outside(root, libraries, ("core/safe_fetch",))


def one_sandbox(root):
    """Sub-processes start in core.sandbox only; `manage.py serve` starts its own server."""
    allowed = ("core/sandbox", *(f"{app}/management/commands/serve" for app in FLOORS))
    yield from _outside(root, {"subprocess", "multiprocessing", "pty"}, allowed)
    for module in modules(root):
        if not module.place.startswith(allowed):
            for node, name, receiver in module.calls():
                if last_name(receiver) == "os" and re.match(r"system|popen|exec|spawn|fork", name):
                    yield module.at(node, f"os.{name}()")


def nothing_is_run(root):
    """No text becomes code or an object of its own choosing: no pickles, no eval, no templates made of strings."""
    yield from _outside(root, {"pickle", "marshal", "shelve", "dill", "jsonpickle"}, ())
    for module in modules(root):
        for node, name, receiver in module.calls():
            is_builtin = name in {"eval", "exec"} and receiver is None
            if is_builtin or name == "Template" or (name == "load" and last_name(receiver) == "yaml"):
                yield module.at(node, f"{name}()")


def no_raw_sql(root):
    """Hand-written SQL lives in analytics/store and core only."""
    for module in modules(root):
        if module.app == "core" or module.place.startswith("analytics/store"):
            continue
        for node, name, receiver in module.calls():
            if name == "RawSQL" or (receiver is not None and name in {"raw", "extra", "cursor"}):
                yield module.at(node, f"{name}() outside analytics/store and core")


def explicit_serializers(root):
    """Serializers name their fields and never write; forms are plain forms."""
    for module in modules(root):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                yield from _faults_of_class(module, node)


def _faults_of_class(module, node):
    """What a class may not say: Meta without explicit fields, a serializer that writes, a form bound to a model."""
    bases = [last_name(base) for base in node.bases]
    for each in node.body:
        names = [last_name(target) for target in getattr(each, "targets", [])]
        if node.name == "Meta" and ({"exclude", "depth"} & set(names)):
            yield module.at(each, f"Meta.{names[0]}: fields are named one by one")
        if node.name == "Meta" and "fields" in names and getattr(each.value, "value", None) == "__all__":
            yield module.at(each, "fields = '__all__': fields are named one by one")
        is_serializer = any(base.endswith("Serializer") for base in bases)
        if is_serializer and isinstance(each, FUNCTIONS) and each.name in {"create", "update", "save"}:
            yield module.at(each, f"a serializer with {each.name}()")
    if "ModelForm" in bases:
        yield module.at(node, "a ModelForm: plain forms only")


ONE_DOOR = {
    "place_task",  # a page takes one step at a time: step_task carries it out
    "plan_task", "save_task",  # forms that do several acts REST has one by one
    "create_flight", "update_flight", "delete_flight",  # lines of a form that is saved as a whole
    "push_rows",  # machines push
    "ask_own_code", "set_phone", "remove_phone", "disconnect_account",  # only a browser proves that it is oneself
}  # fmt: skip


def both_doors(root):
    """An act behind a page stands behind REST too, and the other way round: acts that only one of the rooms names."""
    acts, named = {}, {"views": set(), "api": set()}
    for module in modules(root):
        if module.room in named:
            named[module.room] |= {last_name(each) for each in ast.walk(module.tree) if _is_name(each)}
        if module.room == "actions":
            acts |= {node.name: module.at(node, node.name) for node in module.tree.body if _is_act(node)}
    for name in sorted(acts.keys() & (named["views"] ^ named["api"]) - ONE_DOOR):
        yield f"{acts[name]} has no door in {'api' if name in named['views'] else 'views'}"


def _is_name(node):
    return isinstance(node, ast.Name | ast.Attribute)


def _is_act(node):
    """A public function that writes in one go on behalf of an actor."""
    if not isinstance(node, FUNCTIONS) or node.name.startswith("_") or not node.args.args:
        return False
    decorators = [ast.unparse(each) for each in node.decorator_list]
    return node.args.args[0].arg == "actor" and any(each.endswith("atomic") for each in decorators)


CHECKS = [
    only_actions_write, pure_rooms, rules_take_time_as_an_argument, no_upward_names, short_files, short_functions,
    simple_functions, no_lazy_imports, no_unsafe_markup, one_way_out, one_sandbox, nothing_is_run, no_raw_sql,
    explicit_serializers, both_doors,
]  # fmt: skip
