"""What the Makefile calls: standard library only, unless a tool says otherwise."""
