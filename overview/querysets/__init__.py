"""Questions that reach over several apps."""
