"""Clients of outside services that accounts needs."""
