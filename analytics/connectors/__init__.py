"""Clients of outside services: each turns an answer into plain records, all calls go through `core.safe_fetch`."""
