"""Acts on grants: which sections of a campaign a partner's seats, or a limited member, reach and how long."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import permissions, rules
from accounts.models import Grant
from core.audit import record
from core.errors import RuleBroken, require
from core.swap import erase, swap


@transaction.atomic
def create_grant(actor, *, campaign, areas, organization=None, membership=None, start_date=None, finish_date=None):
    """Open sections of a campaign to an organisation's seats or to a member: `areas` is {section: read | write}."""
    require(permissions.can_manage(actor, actor.workspace_id))
    party = organization or membership
    rules.check_party(organization, membership)
    values = {"areas": rules.checked_areas(areas, is_partner=organization is not None)}
    values |= rules.checked_days(start_date, finish_date)
    place = {"workspace_id": actor.workspace_id, "campaign_id": campaign.pk}
    try:
        with transaction.atomic():
            grant = Grant.objects.create(organization=organization, membership=membership, **place, **values)
    except IntegrityError as error:
        sentence = _("%(name)s has access to this campaign already. Change that access instead.") % {"name": party}
        raise RuleBroken(sentence, code="granted_already") from error
    changes = {name: [None, value] for name, value in values.items() if value}
    record(actor, "accounts.grant_created", grant, changes=changes, campaign_id=campaign.pk)
    return grant


@transaction.atomic
def update_grant(actor, *, grant, seen=None, **changes):
    """Change the sections or the days of a grant; it holds from the next request on."""
    require(permissions.can_manage(actor, grant.workspace_id))
    if "areas" in changes:
        changes["areas"] = rules.checked_areas(changes["areas"], is_partner=grant.organization_id is not None)
    days = {name: changes.get(name, getattr(grant, name)) for name in ("start_date", "finish_date")}
    rules.checked_days(**days)
    diff = swap(grant, seen=seen, **changes)
    if diff:
        record(actor, "accounts.grant_changed", grant, changes=diff, campaign_id=grant.campaign_id)
    return grant


@transaction.atomic
def end_grant(actor, *, grant, seen=None):
    """Take the access away at once; what was made by it stays."""
    require(permissions.can_manage(actor, grant.workspace_id))
    before = {"areas": [grant.areas, None]}
    record(actor, "accounts.grant_ended", grant, changes=before, campaign_id=grant.campaign_id)
    erase(grant, seen=seen)
