"""Who may do what in messaging."""

from core.policy import Policy, operator

POLICY = {
    "messaging:outbox": Policy(reads=operator),
    "messaging:mail": Policy(reads=operator),
}
