"""Tables of assets: what is made, who must agree, what was remarked."""

from assets.models.asset import Asset, AssetVersion, OutputStandard, Rendition, Right
from assets.models.download import Download
from assets.models.proof import GuestLink, Pin, PinReply
from assets.models.review import Review, ReviewRoute, ReviewStep, RouteLevel, StepReviewer, Verdict

__all__ = [
    "Asset",
    "AssetVersion",
    "Download",
    "GuestLink",
    "OutputStandard",
    "Pin",
    "PinReply",
    "Rendition",
    "Review",
    "ReviewRoute",
    "ReviewStep",
    "Right",
    "RouteLevel",
    "StepReviewer",
    "Verdict",
]
