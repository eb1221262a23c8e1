"""Rules of the media schedule on plain values: states, prices, plan per day, spreading, reading of figures, names."""
