"""The Python files of a project folder, parsed once, with the app and the room each belongs to."""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

FLOORS = ["core", "accounts", "messaging", "campaigns", "tasks", "raci", "assets", "placements", "analytics", "risks"]
FLOORS += ["overview", "config"]
ENGINES = {"charts", "gantt", "schedule", "importers", "connectors", "store"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One file: `place` is its path under the root, `app` its first folder, `room` the second part of its name."""

    place: str
    app: str
    room: str
    text: str
    tree: ast.Module

    def at(self, node, what):
        """The sentence for a fault at a node."""
        return f"{self.place}:{node.lineno}: {what}"

    def calls(self):
        """Every call in the file, as (node, the called name without what stands before the last dot, receiver)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, last_name(node.func), getattr(node.func, "value", None)

    def imports(self):
        """Every import in the file, as (node, full dotted name); `from a import b` gives both `a` and `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = self.resolve(node)
                yield from ((node, f"{origin}.{alias.name}") for alias in node.names)

    def resolve(self, node):
        """The dotted name a `from … import` starts at, relative dots worked out."""
        if not node.level:
            return node.module or ""
        parts = list(Path(self.place).with_suffix("").parts)
        parts = parts[: len(parts) - node.level]
        return ".".join([*parts, *([node.module] if node.module else [])])


def last_name(node):
    """`save` of `a.b.save`, `print` of `print`; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@functools.cache
def parsed(path, root, _changed):
    """One file, parsed; `_changed` makes a rewritten file a new question."""
    place = path.relative_to(root)
    second = place.parts[1] if len(place.parts) > 1 else ""
    text = path.read_text(encoding="utf-8")
    return Module(str(place), place.parts[0], second.removesuffix(".py"), text, ast.parse(text))


def python_files(root, folders):
    """The .py files below the named folders of a root, in order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "__pycache__" not in path.parts:
                yield path


def modules(root, folders=FLOORS, with_migrations=False):
    """The parsed files of the apps (or of the named folders); migrations are written by a machine and left out."""
    for path in python_files(Path(root), folders):
        if with_migrations or "migrations" not in path.parts:
            yield parsed(path, Path(root), path.stat().st_mtime_ns)
