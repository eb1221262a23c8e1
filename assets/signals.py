"""What assets asks the floors above."""

from django.dispatch import Signal

release_asked = Signal()
"""Sent with `actor` (a partner's seat) and `version`; a receiver answers True where the version was released to run in
one of the lines of the seat's organisation, so that it may take the original along."""
