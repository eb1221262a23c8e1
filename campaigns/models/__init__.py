"""The plan: campaign and brief, goals and KPIs, vocabularies, notes."""

from campaigns.models.brief import Brief, BriefShare, BriefVersion
from campaigns.models.budget import (
    ApprovalThreshold,
    BudgetApproval,
    BudgetLine,
    BudgetMovement,
    BudgetRequest,
    Commitment,
)
from campaigns.models.campaign import Campaign, CampaignMember, Phase, Programme
from campaigns.models.goal import Goal, Kpi, KpiTarget
from campaigns.models.notes import Annotation, Comment, ExchangeRate
from campaigns.models.people import CampaignFunction, ContactPoint, Delegation
from campaigns.models.purse import budget_of
from campaigns.models.question import Question
from campaigns.models.readiness import AccessItem, AccessProof, ReadinessLine, ReadinessSnapshot
from campaigns.models.vocabulary import Channel, Market, Metric

__all__ = [
    "AccessItem",
    "AccessProof",
    "Annotation",
    "ApprovalThreshold",
    "Brief",
    "BriefShare",
    "BriefVersion",
    "BudgetApproval",
    "BudgetLine",
    "BudgetMovement",
    "BudgetRequest",
    "Campaign",
    "CampaignFunction",
    "CampaignMember",
    "Channel",
    "Comment",
    "Commitment",
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
    "Question",
    "ReadinessLine",
    "ReadinessSnapshot",
    "budget_of",
]
