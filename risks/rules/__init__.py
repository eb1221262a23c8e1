"""Business rules of risks, playbooks and incidents, on plain values."""
