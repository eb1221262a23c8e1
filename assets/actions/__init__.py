"""Acts on assets: the only writer of this app."""
