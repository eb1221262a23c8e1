"""Who may do what in overview."""

POLICY = {}
