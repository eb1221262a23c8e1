"""Words that head columns and name kinds and functions in matrices people bring, in English and Chinese."""

import unicodedata

TITLE = {
    *("row", "title", "task", "activity", "activities", "deliverable", "work", "item", "process", "name"),
    *("事项", "任务", "工作", "工作事项", "活动", "名称", "标题", "交付物", "工作内容", "任务名称"),
}
KIND = {"kind", "type", "类型", "种类"}
DUE = {"due", "due date", "deadline", "截止", "截止日期", "到期", "到期日", "到期时间", "完成日期"}
MONEY = {"about money", "money", "涉及金额", "涉及资金"}
YES = {"1", "yes", "y", "true", "x", "是", "有", "√"}
NO = {"", "0", "no", "n", "false", "否", "无"}
KINDS = {
    "task": {"task", "任务"},
    "milestone": {"milestone", "里程碑"},
    "deliverable": {"deliverable", "交付物"},
    "decision": {"decision", "决策", "决策事项", "决定"},
    "section": {"section", "heading", "标题", "分组", "小标题"},
}
FUNCTIONS = {
    "marketing": {"marketing", "strategy", "brand", "市场", "市场部", "营销", "品牌", "策略"},
    "content": {"content", "copy", "editorial", "内容", "内容部", "文案"},
    "design": {"design", "creative", "studio", "设计", "设计部", "创意"},
    "tech": {"tech", "technology", "it", "engineering", "development", "技术", "技术部", "研发"},
    "data": {"data", "analytics", "analysis", "数据", "数据部", "数据分析"},
    "media_agency": {"media agency", "media", "媒介", "媒体代理", "媒介代理", "代理商"},
    "kol": {"kol", "influencer", "达人"},
    "legal": {"legal", "law", "法务", "法务部"},
    "customer_service": {"customer service", "support", "service", "客服", "客服部"},
    "sales": {"sales", "销售", "销售部"},
}


def normal(text):
    """A name without what does not matter: width, case, spaces at its ends and doubled ones."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def kind_of(text):
    """The kind a word names, or None."""
    return next((kind for kind, words in KINDS.items() if normal(text) in words), None)
