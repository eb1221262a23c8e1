"""Rules of the cards of a brief: personas and offers, and how they read as text beside the sections."""

from datetime import date

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.rules import brief
from core.errors import Invalid
from core.text import labelled

PERSONA = {
    "name": gettext_lazy("Name"),
    "description": gettext_lazy("Who they are"),
    "needs": gettext_lazy("What they need"),
    "channels": gettext_lazy("Where they are met"),
}
OFFER = {
    "name": gettext_lazy("Name"),
    "price": gettext_lazy("Price"),
    "deposit": gettext_lazy("Deposit"),
    "gift": gettext_lazy("Gift"),
    "start_date": gettext_lazy("First day"),
    "finish_date": gettext_lazy("Last day"),
    "terms": gettext_lazy("Terms"),
}
MOST_CARDS = 50
MOST_SECTIONS = 40
LONGEST_SECTION = 100_000  # characters
LONGEST_VALUE = 2000
LONGEST_KEY = 60


def clean_cards(cards, fields, name):
    """The cards with known fields only, each text trimmed, empty cards left out. Invalid names what is wrong."""
    if len(cards) > MOST_CARDS:
        raise _invalid(name, _("At most %(count)d cards fit into a brief.") % {"count": MOST_CARDS})
    found = []
    for card in cards:
        values = {field: str(card.get(field) or "").strip() for field in fields}
        if not any(values.values()):
            continue
        _check_card(values, name)
        found.append({field: value for field, value in values.items() if value})
    return found


def _check_card(values, name):
    if not values["name"]:
        raise _invalid(name, _("Give each card a name."))
    if any(len(value) > LONGEST_VALUE for value in values.values()):
        raise _invalid(name, _("A text on a card is longer than %(count)d characters.") % {"count": LONGEST_VALUE})
    days = [_day(values[field], name) for field in ("start_date", "finish_date") if values.get(field)]
    if len(days) == 2 and days[1] < days[0]:
        raise _invalid(name, _("The last day lies before the first one."))


def _day(text, name):
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _invalid(name, _("“%(text)s” is not a date.") % {"text": text[:40]}) from error


def clean_sections(sections):
    """[{"key", "title", "text"}] in the brief's order, empty ones left out; Invalid when a key is unknown or twice."""
    if len(sections) > MOST_SECTIONS:
        raise _invalid("sections", _("A brief has at most %(count)d sections.") % {"count": MOST_SECTIONS})
    texts = {}
    for section in sections:
        key, text = section["key"], section["text"].replace("\r\n", "\n").strip("\n").rstrip()
        _check_section(key, text, texts)
        texts[key] = text
    return brief.to_rows({key: text for key, text in texts.items() if text})


def _check_section(key, text, before):
    if not (key in brief.LABELS or key.startswith(brief.FREE)) or len(key) > LONGEST_KEY:
        raise _invalid("sections", _("“%(key)s” is no section of a brief.") % {"key": key[:LONGEST_KEY]})
    if key in before:
        raise _invalid("sections", _("The section “%(title)s” is there twice.") % {"title": brief.label(key)})
    if len(text) > LONGEST_SECTION:
        raise _invalid("sections", _("The section “%(title)s” is too long.") % {"title": brief.label(key)})


def _invalid(field, sentence):
    return Invalid(sentence, code="brief_invalid", errors={field: sentence})


def as_texts(sections, personas, offers):
    """{section key: text} of a whole version: the cards stand below their section's text, in Markdown as it is."""
    texts = brief.from_rows(sections)
    for key, cards, fields in (("personas", personas, PERSONA), ("offers", offers, OFFER)):
        if cards:
            told = "\n".join(_card(card, fields) for card in cards)
            texts[key] = "\n\n".join(filter(None, [texts.get(key, ""), told]))
    return texts


def _card(card, fields):
    """A card as a point of a list, what it says as points below it."""
    rest = [
        f"  - {labelled(label, _in_line(card[field]), get_language())}"
        for field, label in fields.items()
        if field != "name" and card.get(field)
    ]
    return "\n".join([f"- {_in_line(card['name'])}", *rest])


def _in_line(text):
    return " ".join(str(text).split())
