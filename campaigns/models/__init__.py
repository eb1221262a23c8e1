"""The plan: campaign and brief, goals and KPIs, vocabularies, notes."""

from campaigns.models.brief import Brief, BriefShare, BriefVersion
from campaigns.models.campaign import Campaign, CampaignMember, Phase, Programme
from campaigns.models.goal import Goal, Kpi, KpiTarget
from campaigns.models.notes import Annotation, Comment, ExchangeRate
from campaigns.models.people import CampaignFunction, ContactPoint, Delegation
from campaigns.models.readiness import AccessItem, AccessProof, ReadinessLine, ReadinessSnapshot
from campaigns.models.vocabulary import Channel, Market, Metric

__all__ = [
    "AccessItem",
    "AccessProof",
    "Annotation",
    "Brief",
    "BriefShare",
    "BriefVersion",
    "Campaign",
    "CampaignFunction",
    "CampaignMember",
    "Channel",
    "Comment",
    "ContactPoint",
    "Delegation",
    "ExchangeRate",
    "Goal",
    "Kpi",
    "KpiTarget",
    "Market",
    "Metric",
    "Phase",
    "Programme",
    "ReadinessLine",
    "ReadinessSnapshot",
]
