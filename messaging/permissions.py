"""Who may do what in messaging."""

POLICY = {}
