"""Matching: whose plan line an object's figures are. By rule at every delivery, by people in bulk."""

import json
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from analytics.actions import rolling
from analytics.choices import LinkHow
from analytics.models import ExternalObject, MatchMemory, ObjectLink
from analytics.permissions.matching import can_match
from analytics.rules import matching as rules
from analytics.rules import names
from core.audit import record
from core.columns import Made, columns
from core.errors import Invalid, require
from core.swap import erase
from placements.models import Placement

NAME_KEY = "name:"
LONGEST_KEY = 320
_SEEN = ("workspace", "level", "external_id", "name", "utm", "parent__name", "parent__parent__name")
_KEYS = ("pk", "ad_account_id", "campaign_id")


def unlinked(ad_accounts):
    """Objects at the counting level of these accounts that neither have a link nor an ancestor with one."""
    level = Q()
    for ad_account in ad_accounts:
        level |= Q(account_link__ad_account=ad_account, level=ad_account.counting_level)
    free = Q(links=None, parent__links=None, parent__parent__links=None)
    return ExternalObject.objects.filter(level, free) if level else ExternalObject.objects.none()


def match_automatically(ad_account):
    """Link the account's open objects for which a rule finds exactly one placement. Returns the objects linked."""
    found = unlinked([ad_account]).filter(stays_unassigned=False).select_related("parent__parent").only(*_SEEN)
    objects = {row.pk: row for row in found}
    if not objects:
        return []
    places = {place.pk: place for place in _named(candidates(ad_account.workspace_id))}
    memories = _Memories(ad_account)
    asked, remembered = _asked(objects.values(), ad_account, memories)
    rows = []
    for match in rules.match(asked, [_place(row) for row in places.values()], remembered, suggests=False):
        placement = places.get(match.placement)
        campaign_id = placement.campaign_id if placement else memories.campaign_only(objects[match.object])
        if campaign_id:
            how = match.how or LinkHow.REMEMBERED
            rows.append(_link(objects[match.object], campaign_id, placement and placement.pk, how))
    ObjectLink.objects.bulk_create(rows, batch_size=500)
    return [row.object for row in rows]


def suggestions(actor, objects, places=None):
    """`{object key: Match}` for objects of any accounts: what the rules say, best first, with reasons in words.

    `places` are `places_of(actor)`, for whoever has them already.
    """
    by_account = {}
    for found in objects:
        by_account.setdefault(found.account_link.ad_account, []).append(found)
    places = places_of(actor) if places is None else places
    asked, remembered = [], {}
    for ad_account, some in by_account.items():
        seen, chosen = _asked(some, ad_account, _Memories(ad_account))
        asked, remembered = asked + seen, remembered | chosen
    usable = [_place(row) for row in places if row.state != "cancelled"]
    return {match.object: match for match in rules.match(asked, usable, remembered)}


def candidates(workspace_id):
    """Placements that figures are matched to by the rules."""
    placements = Placement.objects.filter(workspace_id=workspace_id, campaign__archived_at=None)
    return placements.active().exclude(state="cancelled")


def places_of(actor):
    """Placements that a person may match figures to, cancelled ones as well, the oldest first."""
    return _named(Placement.objects.visible_to(actor).active().filter(campaign__archived_at=None))


class _Named(NamedTuple):
    """Of a placement what the rules look at and what it is called by."""

    pk: UUID
    code: str
    name: str
    platform_id: str
    utm_campaign: str
    utm_content: str
    ad_account_id: UUID | None
    channel__code: str
    campaign_id: UUID
    campaign__code: str
    state: str


def _named(placements):
    """Many placements, read as one list a column."""
    written = columns(placements.order_by("pk"), *_Named._fields)
    read = zip(_Named._fields, map(json.loads, written), strict=True)
    made = [map(Made(UUID).__getitem__, values) if name in _KEYS else values for name, values in read]
    return list(map(_Named._make, zip(*made, strict=True)))


def _asked(objects, ad_account, memories):
    """What the rules see of an account's objects, and what people chose for those earlier."""
    channel = ad_account.channel.code if ad_account.channel_id else ""
    found = [_found(row, ad_account.pk, channel) for row in objects]
    return found, {rules.memory_key(one): memories.placement(row) for one, row in zip(found, objects, strict=True)}


def _found(row, account, channel):
    parents = [row.parent, row.parent.parent if row.parent else None]
    return rules.Found(
        key=row.pk,
        level=row.level,
        external_id=row.external_id,
        name=row.name,
        parents=tuple(parent.name for parent in parents if parent),
        utm=row.utm,
        account=account,
        channel=channel,
    )


def _place(placement):
    return rules.Place(
        key=placement.pk,
        code=placement.code,
        name=placement.name,
        platform_ids=_ids(placement.platform_id) if placement.platform_id else frozenset(),
        utm_campaign=placement.utm_campaign,
        utm_content=placement.utm_content,
        account=placement.ad_account_id,
        channel=placement.channel__code,
    )


def _ids(text):
    return frozenset(text.replace(",", " ").replace(";", " ").split())


class _Memories:
    """What people chose earlier for objects of an account: by id, else by name."""

    def __init__(self, ad_account):
        rows = MatchMemory.objects.filter(ad_account=ad_account)
        self._rows = {(row.level, row.key): row for row in rows}

    def _of(self, found):
        keys = _memory_keys(found) if self._rows else ()
        return next((self._rows[key] for key in keys if key in self._rows), None)

    def placement(self, found):
        """The key of the placement chosen, or None."""
        memory = self._of(found)
        return memory.placement_id if memory else None

    def campaign_only(self, found):
        """The key of the campaign where it was chosen without a placement, or None."""
        memory = self._of(found)
        return memory.campaign_id if memory and memory.placement_id is None else None


def _memory_keys(found):
    """The keys a choice for an object is kept by: its id, then its name (another source may know only that)."""
    keys = [(found.level, found.external_id[:LONGEST_KEY])]
    if name := names.normalised(found.name):
        keys.append((found.level, f"{NAME_KEY}{name}"[:LONGEST_KEY]))
    return keys


def _link(found, campaign_id, placement_id, how, valid_from=None, valid_to=None):
    return ObjectLink(
        workspace_id=found.workspace_id,
        object=found,
        campaign_id=campaign_id,
        placement_id=placement_id,
        how=how,
        valid_from=valid_from,
        valid_to=valid_to,
    )


@transaction.atomic
def link_objects(actor, *, choices):
    """Say for many objects at once whose figures theirs are, and remember it for later files and pulls.

    `choices` are `(object, campaign, placement or None, valid_from or None, valid_to or None)`. Without days the choice
    goes for the object's whole history; from a day on, an earlier link ends the day before. Returns the links.
    """
    require(can_match(actor))
    for _object, campaign, placement, valid_from, valid_to in choices:
        _check(campaign, placement, valid_from, valid_to)
    links = [_relink(*choice) for choice in choices]
    _remember(choices)
    objects = ExternalObject.objects.filter(pk__in=[link.object_id for link in links])
    objects.update(stays_unassigned=False)
    rolling.roll_up_objects(objects.select_related("account_link__ad_account"))
    for campaign in {campaign for _object, campaign, *_rest in choices}:
        chosen = [str(link.object) for link in links if link.campaign_id == campaign.pk]
        changes = {"objects": [None, chosen[:50]]}
        record(actor, "analytics.objects_linked", campaign, changes=changes, campaign_id=campaign.pk)
    return links


def _check(campaign, placement, valid_from, valid_to):
    if placement and placement.campaign_id != campaign.pk:
        raise Invalid(_("The placement belongs to another campaign."), errors={"placement": _("Choose another one.")})
    if valid_from and valid_to and valid_to < valid_from:
        raise Invalid(_("The last day lies before the first."), errors={"valid_to": _("Choose a later day.")})


def _relink(found, campaign, placement, valid_from, valid_to):
    """Replace the object's links from `valid_from` on."""
    earlier = ObjectLink.objects.filter(object=found)
    if valid_from is None:
        earlier.delete()
    else:
        earlier.filter(valid_from__gte=valid_from).delete()
        open_ended = earlier.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
        open_ended.update(valid_to=rolling.day_before(valid_from))
    link = _link(found, campaign.pk, placement and placement.pk, LinkHow.MANUAL, valid_from, valid_to)
    link.save(force_insert=True)
    return link


def _remember(choices):
    rows = {}
    for found, campaign, placement, valid_from, valid_to in choices:
        if valid_from or valid_to:
            continue
        for level, key in _memory_keys(found):
            rows[found.account_link.ad_account_id, level, key] = MatchMemory(
                workspace_id=found.workspace_id,
                ad_account_id=found.account_link.ad_account_id,
                level=level,
                key=key,
                campaign=campaign,
                placement=placement,
            )
    MatchMemory.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["ad_account", "level", "key"],
        update_fields=["campaign", "placement", "updated_at"],
        batch_size=500,
    )


@transaction.atomic
def unlink(actor, *, link, seen=None):
    """Take a link away: the object's figures are unassigned again, and no rule matches it until somebody does."""
    require(can_match(actor))
    found = ExternalObject.objects.select_related("account_link__ad_account").get(pk=link.object_id)
    campaign = link.campaign
    keys = Q()
    for level, key in _memory_keys(found):
        keys |= Q(level=level, key=key)
    MatchMemory.objects.filter(keys, ad_account=found.account_link.ad_account).delete()
    erase(link, seen=seen)
    if not found.links.exists():
        ExternalObject.objects.filter(pk=found.pk).update(stays_unassigned=True)
    rolling.roll_up_objects([found])
    record(
        actor, "analytics.object_unlinked", campaign, changes={"objects": [str(found), None]}, campaign_id=campaign.pk
    )


@transaction.atomic
def match_again(actor, *, ad_accounts):
    """Let the rules look at the open objects of these accounts once more. Returns how many they linked."""
    require(can_match(actor))
    matched = []
    for ad_account in ad_accounts:
        found = match_automatically(ad_account)
        if found:
            rolling.roll_up(ad_account, days=rolling.days_of(found))
            record(actor, "analytics.objects_matched", ad_account, changes={"objects": [0, len(found)]})
        matched += found
    return len(matched)
