"""The Gantt: rows as a compact feed, their order and numbers, the picture for print, the workbook."""
