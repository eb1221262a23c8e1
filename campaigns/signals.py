"""What campaigns asks and tells the floors above."""

from django.dispatch import Signal

readiness_counts_asked = Signal()
"""Sent with `actor` and `campaign` before the board is asked; a receiver answers with what it wants counted.

The answers are {name: rows}. All floors are counted in one question; `readiness_asked` is sent with {name: how many}.
"""

readiness_asked = Signal()
"""Sent with `actor`, `campaign`, `today` and `counts`; a receiver answers with lines of the readiness board.

The lines are `campaigns.rules.readiness.Line`; they are computed, never typed. One that blocks stands against a launch.
"""

access_subjects_asked = Signal()
"""Sent with `actor`, `campaign` and `used_only`; a receiver answers with what an access item may be about.

The answers are `campaigns.rules.access.Subject`: ad accounts (`is_used` where placements of the campaign run on them)
and data sources, those the actor may see; with `used_only` no others than those used.
"""
