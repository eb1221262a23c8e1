"""Remarks of the demo: on a picture with a thread, and on the first draft of a text that has a second one since."""

from decimal import Decimal

from assets import actions
from assets.models import AssetVersion
from overview.management.demo.review_story import by

RELATED = ("asset__campaign", "asset__workspace", "campaign", "workspace")
UNFINISHED = ("creation", "editing", "proofreading")
ON_PICTURE = (
    (
        "jing",
        {"shape": "point", "x": "0.30", "y": "0.42"},
        "“Quietest ever” is an absolute claim. 绝对化用语，请改。",
        True,
    ),
    (
        "mei",
        {"shape": "box", "x": "0.58", "y": "0.18", "width": "0.30", "height": "0.5"},
        "More light here. 提亮。",
        True,
    ),
    ("mei", {"shape": "point", "x": "0.16", "y": "0.84"}, "Button in the brand colour. 按钮改为品牌色。", False),
)


def remarks_of(stage):
    """Three remarks on a picture, one of them settled and one answered; one on words that changed since."""
    rows = AssetVersion.objects.select_related(*RELATED).filter(asset__stage__in=UNFINISHED)
    picture = rows.current().filter(asset__kind="image").order_by("asset__position", "asset_id").first()
    if picture is not None:
        said = [put(stage, picture, *remark) for remark in ON_PICTURE]
        actions.answer_pin(
            by(stage, "na"), pin=said[0], text="Changed to “quiet on every commute”. 已改为“通勤路上安静下来”。"
        )
        actions.resolve_pin(by(stage, "mei"), pin=said[2])
    draft = rows.filter(asset__kind="copy", number=1, asset__current_number=2).exclude(text="").first()
    if draft is not None:
        words = {"shape": "range", "start": 0, "end": min(12, len(draft.text))}
        put(stage, draft, "jing", words, "Say what it does first. 先说功能。", True)


def put(stage, version, who, place, text, is_blocking):
    place = {
        name: Decimal(value) if isinstance(value, str) and name != "shape" else value for name, value in place.items()
    }
    return actions.add_pin(by(stage, who), version=version, text=text, is_blocking=is_blocking, **place)
