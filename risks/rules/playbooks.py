"""Playbooks: the ladder of levels with reaction times, deadlines of steps, message templates, what is paused."""

from django.utils.translation import gettext as _

from core.errors import Invalid
from risks.choices import Level

ORDER = tuple(Level.values)
LONGEST = 60 * 24 * 30  # minutes: 30 days
MOST_STEPS, MOST_MESSAGES = 60, 20
REACTION = {Level.BLUE: 240, Level.YELLOW: 120, Level.ORANGE: 60, Level.RED: 30}  # minutes at most


def rank(level):
    """How far up the ladder a level is; 0 for none."""
    return ORDER.index(level) + 1 if level in ORDER else 0


def applies(min_level, level):
    """Whether a step that begins at `min_level` is done at `level`; without a ladder every step is."""
    return not min_level or not level or rank(level) >= rank(min_level)


def clean_levels(levels):
    """{level: minutes} in order: higher levels react no later, and none later than its colour allows."""
    if not levels:
        return {}
    unknown = set(levels) - set(ORDER)
    if unknown:
        raise _invalid("levels", _("Levels are blue, yellow, orange and red."))
    found = {level: _minutes(levels[level], "levels") for level in ORDER if levels.get(level)}
    for level, minutes in found.items():
        if minutes > REACTION[level]:
            words = {"level": Level(level).label, "minutes": REACTION[level]}
            raise _invalid("levels", _("“%(level)s” reacts within %(minutes)s minutes at the latest.") % words)
    times = list(found.values())
    if times != sorted(times, reverse=True):
        raise _invalid("levels", _("A higher level reacts no later than a lower one."))
    return found


def check_deadline(minutes):
    """A deadline is between a minute and thirty days; None follows the reaction time of the level."""
    return None if minutes is None else _minutes(minutes, "deadline_minutes")


def _minutes(value, field):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST:
        raise _invalid(field, _("State between a minute and thirty days."))
    return value


def clean_messages(messages):
    """[{"name", "text"}] without empty ones."""
    found = [{"name": one["name"].strip()[:120], "text": one["text"].strip()[:5000]} for one in messages]
    found = [one for one in found if one["text"]]
    if len(found) > MOST_MESSAGES:
        raise _invalid("messages", _("A playbook holds at most %(most)d messages.") % {"most": MOST_MESSAGES})
    if any(not one["name"] for one in found):
        raise _invalid("messages", _("Give each message a name."))
    return found


def check_channels(codes, known):
    """Codes of channels that exist, each once."""
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise _invalid("pause_channels", _("There is no channel “%(code)s”.") % {"code": unknown[0]})
    return list(dict.fromkeys(codes))


def clean_platforms(names):
    """Names of platforms as placements write them, each once."""
    return list(dict.fromkeys(name.strip()[:40] for name in names if name.strip()))


def is_paused(playbook, channel, platform):
    """Whether a placement on a channel and platform is on the list of what a playbook pauses."""
    wanted = {name.casefold() for name in playbook.pause_platforms}
    return playbook.pause_all or channel in playbook.pause_channels or platform.casefold() in wanted


def check_name(text):
    text = text.strip()
    if not text:
        raise _invalid("name", _("Give the playbook a name."))
    return text


def check_title(text):
    text = text.strip()
    if not text:
        raise _invalid("title", _("Say what is to be done."))
    return text


def _invalid(field, sentence):
    return Invalid(sentence, code=field, errors={field: sentence})
