"""The house's checks: each is a function over a project folder that yields one sentence a fault."""
