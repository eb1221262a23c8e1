"""Business rules of the plan: brief, goals, targets, states, codes. Plain values in, answers or RuleBroken out."""
