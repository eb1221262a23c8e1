"""Risk register, playbooks, triggers and incidents."""
