"""What a partner is shown of its assets: how each stands, and what reviewers said of the newest version."""

from collections import defaultdict
from typing import NamedTuple

from django.db.models import F

from accounts.models.faces import names_for
from assets.models.asset import Asset
from assets.models.review import Verdict
from assets.rules import partner as rules


class Said(NamedTuple):
    """A verdict as the maker reads it."""

    by: str
    level: str
    decision: str
    label: str
    words: str
    edits: str
    at: object


def of_partner(actor):
    """The assets of the seat's organisation with what a partner's list shows."""
    rows = Asset.objects.visible_to(actor).active().filter(campaign__archived_at=None)
    related = ("campaign", "workspace", "standard", "channel")
    return rows.select_related(*related).with_review().order_by(F("submit_by").asc(nulls_last=True), "position", "pk")


def stood(assets, today):
    """The assets, each with `standing`, `label`, `tone`, `days` (left) and `waits` (for the partner)."""
    for asset in assets:
        asset.standing = rules.standing(asset.stage, asset.current_number, asset.review_state)
        asset.label, asset.tone = rules.LABELS[asset.standing], rules.TONES.get(asset.standing, "ok")
        asset.waits = asset.standing in rules.WAITS
        asset.days = rules.days_left(asset.submit_by, today) if asset.waits else None
        asset.is_late = asset.days is not None and asset.days < 0
    return assets


def feedback(actor, assets):
    """{asset id: [Said]} of the newest version of each, at levels the seat may look at."""
    newest = {"version__asset__in": assets, "version__number": F("version__asset__current_number")}
    rows = Verdict.objects.visible_to(actor).filter(**newest).select_related("reviewer", "step", "version")
    rows = list(rows.order_by("at"))
    names, found = names_for(actor, [row.reviewer for row in rows]), defaultdict(list)
    for row in rows:
        said = (row.step.name, row.decision, row.get_decision_display(), row.words, row.edits, row.at)
        found[row.version.asset_id].append(Said(names[row.reviewer_id], *said))
    return found
