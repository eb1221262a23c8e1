"""Reviews of the demo: a route half way, words that came back, a version that is only confirmed, one that passed."""

from typing import NamedTuple

from accounts.models import Membership
from assets import actions
from assets.models import Asset, ReviewStep
from core.actor import Actor

LEVELS = (
    {"position": 0, "name": "Facts 事实核对", "functions": ["data"], "due_days": 1, "criteria": ["accuracy"]},
    {
        "position": 1,
        "name": "Brand 品牌",
        "functions": ["marketing"],
        "quorum": "any",
        "due_days": 2,
        "criteria": ["brand", "compliance", "effect"],
    },
    {"position": 1, "name": "Price 价格", "functions": ["sales"], "due_days": 2, "is_private": True},
)


class Copy(NamedTuple):
    """A text of the winter launch and what happens to it: (who, decision, words or edits) one after the other."""

    title: str
    text: str
    due: int
    said: tuple = ()
    then: str = ""  # the words of the next version
    said_then: tuple = ()


COPIES = (
    Copy(
        "Search ads: headline 搜索广告标题",
        "Haiyan Q3: quiet on every commute\n海雁 Q3，通勤路上安静下来",
        3,
        (("jing", "approve", ""), ("mei", "approve", ""), ("min", "approve", "")),
    ),
    Copy(
        "Launch film: end line 首发片结尾句",
        "Own quiet.\n拥有安静。",
        5,
        (("jing", "approve", ""),),
    ),
    Copy(
        "Newsletter: subject and lead 邮件主题与导语",
        "The quietest headphones of the world, from 999 yuan\n全世界最安静的耳机，999 元起",
        4,
        (
            (
                "jing",
                "changes_required",
                "“The quietest of the world” is an absolute claim. “最安静”属于绝对化用语，请改。",
            ),
        ),
    ),
    Copy(
        "Double 12 banner: price line 双12 横幅价格句",
        "Deposit 50, pays for 100\nFinal price 1,199 yuan\n定金 50 抵 100",
        6,
        (
            ("jing", "approve", ""),
            ("mei", "approve_with_edits", "Final price 1,149 yuan (coupon included) 到手价 1149 元"),
        ),
        "Deposit 50, pays for 100\nFinal price 1,149 yuan, coupon included\n定金 50 抵 100",
        (("jing", "approve", ""),),
    ),
    Copy(
        "Live room: first words 直播间开场白",
        "Good evening! Tonight we switch the noise off, street by street.\n晚上好！今晚我们一条街一条街地关掉噪音。",
        8,
        (("jing", "approve", ""),),
    ),
)


def reviews_of(stage):
    """A route of the winter launch and five texts on their way along it."""
    winter = stage.campaigns["winter"]
    name = "Facts, brand and price 事实、品牌与价格"
    route = actions.create_route(stage.actor, campaign=winter, name=name, levels=LEVELS)
    for copy in COPIES:
        asset = actions.create_asset(
            stage.actor,
            campaign=winter,
            title=copy.title,
            kind="copy",
            maker=stage.people["na"],
            route=route,
            due_date=stage.day(copy.due),
            is_required=False,
        )
        hand_in(stage, asset, copy.text)
        decide(stage, asset, copy.said)
        if copy.then:
            hand_in(stage, asset, copy.then)
            decide(stage, asset, copy.said_then)


def by(stage, key):
    """A colleague at work."""
    user = stage.people[key]
    role = Membership.objects.get(user=user, workspace=stage.actor.workspace).role
    return Actor(user=user, workspace=stage.actor.workspace, role=role)


def hand_in(stage, asset, text):
    maker, asset = by(stage, "na"), Asset.objects.get(pk=asset.pk)
    actions.add_version(maker, asset=asset, text=text, based_on=asset.current_number or None)
    asset = Asset.objects.get(pk=asset.pk)
    actions.submit_for_review(maker, asset=asset)


def decide(stage, asset, said):
    for key, decision, words in said:
        user = stage.people[key]
        step = ReviewStep.objects.filter(review__asset=asset).open_for(user).get()
        how = {"edits": words} if decision == "approve_with_edits" else {"words": words}
        met = {"criteria": {"brand": True, "effect": 1.8}} if "effect" in step.criteria else {}
        actions.give_verdict(by(stage, key), step=step, decision=decision, sha256=step.review.sha256, **how, **met)
