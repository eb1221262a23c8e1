"""The look of a chart: colours by role for both themes, and the Plotly template `pharos`.

A figure names roles (`role:1`, `role:bad`); the page's script puts in the colours of the theme that is on.
"""

FONT = "Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', system-ui, sans-serif"
SERIES = ("1", "2", "3", "4", "5", "6")
OTHER = "muted"
ROLE = "role:"

_LIGHT = {
    "1": "#3F4FD9",
    "2": "#D97706",
    "3": "#0F8A7E",
    "4": "#B3261E",
    "5": "#3C9BE0",
    "6": "#6B3FA0",
    "ok": "#18794E",
    "warn": "#8F5200",
    "bad": "#C22F35",
    "ink": "#1B1C1E",
    "muted": "#696D75",
    "band": "#F0F0ED",
    "line": "#E4E4DF",
    "surface": "#FFFFFF",
    "accent": "#3F4FD9",
}
_DARK = {
    "1": "#8592FF",
    "2": "#E5672A",
    "3": "#EAD94C",
    "4": "#5FE3E0",
    "5": "#EC9E8A",
    "6": "#96709F",
    "ok": "#4CC38A",
    "warn": "#F0B04E",
    "bad": "#FF7B7F",
    "ink": "#ECEDEF",
    "muted": "#93979F",
    "band": "#1E2024",
    "line": "#292B30",
    "surface": "#17181B",
    "accent": "#6F7DF5",
}


def _with_soft(colours, share):
    """The colours and, for fills, a see-through `-soft` one of each series and status."""
    names = (*SERIES, "ok", "warn", "bad", "muted")
    return colours | {f"{name}-soft": _see_through(colours[name], share) for name in names}


def _see_through(colour, share):
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


THEMES = {"light": _with_soft(_LIGHT, 0.12), "dark": _with_soft(_DARK, 0.2)}


def role(name):
    """A colour by what it stands for."""
    return f"{ROLE}{name}"


def series_role(number):
    """The role of the n-th series (from 0): six colours, then the one of "other"."""
    return SERIES[number] if number < len(SERIES) else OTHER


def hatched(flags):
    """The pattern of bars: those flagged are hatched in their own colour."""
    return {"shape": ["/" if flag else "" for flag in flags], "fillmode": "replace", "size": 6, "solidity": 0.4}


def template():
    """The Plotly template `pharos`: hairlines, no frame, the app's type; its colours are roles as well."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"size": 11, "color": role("muted")},
        "gridcolor": role("line"),
        "linecolor": role("line"),
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 12, "color": role("ink")},
            "colorway": [role(name) for name in SERIES],
            "xaxis": axis | {"spikecolor": role("muted"), "spikethickness": 1, "spikedash": "dot"},
            "yaxis": axis | {"showgrid": True},
            "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": role("surface"),
                "bordercolor": role("line"),
                "font": {"family": FONT, "size": 12, "color": role("ink")},
            },
            "legend": {"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "font": {"size": 12}},
            "bargap": 0.35,
            "barcornerradius": 2,
            "dragmode": False,
        }
    }
