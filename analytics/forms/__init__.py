"""The shape of HTML input in analytics."""
