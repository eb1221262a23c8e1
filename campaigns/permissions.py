"""Who may do what in campaigns."""

POLICY = {}
