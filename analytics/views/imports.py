"""Pages."""

urls = []
