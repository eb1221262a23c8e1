"""What accounts tells the floors above."""

from django.dispatch import Signal

workspace_created = Signal()
"""Sent with `actor` and `workspace` inside the transaction that made it."""
