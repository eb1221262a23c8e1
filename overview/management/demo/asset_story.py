"""The demo's material told by the product's own acts: assets in every stage, rights (one expired), slots that wait."""

from typing import NamedTuple

from django.core.files.base import ContentFile

from assets import actions as work
from assets.models import Asset, AssetVersion, OutputStandard, ReviewRoute
from overview.management.demo import pictures
from overview.management.demo.review_story import by, decide
from placements import actions as media

WAY = ("topic", "creation", "editing", "proofreading")


class Piece(NamedTuple):
    """An asset: code, title, kind, the stage it has reached, standard, maker, size of its picture or its words."""

    code: str
    title: str
    kind: str
    stage: str
    standard: str = ""
    maker: str = ""
    size: tuple = ()
    words: str = ""
    lead: int | None = 5
    due: int | None = None  # offset from today
    metric: str = ""
    task: str = ""


PIECES = (
    Piece(
        "TXT-SEM-HEAD",
        "Search headlines 搜索广告标题",
        "copy",
        "proofreading",
        "Search ad headline",
        "na",
        words="海雁 Q3 降噪耳机 通勤安静",
        metric="ctr",
    ),
    Piece(
        "TXT-SEM-DESC",
        "Search descriptions 搜索广告描述",
        "copy",
        "editing",
        "Search ad description",
        "na",
        words="通勤路上，先安静下来。海雁 Q3 冬季新品，七天无理由退换。Quiet on every commute, from 999 yuan.",
    ),
    Piece(
        "TXT-POST",
        "Launch post 首发种草正文",
        "copy",
        "creation",
        "Social post",
        "na",
        words="戴上的那一刻，地铁也安静了。",
    ),
    Piece("TXT-SMS", "Reminder text message 提醒短信", "copy", "topic", "Text message", "", due=9),
    Piece(
        "IMG-FEED-01",
        "Feed picture 信息流方图",
        "image",
        "proofreading",
        "Feed image 1080×1080",
        "na",
        (1080, 1080),
        metric="ctr",
        task="kv",
    ),
    Piece("IMG-BANNER", "Banner 横幅图", "image", "editing", "Banner 1200×627", "na", (1080, 1080), lead=3),
    Piece(
        "IMG-STORY",
        "Story picture 竖版全屏图",
        "image",
        "creation",
        "Story image 1080×1920",
        "na",
        (1080, 1920),
        lead=8,
    ),
    Piece("IMG-POSTER", "Shop poster 门店海报", "image", "approved", "Poster 3:4", "na", (900, 1200), task="kv"),
    Piece(
        "IMG-KV",
        "Key visual 主视觉",
        "image",
        "in_use",
        "Main picture 800×800",
        "na",
        (800, 800),
        task="kv",
        metric="ctr",
    ),
    Piece("IMG-TEASER", "Teaser picture 预热图", "image", "retired", "Feed image 1080×1080", "na", (1080, 1080)),
    Piece(
        "VID-15S",
        "Launch film 15 s 首发片 15 秒",
        "video",
        "topic",
        "Vertical video up to 15 s",
        "",
        lead=6,
        task="film",
    ),
    Piece(
        "EDM-WINTER",
        "Winter mail 冬季新品邮件",
        "edm",
        "creation",
        "E-mail 600–640 px",
        "na",
        words=pictures.EDM,
        due=-2,
    ),
    Piece("H5-LANDING", "Campaign page 活动页", "h5", "topic", "H5 campaign page", "jing", due=4, task="page"),
)
SLOTS = (  # placement (by the order of the schedule), slot, standard, asset
    (0, "Headline 标题", "Search ad headline", "TXT-SEM-HEAD"),
    (0, "Description 描述", "Search ad description", "TXT-SEM-DESC"),
    (2, "Feed picture 信息流图", "Feed image 1080×1080", "IMG-FEED-01"),
    (2, "Story 竖版", "Story image 1080×1920", "IMG-STORY"),
    (3, "Banner 横幅", "Banner 1200×627", "IMG-BANNER"),
    (3, "Film 视频", "Vertical video up to 15 s", "VID-15S"),
    (4, "Main picture 主图", "Main picture 800×800", "IMG-KV"),
    (4, "Second picture 副图", "Main picture 800×800", ""),
)


def assets_of(stage):
    """The material of the winter launch, each piece as far as it has come."""
    winter, standards = stage.campaigns["winter"], {row.name: row for row in OutputStandard.objects.all()}
    for piece in PIECES:
        asset = work.create_asset(
            stage.actor,
            campaign=winter,
            title=piece.title,
            kind=piece.kind,
            code=piece.code,
            standard=standards.get(piece.standard),
            maker=stage.people.get(piece.maker),
            lead_days=piece.lead if piece.due is None else None,
            due_date=None if piece.due is None else stage.day(piece.due),
            task=stage.tasks.get(piece.task),
            kpis=list(winter.kpis.filter(metric__code=piece.metric)) if piece.metric else [],
            instructions="Lighthouse by night, one claim, no superlatives. 夜间灯塔主视觉，一个卖点，不用绝对化用语。",
        )
        if piece.size or piece.words:
            hand_in(stage, asset, piece)
        bring(stage, asset, piece.stage)
    rights_of(stage)


def hand_in(stage, asset, piece):
    """One version; of a text two, so that they can be compared."""
    maker = by(stage, piece.maker)
    if piece.size:
        upload = pictures.lighthouse(*piece.size, name=f"{piece.code}_v1.png")
        version = work.add_version(maker, asset=asset, upload=upload, note="first draft 初稿")
    elif piece.kind == "edm":
        version = work.add_version(maker, asset=asset, upload=ContentFile(piece.words.encode(), "winter.html"))
    else:
        work.add_version(maker, asset=asset, text=piece.words[: len(piece.words) // 2], note="first draft 初稿")
        asset = Asset.objects.get(pk=asset.pk)
        version = work.add_version(maker, asset=asset, text=piece.words, note="longer 补充卖点", based_on=1)
    if version.checked_at is None:
        rows = AssetVersion.objects.select_related("asset", "asset__standard", "file", "workspace")
        work.check_version(rows.get(pk=version.pk))


def bring(stage, asset, target):
    """Along the pipeline by hand as far as a hand reaches, then through its review."""
    asset = Asset.objects.select_related("campaign", "workspace", "standard").get(pk=asset.pk)
    for name in WAY[: WAY.index(target) + 1] if target in WAY else WAY:
        if WAY.index(asset.stage) < WAY.index(name):
            work.move_stage(stage.actor, asset=asset, stage=name)
    if target in WAY:
        return
    work.submit_for_review(
        by(stage, "na"), asset=asset, route=ReviewRoute.objects.filter(campaign=asset.campaign).first()
    )
    decide(stage, asset, (("jing", "approve", ""), ("mei", "approve", ""), ("min", "approve", "")))
    asset = Asset.objects.select_related("campaign", "workspace").get(pk=asset.pk)
    for name in ("in_use", "retired"):
        if asset.stage != target and target != "approved":
            work.move_stage(stage.actor, asset=asset, stage=name)


def rights_of(stage):
    """Who allowed what: one licence holds, one ends soon, one has expired."""
    for code, kind, holder, scope, first, last in (
        ("IMG-KV", "licence", "Studio Kite 纸鸢创意", "Online, China, one year 线上，中国大陆，一年", -60, 300),
        ("IMG-POSTER", "font", "Source Han Sans 思源黑体", "Open Font License", None, None),
        ("IMG-STORY", "release", "Model Zhao 模特赵女士", "Winter campaign 冬季活动", -40, 10),
        ("IMG-BANNER", "music", "Harbour Sounds 港湾音乐", "Until the end of autumn 至秋季结束", -120, -6),
    ):
        work.add_right(
            stage.actor,
            asset=Asset.objects.get(code=code),
            kind=kind,
            holder=holder,
            scope=scope,
            start_date=None if first is None else stage.day(first),
            finish_date=None if last is None else stage.day(last),
        )


def slots_of(stage):
    """Slots of the placements: most are planned, one is still empty."""
    placements = list(stage.placements.values())
    standards = {row.name: row for row in OutputStandard.objects.all()}
    for place, name, standard, code in SLOTS:
        media.create_slot(
            stage.actor,
            placement=placements[place],
            name=name,
            standard=standards.get(standard),
            asset=Asset.objects.get(code=code) if code else None,
        )
