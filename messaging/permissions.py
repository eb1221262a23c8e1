"""Who may do what in messaging."""

from core.policy import Policy


def operator(actor):
    """Who looks after the installation (`is_staff`), signed in as a person."""
    return actor.is_signed_in and actor.key is None and actor.user.is_staff


POLICY = {
    "messaging:outbox": Policy(reads=operator),
    "messaging:mail": Policy(reads=operator),
}
