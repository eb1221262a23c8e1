"""The short code of a campaign, as it stands in addresses, names and UTM parameters: ASCII, unique in the workspace."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.errors import RuleBroken

SHORTEST, LONGEST = 2, 24
RESERVED = frozenset({"NEW"})  # addresses of pages
_FORM = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)", re.ASCII)
_FESTIVALS = (
    (re.compile(r"双\s*(?:11|十一)|double\s*(?:11|eleven)|singles'?\s*day", re.IGNORECASE), "D11"),
    (re.compile(r"双\s*(?:12|十二)|double\s*(?:12|twelve)", re.IGNORECASE), "D12"),
    (re.compile(r"(?<!\d)618(?!\d)|六一八"), "618"),
    (re.compile(r"黑五|黑色星期五|black\s*friday", re.IGNORECASE), "BF"),
    (re.compile(r"年货节|春节|chinese\s*new\s*year|spring\s*festival", re.IGNORECASE), "CNY"),
    (re.compile(r"三八|女神节|妇女节|women'?s\s*day", re.IGNORECASE), "W38"),
    (re.compile(r"七夕|qixi", re.IGNORECASE), "QIXI"),
    (re.compile(r"中秋|mid-?autumn", re.IGNORECASE), "MAF"),
    (re.compile(r"国庆|national\s*day", re.IGNORECASE), "NATD"),
    (re.compile(r"圣诞|christmas|x-?mas", re.IGNORECASE), "XMAS"),
)
_LONGEST_WORD = 8
_MOST_INITIALS = 5


def suggest(name, year, *, taken=()):
    """A free code for a campaign's name and year: "Double 11" -> D11-2026; without Latin words C-2026-01.

    `taken`: codes in use in the workspace, in any case.
    """
    used = {code.upper() for code in taken} | RESERVED
    written = _YEAR.search(name)
    year = written[0] if written else str(year)
    stem = _stem(_YEAR.sub(" ", unicodedata.normalize("NFKD", name)))
    if not stem:
        return _first_free((f"C-{year}-{number:02d}" for number in range(1, len(used) + 2)), used)
    base = f"{stem}-{year}"
    return _first_free([base, *(f"{base}-{number}" for number in range(2, len(used) + 3))], used)


def _first_free(candidates, used):
    return next(code for code in candidates if code not in used)


def _stem(name):
    """A festival's short name, the word of a one-word name, or the initials; empty without Latin letters."""
    for pattern, short in _FESTIVALS:
        if pattern.search(name):
            return short
    text = "".join(letter for letter in name if not unicodedata.combining(letter))
    words = re.findall(r"[A-Za-z]+[0-9]*|[0-9]+", re.sub(r"(?<=[A-Za-z])['\u2019](?=[A-Za-z])", "", text))
    if not any(word[0].isalpha() for word in words):
        return ""
    if len(words) == 1:
        return words[0][:_LONGEST_WORD].upper()
    return "".join(word if word[1:].isdigit() or word.isdigit() else word[0] for word in words)[:_MOST_INITIALS].upper()


def clean(code):
    """The code as it is stored (upper case). RuleBroken when it cannot be one."""
    text = unicodedata.normalize("NFKC", code).strip().upper()
    if not SHORTEST <= len(text) <= LONGEST or not _FORM.fullmatch(text):
        raise RuleBroken(
            _("A code has %(shortest)d to %(longest)d letters A-Z, digits and single hyphens, such as D11-2026.")
            % {"shortest": SHORTEST, "longest": LONGEST},
            code="code_invalid",
        )
    if text in RESERVED:
        raise RuleBroken(_("“%(code)s” cannot be used as a code.") % {"code": text}, code="code_reserved")
    return text
