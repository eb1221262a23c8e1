"""The money of the demo: lines, who approved them, what is committed and how far its settlement is."""

from decimal import Decimal
from typing import NamedTuple

from accounts.models import Organization
from campaigns import actions as plan
from core.actor import Actor
from placements import actions as media
from placements.models import Placement


class Line(NamedTuple):
    """A budget line: key, name, category, channel, phase by place, currency, planned, tax."""

    key: str
    name: str
    category: str
    channel: str
    phase: int | None
    currency: str
    planned: str
    tax: str


LINES = (
    Line("search", "Search 搜索推广", "media", "sem", None, "CNY", "240000", "6"),
    Line("feeds", "Social feeds 信息流", "media", "social", None, "CNY", "380000", "6"),
    Line("singapore", "Search Singapore 新加坡搜索", "media", "sem", 1, "USD", "32000", "0"),
    Line("kol", "KOL seeding 达人种草", "kol", "social", 1, "CNY", "140000", "6"),
    Line("film", "Film and key visual 影片与主视觉", "production", "", 0, "CNY", "110000", "6"),
    Line("agency", "Media agency 媒介服务费", "agency", "", None, "CNY", "50000", "6"),
    Line("reserve", "Reserve 机动", "contingency", "", 2, "CNY", "40000", "0"),
)
SPRING = (
    Line("search", "Search 搜索推广", "media", "sem", None, "CNY", "200000", "6"),
    Line("mail", "Newsletter 邮件营销", "technology", "edm", None, "CNY", "30000", "6"),
)
OF_ACCOUNT = {"baidu": "search", "google": "singapore", "ocean": "feeds", "tencent": "feeds"}
WAITING = ("reserve",)


class Order(NamedTuple):
    """A commitment: line, title, agency by place, amount, due in days, its steps (step, amount, number, reason)."""

    line: str
    title: str
    agency: int
    amount: str
    due: int
    steps: tuple = ()


PAID = (("deliver", "110000", "", ""), ("reconcile", "110000", "", ""), ("invoice", "", "NL-2210", ""), ("pay",))
PAID += (("rebate", "5500", "", "5 %"),)
ORDERS = (
    Order(
        "search",
        "Baidu brand zone, weeks 1–4 百度品专 1–4 周",
        0,
        "110000",
        -20,
        PAID,
    ),
    Order("search", "Baidu brand zone, weeks 5–8 百度品专 5–8 周", 0, "110000", 12, (("deliver", "110000", "", ""),)),
    Order("feeds", "Feed frame contract 信息流框架", 0, "240000", 25),
    Order(
        "feeds",
        "Opening screen, launch day 首发日开屏",
        0,
        "60000",
        5,
        (("deliver", "48000", "", ""), ("make_good", "12000", "", "Two more mornings 补两个早晨")),
    ),
    Order(
        "film",
        "Launch film 首发影片",
        1,
        "90000",
        -5,
        (("deliver", "90000", "", ""), ("reconcile", "86000", "", ""), ("invoice", "", "SK-118", "")),
    ),
    Order(
        "kol",
        "Twelve reviewers 十二位测评达人",
        1,
        "96000",
        8,
        (("deliver", "88000", "", ""), ("reconcile", "88000", "", "")),
    ),
    Order("kol", "Live room 直播间", 1, "30000", 0, (("cancel", "", "", "The host fell ill 主播生病"),)),
)


def budget_of(stage):
    """The budget of the winter launch, approved in levels and spent in part; that of the spring is planned only."""
    owner, finance, wei = (_actor(stage, key) for key in ("mei", "min", "wei"))
    plan.create_threshold(owner, from_amount=Decimal(0), role="finance")
    plan.create_threshold(owner, from_amount=Decimal(300_000), role="owner")
    winter = stage.campaigns["winter"]
    lines = _lines(stage, winter, LINES)
    for key, line in lines.items():
        request = plan.ask_for_budget(wei, line=line, amount=line.planned_amount, reason="As planned 按计划")
        if key not in WAITING:
            _approve((finance, owner), request)
            line.refresh_from_db()
    for order in ORDERS:
        _order(stage, lines, wei, finance, order)
    rows = [line for key, line in lines.items() if key not in WAITING]
    plan.lock_budget(finance, campaign=winter, lines=rows)
    _link(stage, lines)
    _lines(stage, stage.campaigns["spring"], SPRING)


def _actor(stage, key):
    roles = {"mei": "owner", "min": "finance", "wei": "manager"}
    return Actor(user=stage.people[key], workspace=stage.actor.workspace, role=roles[key])


def _lines(stage, campaign, lines):
    phases = list(campaign.phases.order_by("start_date"))
    return {
        line.key: plan.create_budget_line(
            stage.actor,
            campaign=campaign,
            name=line.name,
            category=line.category,
            channel=stage.channels.get(line.channel),
            phase=phases[line.phase] if line.phase is not None and phases else None,
            currency=line.currency,
            planned_amount=Decimal(line.planned),
            tax_rate=Decimal(line.tax),
            owner=stage.people["wei"],
        )
        for line in lines
    }


def _approve(deciders, request):
    for actor in deciders[: request.approvals.count()]:
        plan.decide_budget(actor, request=request, decision="approve")


def _order(stage, lines, actor, finance, order):
    agencies = list(Organization.objects.filter(kind="agency").order_by("name"))
    row = plan.commit_budget(
        actor,
        line=lines[order.line],
        title=order.title,
        amount=Decimal(order.amount),
        organization=agencies[order.agency],
        due_date=stage.day(order.due),
    )
    for step, *said in order.steps:
        amount, number, reason = said or ("", "", "")
        amount = Decimal(amount) if amount else None
        row = plan.settle(finance, commitment=row, step=step, amount=amount, number=number, reason=reason)


def _link(stage, lines):
    """Placements point at the line that pays for them, so that what they spend shows there."""
    by_account = {stage.accounts[key].pk: lines[line] for key, line in OF_ACCOUNT.items()}
    for row in Placement.objects.filter(ad_account__in=by_account):
        media.update_placement(stage.actor, placement=row, budget_line=by_account[row.ad_account_id])
