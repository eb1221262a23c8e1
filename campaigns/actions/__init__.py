"""Acts on the plan: the only writer of campaigns."""

from campaigns.actions.vocabulary import load_vocabulary

__all__ = ["load_vocabulary"]
