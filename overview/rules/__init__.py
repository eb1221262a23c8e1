"""Rules of the pages that show everything: sentences of the logbook, places on a time strip, progress of a tree."""
