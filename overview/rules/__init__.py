"""Rules of the pages that show everything: sentences of the logbook, places on a strip of time."""
