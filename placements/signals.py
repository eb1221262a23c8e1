"""What placements tells the floors above."""

from django.dispatch import Signal

placement_changed = Signal()
"""Sent with `actor`, `placement` and `fields` (names of what changed; {"created"} of a new one) after an act on it."""

ad_account_changed = Signal()
"""Sent with `actor`, `ad_account` and `fields` (a set of field names) after an ad account was changed.

A new counting level, channel, currency or zone changes what counts in totals.
"""
