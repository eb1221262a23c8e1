"""What tasks asks the floors above."""

from django.dispatch import Signal

accountable_asked = Signal()
"""Sent with `problem` when it is overdue; a receiver answers with the users accountable for what it blocks."""
