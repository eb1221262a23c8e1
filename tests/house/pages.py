"""What is shown to people: every word translated, no markup from strings, vendored files as they came."""

import hashlib
import html
import json
import re
from pathlib import Path

NAMES = {"Pharos", "灯塔", "CSV", "XLSX", "PDF", "PNG", "JSON", "API", "REST", "UTC", "Ctrl", "Shift", "Esc", "Enter"}
NAMES |= {"Tab", "Del", "Alt", "English", "RACI", "URL", "UTM", "KPI", "HTML", "ICS", "PPTX", "XML", "TSV", "https"}
NAMES |= {"KOL", "Baidu", "Meta", "TikTok", "Douyin", "Google", "WeChat", "WeCom", "Weibo", "HubSpot", "Salesforce"}
SAMPLES = {"templates/components/guide.html"}  # the gallery of components: its words are sample data
GONE = re.compile(
    r"\{%\s*block \w*attrs\s*%\}.*?\{%\s*endblock\s*%\}|\{%\s*comment\b.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->"
    r"|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|<(script|style|code|kbd|pre|samp)\b.*?</\1>|\{%.*?%\}|\{\{.*?\}\}"
    r"|^\{?\"\w+\":",  # a key of a JSON catalogue
    re.DOTALL | re.MULTILINE,
)
SPOKEN = re.compile(r"\b(?:title|alt|placeholder|aria-label|aria-description|data-confirm|data-label)=\"([^\"]*)\"")
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[A-Za-z][A-Za-z'’]{2,}")


def templates(root):
    """Every template of a project folder, as (path under the root, text)."""
    for folder in [Path(root) / "templates", *sorted(Path(root).glob("*/templates"))]:
        for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
            yield path.relative_to(root), path.read_text(encoding="utf-8")


def scripts(root):
    """Our own scripts, as (path under the root, text); vendored ones are not ours."""
    for path in sorted((Path(root) / "static" / "js").rglob("*.js")):
        yield path.relative_to(root), path.read_text(encoding="utf-8")


def every_word_translated(root):
    """No Latin word of three letters stands in a template outside a translate tag (names of things excepted)."""
    for place, text in templates(root):
        if str(place) in SAMPLES:
            continue
        bare = GONE.sub(lambda found: "\n" * found[0].count("\n"), text)
        spoken = bare if place.suffix == ".txt" else TAG.sub(_spoken_of_tag, bare)
        for number, line in enumerate(spoken.splitlines(), 1):
            words = [word for word in WORD.findall(html.unescape(line)) if word not in NAMES]
            if words:
                yield f"{place}:{number}: not translated: {' '.join(words)}"


def _spoken_of_tag(tag):
    """What a tag says aloud (its title, alt, placeholder, label), with as many lines as before."""
    return " " + " ".join(SPOKEN.findall(tag[0])).replace("\n", " ") + "\n" * tag[0].count("\n")


def no_unsafe_filters(root):
    """No page switches escaping off; a plain-text mail has to."""
    for place, text in templates(root):
        if place.suffix == ".txt":
            continue
        for found in re.finditer(r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off", text):
            yield f"{place}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}"


def no_markup_from_strings(root):
    """No script makes markup or code out of a string."""
    danger = re.compile(r"\.(?:innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write|\beval\(|new Function\(")
    for place, text in scripts(root):
        for found in danger.finditer(text):
            yield f"{place}:{text.count(chr(10), 0, found.start()) + 1}: {found[0].strip()}"


COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
SENTENCE = re.compile(r"""(["'`])([A-Z][a-z]+(?: [A-Za-z,'’$\{\}.-]+)+[.!?…:]?)\1""")


def no_english_in_scripts(root):
    """Scripts take their sentences from the page or the catalogue; errors for the console may be English."""
    for place, text in scripts(root):
        bare = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
        for number, line in enumerate(bare.splitlines(), 1):
            if "new Error(" not in line and "console." not in line:
                for _, sentence in SENTENCE.findall(line):
                    yield f"{place}:{number}: {sentence!r} is not translated"


def vendored_files_are_listed(root):
    """static/vendor holds what its MANIFEST.json lists (paths relative to it), byte for byte, and the licences."""
    folder = (Path(root) / "static" / "vendor").resolve()
    if not folder.is_dir():
        return
    manifest = folder / "MANIFEST.json"
    entries = json.loads(manifest.read_text()) if manifest.exists() else []
    listed = {(folder / entry["file"]).resolve(): entry["sha256"] for entry in entries}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in listed and path != manifest and "LICENSE" not in path.name:
            yield f"static/vendor/{path.name}: there, but not listed"
    for path, digest in listed.items():
        if not path.exists():
            yield f"static/vendor/{path.name}: listed, but not there"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"static/vendor/{path.name}: not the file that was listed"


CHECKS = [
    every_word_translated, no_unsafe_filters, no_markup_from_strings, no_english_in_scripts, vendored_files_are_listed,
]  # fmt: skip
