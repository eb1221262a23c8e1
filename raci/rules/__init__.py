"""Rules of the responsibility matrix: letters of a cell, and what a row lacks."""
