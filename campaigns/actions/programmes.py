"""Acts on programmes."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import archive, once, restore
from campaigns.models import Programme
from campaigns.permissions import can_create_campaign, can_plan
from core.audit import record
from core.errors import require
from core.swap import swap


def _taken():
    return once("name", _("There is a programme of this name already."))


@transaction.atomic
def create_programme(actor, *, name, note=""):
    """Make a programme, a group of campaigns that are looked at together."""
    require(can_create_campaign(actor))
    with _taken():
        programme = Programme.objects.create(workspace=actor.workspace, name=name, note=note)
    record(actor, "campaigns.programme_created", programme)
    return programme


@transaction.atomic
def update_programme(actor, *, programme, seen=None, **changes):
    """Change a programme's name or note."""
    require(can_plan(actor, programme))
    with _taken():
        diff = swap(programme, seen=seen, **changes)
    record(actor, "campaigns.programme_changed", programme, changes=diff)
    return programme


@transaction.atomic
def archive_programme(actor, *, programme, seen=None):
    """Archive a programme; its campaigns stay and keep it."""
    require(can_plan(actor, programme))
    return archive(actor, programme, "programme_archived", seen=seen)


@transaction.atomic
def restore_programme(actor, *, programme, seen=None):
    """Take a programme out of the archive."""
    require(can_plan(actor, programme))
    return restore(actor, programme, "programme_restored", seen=seen)
