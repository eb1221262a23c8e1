"""The time plan of a campaign: tasks, dependencies, milestones, deliverables."""
