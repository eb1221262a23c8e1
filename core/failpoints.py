"""Planned deaths for the fault tests: `FAILPOINT=name:n` ends the process at the n-th pass of that point."""

import os
from collections import Counter

_passes: Counter = Counter()


def failpoint(name):
    """Die here (exit code 137, like SIGKILL) when the environment says so; nothing otherwise."""
    wanted, _, number = os.environ.get("FAILPOINT", "").partition(":")
    if wanted != name:
        return
    _passes[name] += 1
    if _passes[name] >= int(number or 1):
        os._exit(137)
