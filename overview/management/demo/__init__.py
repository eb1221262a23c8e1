"""The demo: an invented company, told by the product's own acts and seeded relative to today."""
