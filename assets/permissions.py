"""Who may do what with assets and their review."""

from campaigns.permissions import can_comment, can_plan

AREA = "assets"


def can_produce(actor, asset):
    """Make and change an asset, hand in versions: whoever plans, and its maker."""
    return can_plan(actor, asset) or (can_comment(actor, asset) and actor.user_id == asset.maker_id)


def can_decide(actor, step):
    """Give a verdict at a step, hand it on, ask one more: who is asked there."""
    return can_comment(actor, step) and step.reviewers.filter(user_id=actor.user_id, released_at=None).exists()


def can_steer(actor, review):
    """Look after a review: whoever plans the campaign."""
    return can_plan(actor, review)
