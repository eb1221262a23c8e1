"""What of a brief is shared with a partner."""

from typing import NamedTuple

from campaigns.models.brief import BriefShare, BriefVersion
from campaigns.models.campaign import Campaign
from campaigns.rules import brief as rules


class SharedBrief(NamedTuple):
    """The shared sections of one campaign's brief in the version in force: [(key, label, text)]."""

    campaign: Campaign
    number: int
    sections: list

    @property
    def campaign_id(self):
        return self.campaign.pk


def shared_briefs(actor):
    """A SharedBrief for each campaign that shares something with the seat's organisation; nothing else is read out."""
    shares = BriefShare.objects.visible_to(actor).filter(campaign__archived_at=None)
    shares = shares.select_related("campaign", "brief").order_by("-campaign__start_date", "campaign_id", "id")
    keys, found = {}, []
    for share in shares:
        keys.setdefault(share.campaign_id, (share.campaign, share.brief, []))[2].append(share.section)
    for campaign, brief, sections in keys.values():
        version = BriefVersion.objects.filter(brief=brief, number=brief.current_number).first()
        texts = version.texts() if version else {}
        told = [(key, rules.label(key), texts[key]) for key in texts if key in sections and texts[key]]
        found.append(SharedBrief(campaign, brief.current_number, told))
    return found
