"""Charts: figures Plotly accepts, tables that say the same, and nothing invented where data is missing."""

import json
from datetime import date, timedelta
from decimal import Decimal as D

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import charts
from analytics.charts import (
    ForecastDay,
    FunnelStep,
    GoalBar,
    Line,
    Part,
    PlacementBar,
    Scale,
)
from analytics.charts.figure import nice_ticks, roles_in
from analytics.charts.theme import THEMES

FIRST = date(2026, 11, 1)
DAYS = [FIRST + timedelta(days=step) for step in range(8)]
COUNT, YUAN = Scale(), Scale("zh-hans", "money", "CNY", 2)
NASTY = "<img src=x onerror=alert(1)> & Co"


def line(name="Clicks", **gaps):
    return Line(name, {day: D(100 + number) for number, day in enumerate(DAYS) if f"d{number}" not in gaps})


def pace(**more):
    given = {"through": DAYS[3], "forecast": (), "ceiling": None} | more
    plan = dict.fromkeys(DAYS, D(10))
    return charts.pacing(DAYS, plan, {DAYS[0]: D(8), DAYS[1]: D(9), DAYS[3]: D(20), DAYS[4]: D(1)}, YUAN, **given)


GOALS = [
    GoalBar("Orders", D("0.64"), D("0.7"), "at_risk", D(640), D(1000)),
    GoalBar("GMV", D(3), D("0.7"), "on_track", D(300), D(100), YUAN, "/g/2"),
    GoalBar("Leads", None, None, "no_data"),
]
FORECAST = [ForecastDay(DAYS[3] + timedelta(days=n), D(30 + n), D(40 + n), D(50 + n)) for n in range(4)]
EVERY = {
    "trend": lambda: charts.trend(
        [line(), line(NASTY, d3=1)], DAYS, COUNT, partial=DAYS[-1:], comparison=line("Before")
    ),
    "trend-range": lambda: charts.trend(
        [line()], DAYS, YUAN, band=[(d, D(90), D(200)) for d in DAYS], annotations=[(FIRST, NASTY)]
    ),
    "mix": lambda: charts.channel_mix([Part("SEM", d, D(5)) for d in DAYS], YUAN, partial=DAYS[-1:]),
    "mix-share": lambda: charts.channel_mix([Part("SEM", "W45", D(5)), Part(NASTY, "W45", D(3))], COUNT, mode="share"),
    "funnel": lambda: charts.funnel([FunnelStep("Seen", D(20000)), FunnelStep(NASTY, D(500))], COUNT),
    "goals": lambda: charts.goal_progress(GOALS),
    "pacing": lambda: pace(forecast=FORECAST, ceiling=D(100)),
    "placements": lambda: charts.placements(
        [PlacementBar("A", D(5), D(6)), PlacementBar("Unassigned", D(9), None, True)], YUAN
    ),
}


@pytest.fixture(params=EVERY, name="chart")
def every_chart(request):
    return EVERY[request.param]()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotly_accepts_every_figure_in_both_themes(chart, theme):
    painted = charts.paint(chart.figure, theme)
    go.Figure(data=painted["data"], layout=painted["layout"])
    assert not roles_in(
        {"data": painted["data"], "layout": {k: v for k, v in painted["layout"].items() if k != "meta"}}
    )


def test_every_figure_is_plain_json(chart):
    text = json.dumps(chart.figure, allow_nan=False)
    assert json.loads(text) == chart.figure


def test_only_traces_of_the_vendored_bundle_are_used(chart):
    assert {trace["type"] for trace in chart.figure["data"]} <= {"scatter", "bar"}


def test_every_role_has_a_colour_in_both_themes(chart):
    meta = chart.figure["layout"]["meta"]
    used = roles_in({key: value for key, value in chart.figure.items() if key != "config"})
    assert used and set(meta["themes"]["light"]) == set(meta["themes"]["dark"]) == used


def test_names_of_people_are_escaped_in_the_picture_and_raw_in_the_table():
    for name in ("trend", "trend-range", "mix-share", "funnel"):
        chart = EVERY[name]()
        assert "<img" not in json.dumps(chart.figure)
        assert "&lt;img" in json.dumps(chart.figure)
    assert NASTY in EVERY["mix-share"]().table["head"]


def test_every_table_is_as_wide_as_its_head(chart):
    assert chart.table["rows"]
    assert {len(row) for row in chart.table["rows"]} == {len(chart.table["head"])}
    assert chart.summary


def trace_of(chart, name):
    return next(trace for trace in chart.figure["data"] if trace["name"] == name)


def test_a_gap_stays_a_gap():
    chart = charts.trend([line(d2=1)], DAYS, COUNT)
    trace = trace_of(chart, "Clicks")
    assert trace["y"] == [100, 101, None, 103, 104, 105, 106, 107]
    assert trace["connectgaps"] is False
    assert trace["x"][0] == "2026-11-01"
    assert chart.table["rows"][2] == [DAYS[2], "–"]


def test_days_still_arriving_are_hollow_and_said_so():
    chart = charts.trend([line()], DAYS, COUNT, partial={DAYS[-1], date(2030, 1, 1)})
    full, dotted, hollow = chart.figure["data"]
    assert full["y"][-1] is None and hollow["y"] == [None] * 7 + [107]
    assert dotted["y"] == [None] * 6 + [106, 107]
    assert hollow["customdata"][-1] == "107, still arriving" and hollow["marker"]["symbol"] == "circle-open"
    assert len(chart.figure["layout"]["shapes"]) == 1
    assert [row[-1] for row in chart.table["rows"]] == [""] * 7 + ["still arriving"]


def test_the_range_is_one_shape_for_each_stretch_of_days():
    band = [(day, D(90), None) for day in DAYS if day != DAYS[3]] + [(DAYS[-1] + timedelta(days=5), None, D(7))]
    chart = charts.trend([line()], DAYS, COUNT, band=band)
    shapes = [trace for trace in chart.figure["data"] if trace.get("fill") == "toself"]
    assert [len(shape["x"]) for shape in shapes] == [6, 8, 4]
    assert [shape["showlegend"] for shape in shapes] == [True, False, False]
    top = chart.figure["layout"]["yaxis"]["range"][1]
    assert shapes[0]["y"] == [top] * 3 + [90] * 3
    assert chart.table["head"] == ["Day", "Clicks", "Expected from", "Expected to"]
    assert chart.table["rows"][3][2:] == ["–", "–"]


def test_annotations_of_one_day_share_a_text_and_those_outside_are_left_out():
    notes = [(DAYS[1], "Launch night of the year"), (DAYS[1], "Budget up"), (date(2027, 1, 1), "Later")]
    layout = charts.trend([line()], DAYS, COUNT, annotations=notes).figure["layout"]
    assert [note["text"] for note in layout["annotations"]] == ["Launch night … +1"]
    assert layout["annotations"][0]["hovertext"] == "Launch night of the year<br>Budget up"
    assert len(layout["shapes"]) == 1


def test_at_most_six_series_then_other():
    lines = [Line(f"L{n}", dict.fromkeys(DAYS, D(n))) for n in range(9)]
    chart = charts.trend(lines, DAYS, COUNT)
    assert [trace["name"] for trace in chart.figure["data"]] == ["L3", "L4", "L5", "L6", "L7", "L8", "Other (3)"]
    assert trace_of(chart, "Other (3)")["y"] == [3] * 8
    assert trace_of(chart, "Other (3)")["line"]["color"] == "role:muted"


def test_rates_are_never_summed_into_other():
    lines = [Line(f"L{n}", dict.fromkeys(DAYS, D(n))) for n in range(9)]
    chart = charts.trend(lines, DAYS, Scale("en", "ratio"), is_additive=False)
    assert len(chart.figure["data"]) == 6
    assert "3 more series are not shown." in chart.summary


@pytest.mark.parametrize(
    "build",
    [
        lambda: charts.trend([Line("A", {})], DAYS, COUNT),
        lambda: charts.trend([], [], COUNT),
        lambda: charts.channel_mix([], COUNT),
        lambda: charts.channel_mix([Part("A", FIRST, None)], COUNT, mode="share"),
        lambda: charts.funnel([], COUNT),
        lambda: charts.funnel([FunnelStep("A", None), FunnelStep("B", None)], COUNT),
        lambda: charts.placements([], COUNT),
        lambda: charts.placements([PlacementBar("A", None)], COUNT),
        lambda: charts.goal_progress([]),
        lambda: charts.pacing(DAYS, {}, {}, COUNT, through=DAYS[0]),
        lambda: charts.pacing([], {}, {}, COUNT, through=FIRST),
    ],
)
def test_without_figures_nothing_is_drawn(build):
    chart = build()
    assert chart.figure["data"] == []
    go.Figure(layout=charts.paint(chart.figure)["layout"])


def test_axes_speak_the_readers_language():
    lines = [Line("Cost", dict.fromkeys(DAYS, D(38000)))]
    chinese = charts.trend(lines, DAYS, YUAN).figure["layout"]
    assert chinese["yaxis"]["ticktext"] == ["¥0", "¥1万", "¥2万", "¥3万", "¥4万"]
    assert chinese["xaxis"]["tickformat"] == "%-m月%-d日"
    english = charts.trend(lines, DAYS, Scale("en", "money", "USD", 2)).figure["layout"]
    assert english["yaxis"]["ticktext"][-1] == "$40K"


def test_shares_of_a_bucket_add_up_to_one():
    parts = [
        Part("SEM", FIRST, D(60)),
        Part("Social", FIRST, D(40)),
        Part("SEM", DAYS[1], D(0)),
        Part("Social", DAYS[1], None),
    ]
    chart = charts.channel_mix(parts, YUAN, mode="share")
    assert [trace["y"] for trace in chart.figure["data"]] == [[0.6, None], [0.4, None]]
    assert chart.figure["data"][0]["customdata"][0] == "¥60 (60.0%)"
    assert chart.table["rows"][0] == [FIRST, "¥60.00", "¥40.00", "¥100.00"]


def test_partial_bars_are_hatched():
    trace = EVERY["mix"]().figure["data"][0]
    assert trace["marker"]["pattern"]["shape"] == [""] * 7 + ["/"]


def test_small_channels_become_other_and_lose_nothing():
    parts = [Part(f"C{n}", FIRST, D(n)) for n in range(1, 10)]
    chart = charts.channel_mix(parts, COUNT)
    assert len(chart.figure["data"]) == 7
    assert sum(trace["y"][0] for trace in chart.figure["data"]) == 45
    assert chart.table["rows"][0][-1] == "45"


def test_a_funnel_tells_the_share_of_the_step_before():
    steps = [
        FunnelStep("Impressions", D(20000)),
        FunnelStep("Clicks", D(500)),
        FunnelStep("Orders", None),
        FunnelStep("Paid", D(5)),
    ]
    chart = charts.funnel(steps, COUNT)
    assert chart.figure["data"][0]["text"] == ["20K", "500 · 2.5% of the step before", "–", "5"]
    assert chart.table["rows"][1] == ["Clicks", "500", "2.50%", "2.50%"]
    assert chart.table["rows"][3] == ["Paid", "5", "–", "0.03%"]
    assert chart.summary == "0.03% of Impressions reach Paid."


def test_goals_show_state_by_word_and_shape_and_stay_in_the_picture():
    chart = EVERY["goals"]()
    bars, words = chart.figure["data"][1], chart.figure["data"][-1]
    assert words["text"] == ["64% ◆ At risk", "300% ● On track", "– ○ No data"]
    assert bars["x"] == [0.64, 1.5, 0]
    assert bars["marker"]["color"] == ["role:warn", "role:ok", "role:muted"]
    assert bars["meta"]["urls"] == ["", "/g/2", ""]
    assert chart.table["rows"][1] == ["GMV", "¥300.00", "¥100.00", "300.0%", "70.0%", "On track"]
    assert chart.summary == "On track 1, At risk 1, No data 1"


def test_pacing_cumulates_and_names_missing_days():
    chart = pace()
    assert trace_of(chart, "Plan")["y"] == [10, 20, 30, 40, 50, 60, 70, 80]
    assert trace_of(chart, "Actual")["y"] == [8, 17, None, 37, None, None, None, None]
    assert chart.summary == "¥37 of ¥40 planned so far (93%). 1 day has no figure."
    assert chart.table["rows"][3] == [DAYS[3], "¥10.00", "¥20.00", "¥40.00", "¥37.00", "-¥3.00"]
    assert chart.table["rows"][2][4:] == ["–", "–"]


def test_pacing_has_room_for_forecast_and_ceiling():
    chart = pace(forecast=FORECAST, ceiling=D(170))
    layout = chart.figure["layout"]
    assert layout["yaxis"]["range"][1] >= 170 and layout["shapes"][0]["y0"] == 170
    assert trace_of(chart, "Forecast range")["y"][0] == 50
    assert trace_of(chart, "Forecast")["y"] == [40, 41, 42, 43]


def test_unassigned_is_always_shown_last():
    rows = [PlacementBar(f"P{n:02}", D(n), url=f"/p/{n}") for n in range(30)] + [
        PlacementBar("Unassigned", D(999), None, True)
    ]
    chart = charts.placements(rows, COUNT, limit=5)
    trace = chart.figure["data"][0]
    assert chart.figure["layout"]["yaxis"]["ticktext"] == [
        "P29",
        "P28",
        "P27",
        "P26",
        "P25",
        "Other (25)",
        "Unassigned",
    ]
    assert trace["x"][-2:] == [sum(range(25)), 999] and trace["marker"]["pattern"]["shape"][-1] == "/"
    assert trace["meta"]["urls"][0] == "/p/29"
    assert len(chart.table["rows"]) == 31 and chart.table["rows"][-1][:2] == ["Unassigned", "999"]
    assert "Unassigned: 999." in chart.summary
    assert len(charts.placements(rows, COUNT, limit=5, is_additive=False).figure["data"][0]["x"]) == 6


def test_two_placements_of_one_name_stay_two():
    trace = charts.placements([PlacementBar("A", D(5)), PlacementBar("A", D(4))], COUNT).figure["data"][0]
    assert trace["x"] == [5, 4] and trace["y"] == [0, 1]


def test_the_twin_writes_figures_and_leaves_days():
    twin = charts.table_twin(["Day", "Cost", "Note"], [[FIRST, D("1234.5"), "x"], [DAYS[1], None, None]], [None, YUAN])
    assert twin == {"head": ["Day", "Cost", "Note"], "rows": [[FIRST, "¥1,234.50", "x"], [DAYS[1], "–", None]]}


def test_both_themes_have_the_same_roles_and_six_different_series():
    assert set(THEMES["light"]) == set(THEMES["dark"])
    for theme in THEMES.values():
        assert len({theme[str(number)] for number in range(1, 7)}) == 6


VALUES = st.none() | st.decimals(-(10**9), 10**9, places=2)


@given(
    st.lists(VALUES, min_size=1, max_size=8),
    st.sampled_from([COUNT, YUAN, Scale("en", "ratio"), Scale("en", "seconds")]),
)
@settings(max_examples=40)
def test_any_series_makes_a_figure_that_holds_it(values, scale):
    series = Line("Any", dict(zip(DAYS, values, strict=False)))
    chart = charts.trend([series], DAYS[: len(values)], scale)
    json.dumps(chart.figure, allow_nan=False)
    low, high = chart.figure["layout"]["yaxis"]["range"]
    for value in values:
        assert value is None or D(low) - 1 <= value <= D(high) + 1
    assert len(chart.table["rows"]) == len(values)


@given(st.lists(st.decimals(-(10**12), 10**12, places=3), max_size=6), st.booleans())
def test_ticks_are_few_and_hold_all_values(values, from_zero):
    ticks = nice_ticks(values, from_zero)
    assert 2 <= len(ticks) <= 8
    assert all(ticks[0] <= value <= ticks[-1] for value in values)
    assert ticks == sorted(set(ticks))
    assert 0 in ticks or not from_zero
