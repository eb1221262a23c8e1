"""The small line of a KPI tile, as path data for an SVG of the server's making."""

PADDING = 2


def sparkline(values, width=120, height=32, low=None, high=None):
    """Paths of a sparkline: `{"line": "M…", "area": "M…", "band": {"y", "height"} | None}` in a box of width x height.

    `values` are numbers in order, None where there is no figure: the line breaks there. `low` and `high` are the
    expected range (None: open); the band is None where both are. A point between two gaps is drawn as a dot's width.
    """
    known = [float(value) for value in values if value is not None]
    bounds = [float(bound) for bound in (low, high) if bound is not None]
    if not known:
        return {"line": "", "area": "", "band": None}
    place = _placer(min(known + bounds), max(known + bounds), height)
    runs = _runs(values, width, place)
    paths = [_path(run) for run in runs]
    return {
        "line": "".join(paths),
        "area": "".join(_closed(run, path, height) for run, path in zip(runs, paths, strict=True)),
        "band": _band(low, high, height, place),
    }


def _placer(bottom, top, height):
    """A function value -> y; a series without change lies in the middle."""
    span = top - bottom
    inner = height - 2 * PADDING
    return lambda value: PADDING + inner * ((top - float(value)) / span if span else 0.5)


def _runs(values, width, place):
    """Points of each unbroken stretch."""
    step = width / max(len(values) - 1, 1)
    runs, run = [], []
    for number, value in enumerate(values):
        if value is None:
            run = []
            continue
        if not run:
            runs.append(run)
        run.append((step * number, place(value)))
    return runs


def _path(run):
    points = "L".join(f"{_short(x)},{_short(y)}" for x, y in run)
    return f"M{points}" if len(run) > 1 else f"M{points}h.01"


def _closed(run, path, height):
    if len(run) < 2:
        return ""
    return f"{path}L{_short(run[-1][0])},{_short(height)}L{_short(run[0][0])},{_short(height)}Z"


def _band(low, high, height, place):
    if low is None and high is None:
        return None
    top = 0.0 if high is None else place(high)
    bottom = height if low is None else place(low)
    return {"y": round(top, 2), "height": round(max(bottom - top, 0), 2)}


def _short(number):
    """As exact as a line of 120 dots can show."""
    return f"{number:.4g}"
