"""Small pictures as numbers for SVG: no script needed to see them."""

HEIGHT = 60
WIDTH = 600


def plan_bars(by_day):
    """Bars of a plan by day in a box of WIDTH × HEIGHT: [{"x", "y", "width", "height", "day", "value"}]."""
    highest = max(by_day.values(), default=0)
    if not by_day or highest <= 0:
        return []
    step = WIDTH / len(by_day)
    bars = []
    for number, (day, value) in enumerate(by_day.items()):
        height = round(float(max(value, 0) / highest) * HEIGHT, 2)
        box = {"x": round(number * step, 2), "y": round(HEIGHT - height, 2), "height": height}
        bars.append({**box, "width": round(max(step - 1, step * 0.7), 2), "day": day, "value": value})
    return bars
