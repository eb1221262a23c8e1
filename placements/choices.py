"""States and kinds of placements."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlacementState(models.TextChoices):
    PLANNED = "planned", _("planned")
    BOOKED = "booked", _("booked")
    READY = "ready", _("ready")
    LIVE = "live", _("live")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")
    CANCELLED = "cancelled", _("cancelled")


class BuyingModel(models.TextChoices):
    CPM = "cpm", "CPM"
    CPC = "cpc", "CPC"
    CPA = "cpa", "CPA"
    OCPM = "ocpm", "oCPM"
    CPT = "cpt", "CPT"
    CPV = "cpv", "CPV"
    CPS = "cps", "CPS"
    FIXED = "fixed", _("fixed price")
    FEE_COMMISSION = "fee_commission", _("fee + commission")


class PlatformStatus(models.TextChoices):
    """What the platform says of the account or the creative."""

    NONE = "", _("not submitted")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class CountingLevel(models.TextChoices):
    """The level of an account's objects whose figures count in totals."""

    ACCOUNT = "account", _("account")
    CAMPAIGN = "campaign", _("campaign")
    AD_GROUP = "ad_group", _("ad group")
    AD = "ad", _("ad")
    KEYWORD = "keyword", _("keyword")
    SEARCH_TERM = "search_term", _("search term")
    PAGE = "page", _("page")
    EVENT = "event", _("event")
