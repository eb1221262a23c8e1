"""What campaigns asks and tells the floors above."""

from django.dispatch import Signal

launch_asked = Signal()
"""Sent with `actor` and `campaign` before a launch; a receiver answers with the sentences that stand against it."""
