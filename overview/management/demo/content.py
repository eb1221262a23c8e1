"""What the demo tells: invented people, campaigns, placements. Days are offsets from today."""

from decimal import Decimal
from typing import NamedTuple

PASSWORD = "lighthouse-demo"
WORKSPACE = {"name": "海雁音频 Petrel Audio", "slug": "petrel", "time_zone": "Asia/Shanghai", "currency": "CNY"}
PEOPLE = (  # key, name, role, job title, function in the campaign
    ("mei", "林梅 Lin Mei", "owner", "Marketing director", "marketing"),
    ("wei", "张伟 Zhang Wei", "manager", "Campaign manager", "marketing"),
    ("jing", "陈静 Chen Jing", "member", "Data analyst", "data"),
    ("lei", "王磊 Wang Lei", "member", "Media buyer", "media_agency"),
    ("na", "李娜 Li Na", "member", "Content lead", "content"),
    ("min", "赵敏 Zhao Min", "finance", "Finance partner", "sales"),
)
AGENCIES = (("Northlight Media 北光传媒", "agency"), ("Studio Kite 纸鸢创意", "agency"))


class Account(NamedTuple):
    """An ad account: key, platform, name, id there, currency, channel code."""

    key: str
    platform: str
    name: str
    external_id: str
    currency: str
    channel: str


ACCOUNTS = (
    Account("baidu", "baidu_search", "海雁-百度推广", "bd-31077", "CNY", "sem"),
    Account("ocean", "ocean_engine", "海雁-巨量引擎", "oe-88120", "CNY", "social"),
    Account("tencent", "tencent_ads", "海雁-腾讯广告", "tx-40912", "CNY", "social"),
    Account("google", "google_ads", "Petrel Audio SG", "ga-552-901", "USD", "sem"),
    Account("edm", "edm", "Petrel newsletter", "edm-1", "CNY", "edm"),
)


class Line(NamedTuple):
    """A placement and the figures of its object: impressions a day, CTR, cost per click, CVR, order value."""

    account: str
    external_id: str
    name: str
    object_name: str
    channel: str
    position: str
    model: str
    budget: str
    start: int
    finish: int
    impressions: int
    ctr: str
    cpc: str
    cvr: str
    order: str
    state: str = "live"
    matched: bool = True


LINES = (
    Line(
        "baidu",
        "bd-c-01",
        "Brand words 品牌词",
        "海雁_品牌词_PC+M",
        "sem",
        "搜索首位 Top of search",
        "cpc",
        "90000",
        -60,
        29,
        6200,
        "0.082",
        "1.90",
        "0.061",
        "899",
    ),
    Line(
        "baidu",
        "bd-c-02",
        "Category words 品类词",
        "海雁_降噪耳机_品类词",
        "sem",
        "搜索结果 Search results",
        "cpc",
        "160000",
        -60,
        29,
        21500,
        "0.031",
        "3.60",
        "0.024",
        "879",
    ),
    Line(
        "ocean",
        "oe-p-11",
        "Feed launch film 信息流首发片",
        "冬季新品_首发视频_A",
        "social",
        "信息流 Feed 9:16",
        "ocpm",
        "260000",
        -45,
        20,
        148000,
        "0.014",
        "1.35",
        "0.016",
        "859",
    ),
    Line(
        "ocean",
        "oe-p-12",
        "Feed retargeting 信息流再营销",
        "冬季新品_再营销_加购未付",
        "social",
        "信息流 Feed 9:16",
        "ocpm",
        "84000",
        -30,
        29,
        38000,
        "0.021",
        "1.60",
        "0.034",
        "869",
    ),
    Line(
        "ocean",
        "oe-p-13",
        "Live stream booster 直播间引流",
        "直播间_引流_1212",
        "live_stream",
        "直播 Live",
        "cpc",
        "66000",
        -14,
        18,
        52000,
        "0.026",
        "1.10",
        "0.019",
        "819",
    ),
    Line(
        "tencent",
        "tx-a-21",
        "Moments card 朋友圈卡片",
        "朋友圈_新品_降噪",
        "social",
        "朋友圈 Moments",
        "cpm",
        "120000",
        -40,
        12,
        96000,
        "0.011",
        "1.85",
        "0.015",
        "889",
    ),
    Line(
        "tencent",
        "tx-a-22",
        "Video account 视频号",
        "视频号_开箱_KOL混剪",
        "social",
        "视频号 Channels",
        "ocpm",
        "70000",
        -25,
        29,
        44000,
        "0.016",
        "1.40",
        "0.013",
        "869",
    ),
    Line(
        "google",
        "1001",
        "Singapore brand search",
        "SG_brand_exact",
        "sem",
        "Search",
        "cpc",
        "9000",
        -60,
        29,
        2400,
        "0.094",
        "0.62",
        "0.052",
        "139",
    ),
    Line(
        "google",
        "1002",
        "Singapore generic search",
        "SG_noise-cancelling_phrase",
        "sem",
        "Search",
        "cpc",
        "15000",
        -60,
        29,
        7800,
        "0.036",
        "1.05",
        "0.021",
        "129",
    ),
    Line(
        "edm",
        "edm-7",
        "Newsletter series 会员邮件",
        "newsletter-winter",
        "edm",
        "Newsletter",
        "fixed",
        "12000",
        -50,
        25,
        5200,
        "0.047",
        "0.35",
        "0.043",
        "849",
    ),
    Line(
        "ocean",
        "oe-p-19",
        "",
        "测试_素材对比_勿删",
        "social",
        "",
        "ocpm",
        "0",
        -18,
        0,
        26000,
        "0.012",
        "1.45",
        "0.010",
        "839",
        matched=False,
    ),
    Line(
        "tencent",
        "tx-a-29",
        "",
        "公众号_底部_补量",
        "social",
        "",
        "cpm",
        "0",
        -9,
        0,
        31000,
        "0.009",
        "1.70",
        "0.008",
        "829",
        matched=False,
    ),
    Line(
        "google",
        "1009",
        "",
        "SG_display_trial",
        "programmatic",
        "",
        "cpm",
        "0",
        -12,
        0,
        18000,
        "0.004",
        "0.80",
        "0.006",
        "119",
        matched=False,
    ),
)
PLANNED_ONLY = (
    Line(
        "ocean",
        "",
        "New Year red packet 年货节红包",
        "",
        "social",
        "信息流 Feed",
        "ocpm",
        "140000",
        12,
        29,
        0,
        "0",
        "0",
        "0",
        "0",
        "booked",
    ),
    Line(
        "baidu",
        "",
        "Brand zone 品牌专区",
        "",
        "sem",
        "品牌专区 Brand zone",
        "cpt",
        "88000",
        5,
        29,
        0,
        "0",
        "0",
        "0",
        "0",
        "planned",
    ),
    Line(
        "tencent",
        "",
        "KOL unboxing 达人开箱",
        "",
        "kol",
        "视频号 Channels",
        "fixed",
        "96000",
        3,
        24,
        0,
        "0",
        "0",
        "0",
        "0",
        "planned",
    ),
)
DEAR_DAYS = 5  # the launch film has become expensive for that many days: its CPA leaves the range
DEAR_FACTOR = Decimal("1.85")
DEAR = "oe-p-11"

PHASES = (  # name, start, finish, is promotion
    ("Warm-up 预热", -60, -31, False),
    ("Pre-sale 预售", -30, -12, False),
    ("Double 12 wave 双12", -11, 6, True),
    ("New Year gifting 年货节", 7, 29, True),
)
ANNOTATIONS = (  # text, kind, start, finish
    ("Launch film goes live 首发片上线", "change", -45, -45),
    ("Pre-sale opens 预售开启", "promotion", -30, -12),
    ("Landing page slow for three hours 落地页变慢三小时", "incident", -21, -21),
    ("Double 12 wave 双12大促", "promotion", -11, 6),
    ("Bids of the launch film raised 首发片提价", "change", -5, -5),
)
BRIEF = {
    "strategic_intent": "Make Petrel the first name that comes to mind for noise cancelling under ¥1,000.\n\n"
    "让海雁成为千元以内降噪耳机的第一联想。",
    "core_goal": "- 30,000 orders of the W2 in the first 90 days 90 天内售出 3 万副 W2\n"
    "- Cost per order under ¥85 获客成本低于 85 元",
    "core_message": "**Hear only what matters.** 只听见重要的。\n\n"
    "Three proofs: 48 dB, 60 hours, 5.2 g lighter than before.",
    "channels": "Search for those who look, feed for those who scroll, live stream for those who ask.\n\n"
    "搜索接住主动需求，信息流制造需求，直播间解答疑问。",
    "kpis": "Orders, cost per order, brand searches, click rate of the feed.",
    "budget_frame": "¥1.2 million net media, 8 % reserve. 净媒体预算 120 万元，机动 8%。",
}
BRIEF_CHANGES = (
    ("offers", "W2 at ¥899, ¥50 deposit doubles to ¥100 in pre-sale. 预售 50 抵 100。", "Pre-sale offer agreed"),
    (
        "core_message",
        "**Hear only what matters.** 只听见重要的。\n\nThree proofs: 48 dB, 60 hours, made from recycled shells.",
        "Third proof replaced after the lab report",
    ),
)
PERSONAS = (
    {
        "name": "Commuter 通勤族",
        "description": "25–34, metro 40 minutes each way",
        "needs": "Quiet, comfort",
        "channels": "Feed, search",
    },
    {
        "name": "Remote worker 居家办公",
        "description": "28–40, calls all day",
        "needs": "Clear voice",
        "channels": "Search, newsletter",
    },
)
OFFERS = (
    {
        "name": "W2 pre-sale 预售",
        "price": "CNY 899",
        "deposit": "CNY 50",
        "gift": "Travel case 收纳包",
        "terms": "One per account",
    },
)
GOALS = (  # title, children: (KPI name, metric, channel, direction, baseline, target)
    (
        "Win the category in its first 90 days 首季占领品类",
        (
            ("Orders 订单", "conversions", None, "increase", "9800", "30000"),
            ("Cost per order 获客成本", "cpa", None, "decrease", "112", "85"),
        ),
    ),
    (
        "Be searched by name 被主动搜索",
        (
            ("Brand searches 品牌搜索量", "brand_searches", None, "increase", "41000", "62000"),
            ("Click rate of social ads 社媒点击率", "ctr", "social", "increase", "0.0105", "0.0140"),
        ),
    ),
    (
        "Sell at a healthy return 健康回报",
        (
            ("Revenue 收入", "revenue", None, "increase", "8600000", "24000000"),
            ("Return on ad spend 投产比", "roas", None, "increase", "5.2", "7.5"),
        ),
    ),
)
RANGES = (  # metric, low, high; the launch film's price drives the first two out of range
    ("cpa", "70", "90"),
    ("cpc", "1.60", "2.10"),
    ("ctr", "0.015", "0.025"),
    ("cvr", "0.018", "0.030"),
    ("roas", "8.5", "14"),
)

OVERRIDE = (
    "The media is bought and the day is fixed; what is open is closed in the first week. "
    "媒体已购、上线日已定，遗留项在首周内补齐。"
)
