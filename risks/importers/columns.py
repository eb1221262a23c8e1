"""What the columns of other people's registers mean."""

import re

from django.utils.translation import gettext_lazy as _

TARGETS = {
    "notes": _("keep in the notes"),
    "code": _("code"),
    "title": _("title"),
    "description": _("description"),
    "risk_class": _("class"),
    "state": _("state"),
    "probability": _("probability"),
    "impact": _("impact"),
    "probability_after": _("probability after"),
    "impact_after": _("impact after"),
    "response": _("response"),
    "owner": _("owner"),
    "deputy": _("deputy"),
    "review_date": _("review on"),
    "lesson": _("lesson"),
    "skip": _("leave out"),
}
WORDS = {  # a title that is one of these means the target
    "code": "id, no, number, risk id, risk no, ref, reference, code, incident id, 编号, 序号, 风险编号",
    "title": "risk, title, name, risk title, risk name, event, root cause, 风险, 风险名称, 风险点, 风险事件, 标题",
    "description": "description, risk description, details, 描述, 风险描述, 说明",
    "risk_class": "category, class, type, risk category, risk type, 类别, 风险类别, 分类, 类型",
    "state": "status, state, risk status, 状态, 风险状态",
    "probability": "probability, likelihood, initial likelihood, chance, 概率, 可能性, 发生概率",
    "impact": "impact, severity, consequence, initial risk, initial impact, effect, 影响, 影响程度, 严重程度, 后果",
    "probability_after": "residual likelihood, residual probability, probability after, 剩余概率, 处置后概率",
    "impact_after": "residual risk, residual impact, impact after, 剩余影响, 剩余风险, 处置后影响",
    "response": "response, mitigation, mitigation strategy, mitigation plan, treatment, action, countermeasure, "
    "controls, 应对措施, 应对策略, 措施, 对策, 预案",
    "owner": "owner, risk owner, responsible, 负责人, 责任人, 风险负责人",
    "deputy": "deputy, 副手, 代理人",
    "review_date": "review date, review on, review, next review, 复核日期, 复查日期, 评审日期",
    "lesson": "lesson, lessons, lessons learned, 经验, 经验教训, 教训",
}
MEANS = {word.strip(): target for target, words in WORDS.items() for word in words.split(",")}
SECOND = {"probability": "probability_after", "impact": "impact_after"}  # what a title means the second time


def normal(text):
    return " ".join(re.sub(r"[_\W]+", " ", text.lower()).split())


def guess(titles):
    """The target of each column: by its title; every target but the notes is given once."""
    found = []
    for title in titles:
        target = MEANS.get(normal(title), "notes")
        if target in found:
            target = SECOND.get(target, "notes")
        found.append("notes" if target in found else target)
    return tuple(found)


CLASSES = (  # the first one a word of which stands in the text
    ("channel_policy", "policy, platform rule, 政策, 平台规则, 渠道"),
    ("public_opinion", "public, reputation, brand, media, pr, opinion, 舆情, 舆论, 声誉, 公关"),
    ("legal", "legal, compliance, regulatory, contract, law, license, 法律, 法务, 合规, 合同"),
    ("budget", "budget, cost, financial, finance, cash, money, 预算, 财务, 资金, 成本"),
    ("supplier", "supplier, vendor, procurement, supply, agency, partner, 供应商, 采购, 供应链, 代理"),
    ("technical", "technical, technology, system, data, security, it, software, downtime, process, 技术, 系统, 数据"),
)
STATES = {
    "identified": "identified, new, proposed, 已识别, 新增, 待评估",
    "monitored": "monitored, monitoring, watching, accepted, open, active, 监控中, 监控, 开放, 进行中",
    "triggered": "triggered, occurred, realised, realized, materialised, 已触发, 已发生",
    "handling": "handling, in treatment, mitigating, in progress, 处理中, 处置中, 应对中",
    "closed": "closed, retired, done, resolved, 已关闭, 关闭, 已解决",
    "lesson": "lesson, 经验",
}


def class_of(text):
    """The class a text names, or None: by its own value, else by a word of it."""
    plain = normal(text)
    if plain.replace(" ", "_") in {value for value, _words in CLASSES}:
        return plain.replace(" ", "_")
    words = set(plain.split())
    for value, listed in CLASSES:
        for word in map(str.strip, listed.split(",")):
            if word in words or (not word.isascii() and word in plain) or (" " in word and word in plain):
                return value
    return None


def state_of(text):
    """The state a text names or begins with, or None."""
    plain = normal(text)
    for value, listed in STATES.items():
        if any(plain == word or plain.startswith(f"{word} ") for word in map(str.strip, listed.split(","))):
            return value
    return None
