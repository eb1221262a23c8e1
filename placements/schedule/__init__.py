"""Pure builders of the media schedule: the day grid, the flight timeline, the bars of one plan, the workbook."""
