"""Formulas of derived metrics belong to the vocabulary of the plan; analytics reckons with them."""

from campaigns.rules.formulas import EXACT, LONGEST, evaluate, metrics_of, parse, tokenise

__all__ = ["EXACT", "LONGEST", "evaluate", "metrics_of", "parse", "tokenise"]
