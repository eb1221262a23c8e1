"""What `make bench` runs. Nothing here asserts: each figure is one JSON line with the bar it is held against."""
