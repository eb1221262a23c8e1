"""The work of the demo's winter launch: tasks with their links, what slipped, and who is responsible for what."""

from typing import NamedTuple


class Work(NamedTuple):
    """A task (0 days: a milestone): phase and parent by place and key, predecessors as typed in the list of tasks."""

    key: str
    phase: int
    title: str
    days: int
    after: str = ""
    who: str = ""
    hours: int = 0
    metric: str = ""
    channel: str = ""
    parent: str = ""
    fixed: tuple = ()  # a day that does not move: where the links put it, within these offsets from today


WORK = (
    # Warm-up
    Work("kickoff", 0, "Kickoff meeting 启动会", 1, "", "wei", 8),
    Work("research", 0, "Search and review mining 搜索与评论洞察", 4, "kickoff", "jing", 24, "brand_searches"),
    Work("persona", 0, "Agree audience personas 确认人群画像", 2, "research", "mei", 10),
    Work("message", 0, "Core message and claims 核心信息与卖点", 3, "persona", "na", 20),
    Work("legal", 0, "Claims checked against the advertising law 卖点合规审核", 2, "message", "mei", 8),
    Work("budget", 0, "Budget split by channel 渠道预算拆分", 2, "persona", "min", 10),
    Work("m_plan", 0, "Plan signed 方案签署", 0, "legal;budget", "mei"),
    Work("film", 0, "Launch film 首发片", 0, "", "", 0, "ctr", "social"),
    Work("film_script", 0, "Script 脚本", 3, "message", "na", 24, "", "social", "film"),
    Work("film_board", 0, "Storyboard 分镜", 2, "film_script", "na", 16, "", "social", "film"),
    Work("film_shoot", 0, "Shooting 拍摄", 2, "film_board;m_plan", "na", 32, "", "social", "film"),
    Work("film_edit", 0, "Edit and sound 剪辑与声音", 5, "film_shoot", "na", 40, "", "social", "film"),
    Work("film_ok", 0, "Final cut approved 成片审批", 1, "film_edit", "mei", 3, "", "social", "film"),
    Work("kv", 0, "Key visual 主视觉", 5, "message", "na", 36, "ctr"),
    Work("page", 0, "Landing page 落地页", 0, "", "", 0, "cvr"),
    Work("page_copy", 0, "Page copy 页面文案", 3, "message", "na", 18, "", "", "page"),
    Work("page_build", 0, "Page built 页面开发", 6, "page_copy;kv:SS+2", "jing", 48, "", "", "page"),
    Work(
        "page_track",
        0,
        "Tracking and test orders 埋点与测试订单",
        2,
        "page_build",
        "jing",
        14,
        "conversions",
        "",
        "page",
    ),
    Work("accounts", 0, "Ad accounts qualified 账户资质与充值", 4, "m_plan", "lei", 12),
    Work("keywords", 0, "Keyword list and negatives 关键词与否词表", 3, "message", "lei", 16, "cpa", "sem"),
    Work(
        "sem_on",
        0,
        "Search campaigns live 搜索投放上线",
        1,
        "keywords;accounts;page_track",
        "lei",
        6,
        "conversions",
        "sem",
    ),
    Work("social_on", 0, "Launch film on air 首发片上线", 1, "film_ok;accounts", "lei", 6, "ctr", "social"),
    # Pre-sale
    Work("kol_list", 1, "KOL shortlist KOL 选号", 4, "persona", "lei", 16, "brand_searches", "social"),
    Work("kol_deal", 1, "Quotes and contracts 报价与签约", 5, "kol_list;budget", "lei", 18, "", "social"),
    Work("kol_brief", 1, "KOL brief KOL Brief 下发", 1, "kol_deal;legal", "na", 6, "", "social"),
    Work("kol_script", 1, "KOL scripts KOL 脚本", 5, "kol_brief", "na", 20, "", "social"),
    Work("kol_ok", 1, "Scripts reviewed 脚本审核", 2, "kol_script", "mei", 8, "", "social"),
    Work("kol_post", 1, "Posts published 笔记发布", 6, "kol_ok", "lei", 8, "brand_searches", "social"),
    Work("offer", 1, "Deposit offer and gift 定金与赠品方案", 3, "m_plan", "min", 14, "revenue"),
    Work("price", 1, "Price promise checked 价格承诺核对", 1, "offer", "min", 4),
    Work("cs_script", 1, "Customer-service answers 客服话术", 3, "offer", "na", 12),
    Work("stock", 1, "Stock confirmed 备货确认", 4, "offer", "min", 10, "revenue"),
    Work("edm_copy", 1, "Newsletter copy 邮件文案", 2, "message;offer", "na", 10, "conversions", "edm"),
    Work("edm_send", 1, "Newsletter sent 邮件发送", 1, "edm_copy;page_track", "lei", 4, "conversions", "edm"),
    Work("retarget", 1, "Retargeting audiences 再营销人群包", 3, "social_on", "jing", 14, "cpa", "social"),
    Work("m_presale", 1, "Pre-sale opens 预售开启", 0, "page_track;price;sem_on", "wei", fixed=(-28, -16)),
    Work("check1", 1, "First optimisation 首轮优化", 6, "m_presale;social_on", "jing", 20, "cpa"),
    Work("report1", 1, "Pre-sale review 预售小结", 2, "check1;kol_post", "jing", 10),
    # Double 12
    Work("live_plan", 2, "Live-stream running order 直播脚本与流程", 6, "report1", "na", 20, "revenue"),
    Work("live_room", 2, "Live room built 直播间搭建", 3, "live_plan", "na", 24),
    Work("live_test", 2, "Dress rehearsal 彩排", 1, "live_room;cs_script", "wei", 8),
    Work("banner", 2, "Double 12 banners 双12 主图与横幅", 8, "report1;kv", "na", 30, "ctr"),
    Work("banner_ok", 2, "Banners approved 物料审批", 2, "banner", "mei", 6),
    Work("bids", 2, "Bids and caps for the wave 大促出价与限额", 2, "report1", "lei", 10, "cpa"),
    Work("load", 2, "Load test 压测", 2, "page_track;report1", "jing", 12, "cvr"),
    Work("m_wave", 2, "Double 12 starts 双12 开始", 0, "banner_ok;bids;load;live_test;stock", "wei", fixed=(2, 6)),
    Work("night", 2, "Launch-night shift 大促夜值守", 2, "m_wave", "wei", 24, "revenue"),
    Work("daily", 2, "Daily steering of budgets 每日调控预算", 4, "night", "lei", 20, "cpa"),
    Work("returns", 2, "Returns and reviews answered 售后与评价回复", 4, "night", "min", 16),
    Work("report2", 2, "Wave review 大促复盘", 2, "daily", "jing", 12),
    # New Year gifting
    Work("gift_idea", 3, "Gift idea and bundle 礼盒方案", 3, "night", "na", 18, "revenue"),
    Work("gift_pack", 3, "Gift box produced 礼盒打样", 5, "gift_idea", "min", 16),
    Work("gift_kv", 3, "Gifting key visual 年货节主视觉", 4, "gift_idea", "na", 26, "ctr"),
    Work("gift_copy", 3, "Gifting copy, two languages 年货节中英文案", 3, "gift_idea", "na", 16, "ctr"),
    Work("gift_ok", 3, "Gifting material approved 年货节物料审批", 2, "gift_kv;gift_copy", "mei", 6),
    Work("gift_sem", 3, "Gift keywords 礼品词投放", 2, "gift_ok;report2", "lei", 10, "conversions", "sem"),
    Work("gift_edm", 3, "Gifting newsletter 年货节邮件", 2, "gift_ok", "lei", 8, "conversions", "edm"),
    Work("m_gift", 3, "Gifting starts 年货节开始", 0, "gift_sem;gift_edm;gift_pack", "wei"),
    Work("steer", 3, "Weekly steering 每周优化", 5, "m_gift", "jing", 20, "roas"),
    Work("final", 3, "Post-campaign review 项目复盘", 3, "steer", "wei", 16),
    Work("m_end", 3, "Campaign closed 项目结束", 0, "final", "mei"),
)
BASELINE = "Signed plan 签署版计划"
SLIPS = (("kol_script", 4), ("kol_deal", 2), ("banner", 2), ("gift_pack", 3))  # key, working days longer than planned
PROBLEM = (  # key of the task, what, who must solve it, days from today
    "gift_pack",
    "The printer cannot deliver the sleeve before New Year. 印厂元旦前交不出封套。",
    "min",
    2,
)
CHECKLIST = {
    "gift_kv": ("Logo area 标志安全区", "Two languages 中英双语", "Source files handed over 源文件交付"),
    "daily": ("Spend against plan 消耗对计划", "Cost per order 获客成本", "Stock left 剩余库存"),
}
DELIVERABLES = {
    "m_plan": ("Signed plan 签署版方案", "Budget sheet 预算表"),
    "m_wave": ("Go / no-go list 上线检查单",),
    "m_end": ("Review deck 复盘报告", "Lessons 经验清单"),
}
TAGS = {"legal": "compliance 合规", "price": "compliance 合规", "kol_ok": "compliance 合规", "load": "tech 技术"}
RECURRING = ("Weekly steering meeting 周例会", "FREQ=WEEKLY;BYDAY=MO", "wei")
FUNCTIONS = (  # function, duties, where they end
    ("marketing", "Plan, decide, approve. 规划、决策、审批。", "Does not edit figures. 不改数据。"),
    ("content", "Copy, film, visuals. 文案、影片、视觉。", "Claims need the approval of marketing. 卖点需市场审批。"),
    ("data", "Tracking, figures, reviews. 埋点、数据、复盘。", "Does not change bids. 不调出价。"),
    ("media_agency", "Accounts, bids, KOL deals. 账户、出价、达人。", "No offers of its own. 不自行承诺优惠。"),
    ("sales", "Price, stock, settlement. 价格、库存、结算。", "No media budgets. 不管媒介预算。"),
)
CONTACTS = (  # topic, who, deputy, hours
    ("Landing page down 落地页故障", "jing", "wei", 1),
    ("Claims and price 卖点与价格", "mei", "wei", 8),
    ("Ad accounts 广告账户", "lei", "jing", 4),
)
LETTERS = (  # key of the task, {function: letters}; "budget" has nobody who answers, "offer" has two
    ("kickoff", {"marketing": "RA", "content": "C", "data": "C", "media_agency": "I", "sales": "I"}),
    ("research", {"data": "R", "marketing": "A", "content": "C"}),
    ("persona", {"marketing": "RA", "data": "C", "content": "C"}),
    ("message", {"content": "R", "marketing": "A", "sales": "C"}),
    ("legal", {"marketing": "RA", "content": "C"}),
    ("budget", {"sales": "R", "media_agency": "C", "data": "I"}),
    ("m_plan", {"marketing": "RA", "sales": "C", "content": "I", "data": "I", "media_agency": "I"}),
    ("film_script", {"content": "R", "marketing": "A"}),
    ("film_shoot", {"content": "R", "marketing": "A", "media_agency": "I"}),
    ("film_ok", {"marketing": "RA", "content": "C"}),
    ("page_build", {"data": "R", "marketing": "A", "content": "C"}),
    ("page_track", {"data": "R", "marketing": "A", "media_agency": "C"}),
    ("accounts", {"media_agency": "R", "marketing": "A", "sales": "I"}),
    ("kol_list", {"media_agency": "R", "marketing": "A", "content": "C"}),
    ("kol_deal", {"media_agency": "R", "marketing": "A", "sales": "C"}),
    ("kol_script", {"content": "R", "marketing": "A", "media_agency": "C"}),
    ("offer", {"sales": "RA", "marketing": "A", "content": "I"}),
    ("stock", {"sales": "RA", "marketing": "I"}),
    ("banner", {"content": "R", "marketing": "A"}),
    ("bids", {"media_agency": "R", "marketing": "A", "data": "C"}),
    ("load", {"data": "RA", "marketing": "I"}),
    ("m_wave", {"marketing": "RA", "data": "C", "media_agency": "C", "sales": "C", "content": "I"}),
    ("gift_pack", {"sales": "R", "marketing": "A", "content": "C"}),
    ("final", {"data": "R", "marketing": "A", "media_agency": "C", "content": "C", "sales": "C"}),
)
