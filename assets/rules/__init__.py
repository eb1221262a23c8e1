"""Business rules of assets: pure functions on plain values."""
