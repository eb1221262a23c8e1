"""Collect the texts of the code and templates into locale/ and compile them; `--check` only compares.

`--fill FILE.json …` takes translations from flat {text: translation} files, a plural by its singular, and compiles.

The check works on a copy and fails for: a text the catalogue lacks, an empty or fuzzy translation, placeholders that
differ from the source, and a .mo file that is not what its .po says. Needs gettext's programs and polib.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.makemessages import Command

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[a-z]|%[sd]|\{[a-z_]*\}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”）》][,;?!:](?!//|\d)|[,;?!:](?=[\u4e00-\u9fff“（《])")


class Collect(Command):
    """Django's makemessages without guesses: a new text starts empty instead of taking a similar one's translation."""

    msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]


def catalogue(folder):
    """The path of the one catalogue under a project folder."""
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def collect(folder):
    """Rewrite the catalogue from the sources under `folder`."""
    catalogue(folder).parent.mkdir(parents=True, exist_ok=True)
    settings.configure(USE_I18N=True, LOCALE_PATHS=[str(folder / "locale")])
    os.chdir(folder)
    ignored = [".venv/*", "data/*", "static/*", "tests/*", "tools/*", "benchmarks/*", "docs/*"]
    options = {"locale": [LANGUAGE], "ignore_patterns": ignored, "no_obsolete": True, "add_location": "file"}
    call_command(Collect(), no_wrap=True, verbosity=0, **options)


def compile_catalogue(texts):
    """Write the catalogue with a plain head (no date: it would change with each run), and the .mo file beside it."""
    texts.metadata_is_fuzzy = False
    texts.header = ""
    texts.metadata = {
        "Project-Id-Version": "Pharos",
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    texts.wrapwidth = 10_000
    texts.save(str(catalogue(ROOT)))
    texts.save_as_mofile(str(catalogue(ROOT).with_suffix(".mo")))


def fill(texts, translations):
    """Put {text: translation} into the entries that have none yet; answers how many were filled."""
    waiting = [entry for entry in texts if not entry.translated() and translations.get(entry.msgid)]
    for entry in waiting:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: translations[entry.msgid]}
        else:
            entry.msgstr = translations[entry.msgid]
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    return len(waiting)


def copy_sources(target):
    """Copy what git knows or would take: a virtual environment or a data folder holds other people's texts."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard", "*.py", "*.html", "*.txt", "*.po"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def wrong_placeholders(entry):
    """True when a translation of one form names a placeholder that the source does not have, or drops one."""
    if entry.msgid_plural:
        allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        return any(set(PLACEHOLDER.findall(text)) - allowed for text in entry.msgstr_plural.values())
    return sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))


def faults_of(entry):
    """What is wrong with one entry."""
    if entry.fuzzy or not entry.translated():
        yield f"not translated: {entry.msgid!r}"
    elif wrong_placeholders(entry):
        yield f"placeholders differ: {entry.msgid!r} -> {entry.msgstr or entry.msgstr_plural!r}"
    elif any(HALF_WIDTH.search(text) for text in (entry.msgstr, *entry.msgstr_plural.values())):
        yield f"punctuation of half width behind Chinese: {entry.msgid!r} -> {entry.msgstr or entry.msgstr_plural!r}"


def said(entries):
    """{entry: its translations}."""
    return {(each.msgctxt, each.msgid): (each.msgstr, tuple(each.msgstr_plural.values())) for each in entries}


def faults(committed, collected, compiled):
    """Sentences on what is wrong; the three are polib catalogues (compiled: the .mo file, or None)."""
    known = {(entry.msgctxt, entry.msgid) for entry in committed if not entry.obsolete}
    for entry in collected:
        if (entry.msgctxt, entry.msgid) not in known:
            yield f"not in the catalogue (make messages): {entry.msgid!r} of {entry.occurrences}"
    for entry in committed:
        yield from [] if entry.obsolete else faults_of(entry)
    if said(committed.translated_entries()) != said(compiled or []):
        yield "the .mo file is not what the .po file says (make messages)"


def check():
    """Print each fault; 1 when there is one."""
    po = catalogue(ROOT)
    if not po.exists():
        print(f"no catalogue at {po.relative_to(ROOT)} (make messages)")
        return 1
    compiled = polib.mofile(str(po.with_suffix(".mo"))) if po.with_suffix(".mo").exists() else None
    with tempfile.TemporaryDirectory() as folder:
        copy_sources(Path(folder))
        collect(Path(folder))
        found = list(faults(polib.pofile(str(po)), polib.pofile(str(catalogue(Path(folder)))), compiled))
        os.chdir(ROOT)
    print("\n".join(found[:50]) + (f"\n… and {len(found) - 50} more" if len(found) > 50 else ""))
    return 1 if found else 0


def main():
    """Collect, fill and compile, or check."""
    if not shutil.which("xgettext"):
        sys.exit("gettext is not installed (Debian: apt-get install gettext).")
    if "--check" in sys.argv[1:]:
        return check()
    collect(ROOT)
    texts = polib.pofile(str(catalogue(ROOT)))
    if "--fill" in sys.argv[1:]:
        for name in sys.argv[sys.argv.index("--fill") + 1 :]:
            print(f"{fill(texts, json.loads(Path(name).read_text(encoding='utf-8')))} from {name}")
    compile_catalogue(texts)
    left = len(texts.untranslated_entries())
    print(f"{left} texts wait for a translation." if left else "Complete.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
