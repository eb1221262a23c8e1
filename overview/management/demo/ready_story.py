"""How ready the demo's winter launch is: accesses in every state, lines that people sign, the launch all the same."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import Membership
from campaigns import actions as plan
from campaigns.actions.access import subjects_of
from core.actor import Actor
from overview.management.demo import story


class Access(NamedTuple):
    """An access; days are offsets from today, `proven` is how many days ago something was `seen`."""

    name: str
    kind: str
    who: str
    level: str
    requested: int | None = None
    granted: int | None = None
    expires: int | None = None
    proven: int | None = None
    seen: str = ""
    address: str = ""


ACCESSES = (
    Access(
        "GA4 property GA4 媒体资源", "tracking", "jing", "admin", -60, -58, 300, 1, "Test order seen 已看到测试订单"
    ),
    Access(
        "Landing page W2 W2 落地页",
        "landing_page",
        "na",
        "edit",
        -40,
        -39,
        proven=12,
        seen="Opened on a phone 手机打开正常",
        address="https://petrel.example/w2",
    ),
    Access("KOL marketplace KOL 接单平台", "tool", "lei", "edit", -30, -3),
    Access("Brand index tool 品牌指数工具", "tool", "jing", "view", -90, -88, -2, 20, "Signed in 登录成功"),
    Access("Customer-service desk 客服工作台", "tool", "na", "view", -2),
    Access("Social listening 舆情监测", "tool", "min", "view"),
)
SEEN_IN_ACCOUNT = "Report pulled 已拉取报表"
LINES = (  # title, who signs, what is needed, evidence, valid for so many days
    (
        "Customer-service shifts of the sale night 大促夜客服排班",
        "na",
        "Shift plan 排班表",
        "12 seats until 02:00, list in the team folder 12 个坐席值守至 02:00，排班表在团队文件夹",
        40,
    ),
    (
        "Stock confirmed 备货确认",
        "wei",
        "Count of the warehouse 仓库盘点",
        "18,400 pieces counted 已盘点 18,400 件",
        2,
    ),
    (
        "Load test of the landing page 落地页压测",
        "jing",
        "Report of the load test 压测报告",
        "4,000 requests a second held for an hour 每秒 4,000 次请求稳定运行一小时",
        40,
    ),
)
OPEN_LINE = (
    "Spring stock is in the warehouse 春季备货已入仓",
    "mei",
    "Count of the warehouse 仓库盘点",
    "",
    60,
)


def accesses_of(stage):
    """Every ad account of the placements, proven; tools and pages in every other state."""
    winter = stage.campaigns["winter"]
    subjects = {subject.id: subject for subject in subjects_of(stage.actor, winter)}
    for number, account in enumerate(stage.accounts.values()):
        expires = None if number else 9
        entry = Access(account.name, "ad_account", "lei", "edit", -75, -70, expires, 2, SEEN_IN_ACCOUNT)
        _access(stage, winter, entry, subjects[account.pk])
    for entry in ACCESSES:
        _access(stage, winter, entry)


def _access(stage, campaign, entry, subject=None):
    requested, granted, expires = (
        None if offset is None else stage.day(offset) for offset in (entry.requested, entry.granted, entry.expires)
    )
    item = plan.add_access_item(
        stage.actor,
        campaign=campaign,
        name=entry.name,
        kind=entry.kind,
        owner=stage.people[entry.who],
        level=entry.level,
        subject=subject,
        address=entry.address,
        requested_date=requested,
        granted_date=granted,
        expires_date=expires,
    )
    if entry.proven:
        at = timezone.now() - timedelta(days=entry.proven)
        kind = "test_event" if entry.kind == "tracking" else "manual"
        plan.prove_access(_as(stage, entry.who), item=item, kind=kind, note=entry.seen, at=at)


def _as(stage, key):
    """The actor that a person of the demo is."""
    user = stage.people[key]
    role = Membership.objects.get(user=user).role
    return Actor(user=user, workspace=stage.actor.workspace, role=role)


def signatures(stage):
    """Lines that people sign: two hold, one ends soon; the spring campaign's is open."""
    for line in LINES:
        _line(stage, stage.campaigns["winter"], *line)
    _line(stage, stage.campaigns["spring"], *OPEN_LINE)


def _line(stage, campaign, title, who, needed, evidence, days):
    line = plan.add_readiness_line(
        stage.actor,
        campaign=campaign,
        title=title,
        owner=stage.people[who],
        needed=needed,
        expires_date=stage.day(days),
    )
    if evidence:
        plan.sign_readiness_line(_as(stage, who), line=line, evidence=evidence, expires_date=line.expires_date)


def launch(stage):
    """The winter launch goes live over what is still red; the reason stays on its board."""
    story.walk(stage, stage.campaigns["winter"], "launch")
