"""The agency of the demo, told by its own acts: a door with two seats, what is granted, given, handed in and asked.

At /door/: the sign-in name is `northlight`, the password `petrel-and-northlight`; the PIN of both seats is 204861.
"""

from decimal import Decimal
from typing import NamedTuple

from accounts.actions import accept_seat, create_grant, invite_seat, make_door
from accounts.backends import reaches_of
from accounts.models import Organization, Seat
from assets import actions as assets
from assets.models import Asset, AssetVersion, OutputStandard, ReviewRoute, ReviewStep
from campaigns import actions as plan
from campaigns.models import Brief
from core.actor import Actor
from overview.management.demo import pictures
from overview.management.demo.review_story import by
from placements import actions as media
from placements.models import Placement
from tasks import actions as work
from tasks.actions.checklist import add_checklist_item
from tasks.actions.states import report_progress
from tasks.models import Task

DOOR, PASSWORD, PIN = "northlight", "petrel-and-northlight", "204861"
SEATS = (  # name, role, e-mail
    ("周颖 Zhou Ying", "lead", "ying@northlight.example"),
    ("Leo Martin", "contributor", "leo@northlight.example"),
)
AREAS = {
    "winter": dict.fromkeys(("brief", "tasks", "assets", "placements", "questions", "reviews", "downloads"), "write"),
    "spring": {"brief": "read", "questions": "write"},
}
TASKS = ("banner", "bids", "daily", "gift_sem", "gift_edm")
LINES = ("oe-p-11", "oe-p-12", "oe-p-13", "New Year red packet 年货节红包")
SHARED = ("core_goal", "personas", "core_message", "offers")
CHECKLIST = (
    "1080×1080 and 1080×1920 两种尺寸",
    "Price in one line 价格一行写完",
    "Logo in the safe area 标志在安全区内",
)


class Piece(NamedTuple):
    """Something the agency makes: code, title, kind, standard, day to hand it in, size of the picture handed in."""

    code: str
    title: str
    kind: str
    standard: str
    due: int
    size: tuple = ()


PIECES = (
    Piece("NL-FEED-12", "Double 12 feed picture 双12 信息流方图", "image", "Feed image 1080×1080", -1),
    Piece("NL-STORY-12", "Double 12 story 双12 竖版全屏", "image", "Story image 1080×1920", 2),
    Piece("NL-BANNER-12", "Double 12 banner 双12 横幅", "image", "Banner 1200×627", 3, (1200, 627)),
    Piece("NL-COPY-12", "Red packet copy 红包文案", "copy", "Social post", 5),
    Piece("NL-KV-GIFT", "Gifting key visual 年货节主视觉", "image", "Main picture 800×800", 9, (800, 800)),
    Piece("NL-FILM-6S", "Six-second cut 6 秒短片", "video", "Vertical video up to 15 s", 12),
)


def agency_of(stage):
    """The door, its seats and grants; tasks, lines and assets that are with them; sections of the brief."""
    agency = Organization.objects.get(name__startswith="Northlight")
    make_door(stage.actor, organization=agency, name=DOOR, password=PASSWORD, may_decide=True)
    for name, role, email in SEATS:
        invitation, _token = invite_seat(stage.actor, organization=agency, role=role, email=email, name=name)
        accept_seat(invitation, name=name, pin=PIN, again=PIN)
    for key, areas in AREAS.items():
        create_grant(stage.actor, organization=agency, campaign=stage.campaigns[key], areas=areas)
    give_tasks(stage, agency)
    give_lines(stage, agency)
    share(stage, agency)
    give_assets(stage, agency)
    talk(stage, agency)


def give_tasks(stage, agency):
    for key in TASKS:
        task = again(stage.tasks[key])
        work.update_task(stage.actor, task=task, organization=agency)
    for text in CHECKLIST:
        add_checklist_item(stage.actor, task=again(stage.tasks["banner"]), text=text)
    report_progress(seat(stage, "leo@"), task=again(stage.tasks["banner"]), progress=60)


def again(task):
    return Task.objects.select_related("campaign", "workspace").get(pk=task.pk)


def give_lines(stage, agency):
    for key in LINES:
        row = Placement.objects.select_related("campaign", "workspace").get(pk=stage.placements[key].pk)
        media.update_placement(stage.actor, placement=row, organization=agency)


def share(stage, agency):
    brief = Brief.objects.select_related("campaign").get(campaign=stage.campaigns["winter"])
    written = brief.versions.get(number=brief.current_number).texts()
    for section in [key for key in SHARED if written.get(key)]:
        plan.share_section(stage.actor, brief=brief, section=section, organization=agency)


def give_assets(stage, agency):
    """Two are handed in: one came back with words, one is approved."""
    standards = {row.name: row for row in OutputStandard.objects.all()}
    route = ReviewRoute.objects.get(campaign=stage.campaigns["winter"], name=route_of(stage).name)
    for piece in PIECES:
        asset = assets.create_asset(
            stage.actor,
            campaign=stage.campaigns["winter"],
            title=piece.title,
            kind=piece.kind,
            code=piece.code,
            organization=agency,
            standard=standards.get(piece.standard),
            route=route,
            due_date=stage.day(piece.due),
            instructions="One claim, no superlatives, the lighthouse stays. 一个卖点，不用绝对化用语，保留灯塔元素。",
            is_required=False,
        )
        if piece.size:
            hand_in(stage, asset, piece)
    decide(stage, "NL-BANNER-12", "changes_required", "The price must stand in one line. 价格请排成一行。")
    decide(stage, "NL-KV-GIFT", "approve", "")


def route_of(stage):
    """One level: the brand looks at it."""
    level = {"position": 0, "name": "Brand 品牌", "functions": ["marketing"], "quorum": "any", "due_days": 2}
    name = "Agency material 代理商物料"
    return assets.create_route(stage.actor, campaign=stage.campaigns["winter"], name=name, levels=[level])


def hand_in(stage, asset, piece):
    actor = seat(stage, "leo@")
    upload = pictures.lighthouse(*piece.size, name=f"{piece.code}_v1.png")
    version = assets.add_version(actor, asset=asset, upload=upload, note="first draft 初稿")
    rows = AssetVersion.objects.select_related("asset", "asset__standard", "file", "workspace")
    assets.check_version(rows.get(pk=version.pk))
    assets.submit_for_review(actor, asset=Asset.objects.get(pk=asset.pk))


def decide(stage, code, decision, words):
    step = ReviewStep.objects.filter(review__asset__code=code, state="open").get()
    asked = set(step.reviewers.values_list("user_id", flat=True))
    brand = by(stage, next(key for key, user in stage.people.items() if user.pk in asked))
    if words:
        share = {"x": 0.3, "y": 0.6, "width": 0.4, "height": 0.16}
        place = {"shape": "box"} | {name: Decimal(str(value)) for name, value in share.items()}
        assets.add_pin(brand, version=step.review.version, text=words, **place)
    assets.give_verdict(brand, step=step, decision=decision, sha256=step.review.sha256, words=words)


def talk(stage, agency):
    """The agency asked and was answered; the client asks and waits."""
    winter, ying = stage.campaigns["winter"], seat(stage, "ying@")
    which = "Which price goes on the banner: with or without the coupon? 横幅写券前价还是券后价？"
    asset = Asset.objects.get(code="NL-BANNER-12")
    question = plan.ask_question(ying, campaign=winter, subject=asset, text=which)
    plan.answer_question(by(stage, "wei"), question=question, answer="1,149 yuan, coupon included. 写券后价 1149 元。")
    plan.ask_question(
        by(stage, "lei"),
        campaign=winter,
        organization=agency,
        text="Can the story be ready a day earlier? The platform reviews slowly. 竖版能提前一天吗？本周平台审核较慢。",
    )
    plan.ask_question(seat(stage, "leo@"), campaign=winter, section="offers", text="Is the gift limited? 赠品限量吗？")


def seat(stage, beginning):
    """A seat at work."""
    row = Seat.objects.select_related("user", "organization__door", "workspace").get(email__startswith=beginning)
    reaches = reaches_of(row.workspace, organization=row.organization)
    return Actor(user=row.user, workspace=row.workspace, door=row.organization.door, seat=row, reaches=reaches)
