"""What the acts on a task's parts share: a part stands behind the last one, and says something."""

from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import Invalid

MOST_PARTS = 200


def next_position(rows):
    """Behind the last one; Invalid where there are too many."""
    found = rows.aggregate(last=Max("position"))["last"]
    position = 0 if found is None else found + 1
    if position >= MOST_PARTS and rows.count() >= MOST_PARTS:
        raise Invalid(_("A task holds at most %(most)d of these.") % {"most": MOST_PARTS}, code="too_many")
    return position


def said(field, text, sentence):
    """The text without space around it; Invalid with `sentence` when nothing is left."""
    text = text.strip()
    if not text:
        raise Invalid(sentence, code="empty", errors={field: sentence})
    return text
