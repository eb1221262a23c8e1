"""Business rules of the work: working days, the network of tasks and links, typed links, states. Plain values only."""
