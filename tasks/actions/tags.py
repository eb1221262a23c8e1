"""Acts on the tags of a campaign and of its tasks."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once
from core.audit import record
from core.errors import Invalid, require
from core.swap import erase, swap
from tasks.actions.parts import said
from tasks.models import Tag
from tasks.permissions import can_schedule

LONGEST, MOST = 40, 20


def _name(name):
    name = said("name", " ".join(name.split()), _("Give the tag a name."))
    if len(name) > LONGEST or "," in name:
        sentence = _("A tag has at most %(most)d letters and no comma.") % {"most": LONGEST}
        raise Invalid(sentence, code="tag", errors={"name": sentence})
    return name


def _once():
    return once("name", _("This campaign has a tag of this name."))


@transaction.atomic
def create_tag(actor, *, campaign, name):
    """Add a word to find the tasks of a campaign by."""
    require(can_schedule(actor, campaign))
    with _once():
        tag = Tag.objects.create(workspace=campaign.workspace, campaign=campaign, name=_name(name))
    record(actor, "tasks.tag_created", tag)
    return tag


@transaction.atomic
def rename_tag(actor, *, tag, name, seen=None):
    """Give a tag another name; the tasks keep it."""
    require(can_schedule(actor, tag))
    with _once():
        diff = swap(tag, seen=seen, name=_name(name))
    if diff:
        record(actor, "tasks.tag_renamed", tag, changes=diff)
    return tag


@transaction.atomic
def delete_tag(actor, *, tag, seen=None):
    """Take a tag off all its tasks and away."""
    require(can_schedule(actor, tag))
    erase(tag, seen=seen)
    record(actor, "tasks.tag_deleted", tag)


def tags_named(campaign, names):
    """The tags of these names, new ones made where a name is new; for acts that give a task its tags."""
    wanted = list(dict.fromkeys(_name(name) for name in names if name.strip()))
    if len(wanted) > MOST:
        sentence = _("A task has at most %(most)d tags.") % {"most": MOST}
        raise Invalid(sentence, code="too_many", errors={"tags": sentence})
    known = {tag.name: tag for tag in Tag.objects.of(campaign).filter(name__in=wanted)}
    new = [Tag(workspace=campaign.workspace, campaign=campaign, name=name) for name in wanted if name not in known]
    Tag.objects.bulk_create(new, ignore_conflicts=True)
    return list(Tag.objects.of(campaign).filter(name__in=wanted)) if new else [known[name] for name in wanted]
