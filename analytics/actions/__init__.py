"""The acts of analytics: the only writer of facts and what belongs to them."""
