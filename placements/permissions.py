"""Who may do what in placements."""

POLICY = {}
