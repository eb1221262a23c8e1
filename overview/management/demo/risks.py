"""The risks of the winter launch: the register, a playbook of its own, what went wrong, and a drill that runs."""

from typing import NamedTuple


class Danger(NamedTuple):
    """A risk: class, probability × impact before and after, people by key, days until its review, links by key."""

    title: str
    risk_class: str
    before: tuple
    after: tuple | None = None
    owner: str = "wei"
    deputy: str = ""
    review: int = 14
    state: str = "monitored"
    response: str = ""
    description: str = ""
    playbook: str = ""
    metric: str = ""
    task: str = ""


REGISTER = (
    Danger(
        "Reviews say the warm light is too dim 差评：暖光不够亮",
        "public_opinion",
        (4, 3),
        (2, 3),
        "mei",
        "wei",
        3,
        response="Answer every review within two hours; send the brighter bulb free of charge. "
        "两小时内回复每条评价，免费寄送更亮的灯泡。",
        description="Three posts with pictures since the pre-sale; one blogger asks for a statement. "
        "预售以来已有三篇带图笔记，一位博主要求官方回应。",
        playbook="negative_pr",
        metric="brand_searches",
    ),
    Danger(
        "KOL posts are taken down for a missing ad label 达人笔记未标广告被下架",
        "channel_policy",
        (3, 4),
        (1, 4),
        "lei",
        "na",
        -2,
        response="The label stands in the brief and is checked before each post. Brief 注明广告标识，逐条核对。",
        playbook="channel_policy",
        task="kol_post",
    ),
    Danger(
        "Landing page breaks under Double 12 load 双12 落地页被压垮",
        "technical",
        (3, 5),
        (2, 4),
        "jing",
        "wei",
        1,
        response="Load test with three times the traffic; static page ready. 三倍流量压测，备好静态页。",
        playbook="technical_failure",
        metric="cvr",
        task="load",
    ),
    Danger(
        "Clicks get dearer in the wave week 大促周点击成本上涨",
        "budget",
        (4, 2),
        (3, 2),
        "lei",
        "min",
        5,
        response="Daily caps; 10 % kept back for the last two days. 设日限额，预留一成给最后两天。",
        playbook="budget_overrun",
        metric="cpa",
        task="bids",
    ),
    Danger(
        "“Healthiest lamp” is an absolute term “最健康的灯”属绝对化用语",
        "legal",
        (2, 4),
        (1, 4),
        "mei",
        "",
        21,
        response="Claims list signed by legal before copy is written. 先由法务签署卖点清单再写文案。",
        task="legal",
    ),
    Danger(
        "The printer is late with the gift sleeve 印厂封套延期",
        "supplier",
        (4, 4),
        (3, 2),
        "min",
        "na",
        2,
        "triggered",
        "Plain box with a sticker as second choice; decided by Friday. 备选：素盒加贴纸，周五前定。",
        task="gift_pack",
    ),
    Danger("The film's music licence ends in January 首发片音乐授权一月到期", "legal", (2, 2), None, "na", "", 30),
    Danger(
        "Stock of the brass version does not last 黄铜款库存不足",
        "other",
        (3, 3),
        None,
        "min",
        "",
        -1,
        "identified",
        metric="revenue",
    ),
)
OWN = ("technical_failure", "Launch night: page or payment fails 大促夜：页面或支付故障")
OWN_STEP = ("Ring the on-call engineer of the shop platform 电话联系店铺平台值班工程师", "tech", 10)
DONE = ("page_track", "Tracking event lost after an update 更新后埋点丢失")
FIGURES = (("Orders without tracking 未追踪订单", "143"), ("Share of orders 占比 %", "18.5"))
POST_MORTEM = {
    "what_happened": "An update of the page removed the purchase event for five hours. 更新后购买事件丢失五小时。",
    "cause": "The tag was pasted by hand and not part of the release. 标签为手工粘贴，未纳入发布流程。",
    "went_well": "Seen within an hour, thanks to the figure of the day before. 对比前一日数据，一小时内发现。",
    "went_badly": "Nobody knew who may roll back. 无人清楚谁有权回滚。",
    "recovery": "Event back at 15:20; orders of the gap loaded by file. 15:20 恢复，缺口订单以文件补录。",
    "lesson": "The test order is part of every release, and its result is posted in the group. "
    "每次发布都包含测试订单，结果发到群里。",
}
