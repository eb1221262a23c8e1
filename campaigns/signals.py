"""What campaigns asks and tells the floors above."""

from django.dispatch import Signal

readiness_asked = Signal()
"""Sent with `actor`, `campaign` and `today`; a receiver answers with lines of the readiness board.

The lines are `campaigns.rules.readiness.Line`; they are computed, never typed. One that blocks stands against a launch.
"""
