"""Who is responsible, accountable, consulted and informed for each task."""
