"""Who may do what."""

POLICY = {}
