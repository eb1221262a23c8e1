"""What accounts tells the floors above."""

from django.dispatch import Signal

workspace_created = Signal()
"""Sent with `actor` and `workspace` inside the transaction that made it."""

campaigns_asked = Signal()
"""Sent with `actor` when a key is to be limited to some campaigns; a receiver answers [(id, label)]."""

working_days_changed = Signal()
"""Sent with `workspace_id` and `user_id` (None: not of one person) inside the transaction that changed a working
calendar or an absence."""

person_deactivated = Signal()
"""Sent with `actor` and `user` inside the transaction that ended somebody's access: what they sent out ends too."""
