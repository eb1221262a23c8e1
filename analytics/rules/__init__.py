"""Rules of the figures: what a metric means, what counts once, which days are whole, what lies out of range."""
