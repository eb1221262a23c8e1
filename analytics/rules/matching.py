"""Matching: which placement an object of a platform belongs to, in the order platform id, UTM, name, remembered choice.

A step decides only where exactly one placement fits. Two are never decided between: they are suggested.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics.rules import names
from core.text import listed

EXTERNAL_ID, UTM, NAME, REMEMBERED = "external_id", "utm", "name", "remembered"
SUGGESTIONS = 5
LEAST_SCORE = 40
SHORTEST_CODE = 3  # "A1" stands in too many names by chance
CLOSEST = 20  # so many placements are compared letter by letter with one object


@dataclass(frozen=True)
class Found:
    """An object of a platform. `parents` are the names above it, nearest first; `utm` has campaign, content …"""

    key: Hashable
    level: str
    external_id: str
    name: str
    parents: tuple = ()
    utm: Mapping = field(default_factory=dict)
    account: Hashable = None
    channel: str = ""


class Place(NamedTuple):
    """A placement as matching sees it. `values` are what its name is made of by the naming pattern; an `account` of
    None fits any ad account."""

    key: Hashable
    code: str
    name: str
    platform_ids: frozenset = frozenset()
    utm_campaign: str = ""
    utm_content: str = ""
    values: tuple = ()
    account: Hashable = None
    channel: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A placement that may be meant: score 0 to 100 and the reason in words."""

    placement: Hashable
    score: int
    reason: str


@dataclass(frozen=True)
class Match:
    """What matching says of one object: decided (`how`, `placement`), or open with ranked suggestions."""

    object: Hashable
    how: str | None = None
    placement: Hashable = None
    reason: str = ""
    suggestions: tuple = ()

    @property
    def is_decided(self):
        """Whether a placement was found."""
        return self.how is not None


def match(objects, placements, remembered=None, *, suggests=True):
    """A Match for each object, in order. Without `suggests` what stays open has none: they take most of the time.

    `remembered` holds earlier choices of people, `{memory_key(object): placement key}`; a choice for a placement that
    is gone is not used.
    """
    index = _Index(placements)
    return [_match_one(found, index, remembered or {}, suggests) for found in objects]


def memory_key(found):
    """What a choice is remembered by: the ad account and the object's id, or its name where it has no id."""
    return found.account, found.level, found.external_id or names.normalised(found.name)


def _match_one(found, index, remembered, suggests):
    chosen = remembered.get(memory_key(found))
    for how, fitting, reason in _STEPS:
        fits = [place for place in fitting(found, index) if _fits_account(place, found.account)]
        if len(fits) == 1:
            return Match(found.key, how, fits[0].key, reason(fits[0]))
        if fits:
            return _ambiguous(found, fits, chosen, reason)
    if index.has(chosen):
        return _as_remembered(found, chosen)
    return Match(found.key, suggestions=tuple(_suggest(found, index)) if suggests else ())


def _ambiguous(found, fits, chosen, reason):
    """Several fit: a remembered choice among them decides, else they are suggested."""
    if any(place.key == chosen for place in fits):
        return _as_remembered(found, chosen)
    words = names.tokens(found.name)
    scored = [(90 + names.likeness(words, names.tokens(place.name)) // 10, place) for place in fits]
    ranked = sorted(scored, key=lambda pair: (-pair[0], str(pair[1].key)))[:SUGGESTIONS]
    more = _("%(reason)s, as for %(count)d placements")
    return Match(
        found.key,
        suggestions=tuple(
            Suggestion(place.key, score, more % {"reason": reason(place), "count": len(fits)})
            for score, place in ranked
        ),
    )


def _as_remembered(found, chosen):
    return Match(found.key, REMEMBERED, chosen, _("Chosen earlier for this object"))


def _by_external_id(found, index):
    return index.by_id[found.external_id] if found.external_id else []


def _by_utm(found, index):
    campaign, content = _utm(found, "campaign"), _utm(found, "content")
    fits = index.by_utm.get(_plain(campaign), ()) if campaign else ()
    exact = [place for place in fits if content and _same(place.utm_content, content)]
    return exact or [place for place in fits if not content or not place.utm_content]


def _by_code(found, index):
    """The object's own name decides before the names above it."""
    for line in (found.name, *found.parents):
        words = names.pieces(line)
        fits = [place for place in index.beginning(words, "code") if names.contains(words, names.pieces(place.code))]
        if fits:
            return fits
    return []


def _by_name(found, index):
    return index.by_name[names.normalised(found.name)] if found.name else []


def _by_pattern(found, index):
    """All values of the naming pattern stand in the object's name; at least two, since one says too little."""
    words = names.pieces(" ".join((*found.parents, found.name)))
    return [place for place in index.beginning(words, "values") if _has_values(words, place.values)]


def _has_values(words, values):
    return all(names.contains(words, names.pieces(value)) for value in values)


_STEPS = (
    (EXTERNAL_ID, _by_external_id, lambda place: _("Same platform id")),
    (UTM, _by_utm, lambda place: _("Same UTM campaign “%(name)s”") % {"name": place.utm_campaign}),
    (NAME, _by_code, lambda place: _("Its name holds the code %(code)s") % {"code": place.code}),
    (NAME, _by_name, lambda place: _("Same name")),
    (NAME, _by_pattern, lambda place: _("Its name holds %(values)s") % {"values": _listed(place.values)}),
)


def _listed(things):
    return listed(things, get_language())


def _suggest(found, index):
    """Placements with a similar name, best first."""
    words = names.tokens(" ".join((*found.parents[:1], found.name)))
    own = names.tokens(found.name)
    scored = []
    for place in index.closest(found.account, names.grams(words)):
        alike = max(names.likeness(line, names.tokens(place.name)) for line in (words, own))
        score, reason = _score(found, place, alike)
        if score >= LEAST_SCORE:
            scored.append(Suggestion(place.key, score, reason))
    return sorted(scored, key=lambda suggestion: (-suggestion.score, str(suggestion.placement)))[:SUGGESTIONS]


def _score(found, place, alike):
    """Score and reason of a suggestion: the name's likeness, a little more for the same channel and ad account."""
    reasons = [_("Same name but for the date") if alike == 100 else _("Name is %(share)d %% alike") % {"share": alike}]
    bonus = 0
    if found.channel and found.channel == place.channel:
        bonus += 5
        reasons.append(_("same channel"))
    if found.account is not None and found.account == place.account:
        bonus += 5
        reasons.append(_("same ad account"))
    return min(99, alike * 9 // 10 + bonus), _listed(reasons)


def _utm(found, name):
    return found.utm.get(name) or found.utm.get(f"utm_{name}") or ""


def _same(one, other):
    return _plain(one) == _plain(other)


def _plain(text):
    return text.strip().casefold()


class _Index:
    """Placements by what they may be found by, so that ten thousand objects are matched in seconds."""

    def __init__(self, placements):
        self.places = list(placements)
        self.keys = {place.key for place in self.places}
        self.by_id, self.by_name, self.by_gram = defaultdict(list), defaultdict(list), defaultdict(list)
        self.by_utm = defaultdict(list)  # by a text whose case and outer spaces do not matter
        self.by_first = {"code": defaultdict(list), "values": defaultdict(list)}
        for number, place in enumerate(self.places):
            self._add(number, place)

    def _add(self, number, place):
        words = names.tokens(place.name)
        for external_id in place.platform_ids:
            self.by_id[external_id].append(place)
        if place.utm_campaign:
            self.by_utm[_plain(place.utm_campaign)].append(place)
        self.by_name[" ".join(words)].append(place)
        for gram in names.grams(words):
            self.by_gram[gram].append(number)
        if len(place.code) >= SHORTEST_CODE:
            self.by_first["code"][_first_word(place.code)].append(place)
        if len(place.values) > 1:
            self.by_first["values"][_first_word(place.values[0])].append(place)

    def has(self, key):
        """Whether a placement of this key may be chosen."""
        return key in self.keys

    def beginning(self, words, what):
        """Placements whose code (or first value) begins with one of the words."""
        return [place for word in dict.fromkeys(words) for place in self.by_first[what].get(word, ())]

    def closest(self, account, grams):
        """The placements that share most words with a name."""
        shared = Counter(number for gram in sorted(grams) for number in self.by_gram.get(gram, ()))
        fitting = (self.places[number] for number, _count in shared.most_common())
        return list(islice((place for place in fitting if _fits_account(place, account)), CLOSEST))


def _first_word(text):
    return next(iter(names.pieces(text)), "")


def _fits_account(place, account):
    return place.account is None or account is None or place.account == account
