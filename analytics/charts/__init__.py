"""Builders of pictures: rows in, a Plotly figure and its table twin out; and the sparkline of a tile.

Nothing here imports Plotly: a figure is a dict that the browser draws. Only `scatter` and `bar` traces are used, since
the vendored bundle has no others for a funnel or a gauge.
"""

from analytics.charts.bars import FunnelStep, PlacementBar, funnel, placements
from analytics.charts.figure import Chart, Scale, paint, table_twin
from analytics.charts.goals import GoalBar, goal_progress
from analytics.charts.mix import Part, channel_mix
from analytics.charts.pacing import ForecastDay, pacing
from analytics.charts.sparkline import sparkline
from analytics.charts.trend import Line, trend

__all__ = [
    "Chart",
    "ForecastDay",
    "FunnelStep",
    "GoalBar",
    "Line",
    "Part",
    "PlacementBar",
    "Scale",
    "channel_mix",
    "funnel",
    "goal_progress",
    "pacing",
    "paint",
    "placements",
    "sparkline",
    "table_twin",
    "trend",
]
