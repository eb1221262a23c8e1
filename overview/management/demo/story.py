"""The demo told by the product's own acts: people, plan, placements, figures."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from accounts.actions import add_member, create_organization, create_person, create_workspace
from accounts.models import User
from analytics.actions.facts import deliver
from analytics.actions.manual import enter_readings
from analytics.actions.pulls import link_of, start_pull
from analytics.actions.ranges import create_range
from analytics.actions.sources import create_source
from analytics.choices import SourceKind
from analytics.connectors import sandbox
from analytics.models import Source
from campaigns import actions as plan
from campaigns.models import Channel, Market, Metric
from core.actor import SYSTEM, Actor
from overview.management.demo import content, figures
from placements import actions as media

DAYS_BACK = 90


@dataclass
class Stage:
    """What the story has put on the stage so far."""

    today: date
    actor: Actor
    people: dict
    channels: dict = field(default_factory=dict)
    metrics: dict = field(default_factory=dict)
    campaigns: dict = field(default_factory=dict)
    accounts: dict = field(default_factory=dict)
    placements: dict = field(default_factory=dict)
    tasks: dict = field(default_factory=dict)

    def day(self, offset):
        return self.today + timedelta(days=offset)


def company(language="en"):
    """People and workspace; returns the owner's actor and the people by key."""
    owner_key, owner_name, *_ = content.PEOPLE[0]
    owner = create_person(
        SYSTEM, email=f"{owner_key}@pharos.example", name=owner_name, password=content.PASSWORD, is_staff=True
    )
    workspace = create_workspace(SYSTEM, owner=owner, language=language, **content.WORKSPACE)
    return Actor(user=owner, workspace=workspace, role="owner"), {owner_key: owner}


def colleagues(stage):
    """The rest of the team and the agencies."""
    for name, kind in content.AGENCIES:
        create_organization(stage.actor, name=name, kind=kind)
    for key, name, role, title, _function in content.PEOPLE[1:]:
        email = f"{key}@pharos.example"
        stage.people[key] = create_person(stage.actor, email=email, name=name, password=content.PASSWORD)
        add_member(stage.actor, email=email, role=role, title=title)


def vocabulary(stage):
    stage.channels = Channel.objects.all().coded()
    stage.metrics = Metric.objects.all().coded()
    rows = [
        f"{day.isoformat()}\tUSD\tCNY\t{figures.dollar_rate(day)}"
        for day in (stage.day(-offset) for offset in range(DAYS_BACK + 1))
    ]
    plan.paste_rates(stage.actor, text="\n".join(rows))


def campaigns(stage):
    """One programme, three campaigns: one over, one live, one in planning."""
    programme = plan.create_programme(stage.actor, name=f"Second half {stage.today.year} 下半年")
    markets = Market.objects.filter(code__in=("CN", "SG"))
    common = {"currency": "CNY", "time_zone": "Asia/Shanghai", "programme": programme}
    live = plan.create_campaign(
        stage.actor,
        name="Winter launch W2 冬季新品上市",
        code=f"WINTER-{stage.today.year}",
        owner=stage.people["wei"],
        start_date=stage.day(-60),
        finish_date=stage.day(29),
        budget_amount=Decimal(1_200_000),
        brand_tone="Calm, exact, a little dry. 冷静、准确、带一点幽默。",
        markets=markets,
        **common,
    )
    autumn = plan.create_campaign(
        stage.actor,
        name="Autumn brand push 秋季品牌月",
        code=f"AUTUMN-{stage.today.year}",
        owner=stage.people["mei"],
        start_date=stage.day(-110),
        finish_date=stage.day(-62),
        budget_amount=Decimal(400_000),
        markets=markets,
        **common,
    )
    spring = plan.create_campaign(
        stage.actor,
        name="Spring refresh 春季焕新",
        code=f"SPRING-{stage.today.year + 1}",
        owner=stage.people["na"],
        start_date=stage.day(30),
        finish_date=stage.day(60),
        budget_amount=Decimal(650_000),
        markets=markets,
        **common,
    )
    stage.campaigns = {"winter": live, "autumn": autumn, "spring": spring}
    plan.move_campaign(stage.actor, campaign=spring, step="start_planning")
    for key, _name, _role, _title, function in content.PEOPLE:
        plan.add_member(stage.actor, campaign=live, user=stage.people[key], function=function)


def winter_plan(stage):
    """Phases, brief in three versions, goals with KPIs and day plans, notes; then the plan is ready."""
    winter = stage.campaigns["winter"]
    for name, start, finish, is_promotion in content.PHASES:
        plan.create_phase(
            stage.actor,
            campaign=winter,
            name=name,
            start_date=stage.day(start),
            finish_date=stage.day(finish),
            is_promotion=is_promotion,
        )
    brief(stage, winter)
    goals(stage, winter)
    for text, kind, start, finish in content.ANNOTATIONS:
        plan.annotate(
            stage.actor,
            campaign=winter,
            text=text,
            kind=kind,
            start_date=stage.day(start),
            finish_date=stage.day(finish),
        )
    walk(stage, winter, "start_planning", "make_ready")


def autumn_told(stage):
    """The campaign before: planned, run and closed."""
    autumn = stage.campaigns["autumn"]
    save(stage, autumn, {"core_goal": "Be remembered when winter comes. 让冬天想起我们。"}, "As presented")
    goal = plan.create_goal(stage.actor, campaign=autumn, title="Be seen 被看见", owner=stage.people["mei"])
    kpi(stage, autumn, goal, "Brand searches 品牌搜索量", "brand_searches", "sem", "increase", "18000", "27000")
    walk(stage, autumn, "start_planning", "make_ready", "launch", "start_closing", "close")


def walk(stage, campaign, *steps):
    """Step by step; the launch overrides what the readiness board still lacks, and says why."""
    for step in steps:
        reason = content.OVERRIDE if step == "launch" else ""
        plan.move_campaign(stage.actor, campaign=campaign, step=step, reason=reason)


def readings(stage):
    """Brand searches, which no platform delivers: written down day by day from the index."""
    for key in ("winter", "autumn"):
        campaign = stage.campaigns[key]
        last = min(campaign.finish_date, stage.day(-1))
        days = [campaign.start_date + timedelta(days=n) for n in range((last - campaign.start_date).days + 1)]
        enter_readings(
            stage.actor,
            campaign=campaign,
            metric=stage.metrics["brand_searches"],
            channel=stage.channels["sem"] if key == "autumn" else None,
            rows=[(day, figures.brand_searches(day)) for day in days],
        )


def brief(stage, campaign):
    sections = dict(content.BRIEF)
    save(stage, campaign, sections, "First version from the kickoff")
    for section, text, note in content.BRIEF_CHANGES:
        sections[section] = text
        save(stage, campaign, sections, note)


def save(stage, campaign, sections, note):
    rows = [{"key": key, "text": text} for key, text in sections.items()]
    plan.save_brief(
        stage.actor, campaign=campaign, sections=rows, personas=content.PERSONAS, offers=content.OFFERS, note=note
    )


def goals(stage, campaign):
    top = plan.create_goal(stage.actor, campaign=campaign, title="Own quiet 拥有安静", owner=stage.people["mei"])
    for title, kpis in content.GOALS:
        goal = plan.create_goal(stage.actor, campaign=campaign, title=title, parent=top, owner=stage.people["wei"])
        for entry in kpis:
            kpi(stage, campaign, goal, *entry)


def kpi(stage, campaign, goal, name, metric, channel, direction, baseline, target):
    row = plan.create_kpi(
        stage.actor,
        goal=goal,
        name=name,
        metric=stage.metrics[metric],
        channel=stage.channels.get(channel),
        direction=direction,
        baseline_value=Decimal(baseline),
        baseline_source="W1 launch, first 90 days",
        baseline_date=stage.day(-120),
        target_value=Decimal(target),
        start_date=campaign.start_date,
        finish_date=campaign.finish_date,
        owner=stage.people["jing"],
    )
    if stage.metrics[metric].kind == "additive":
        plan.spread_target(
            stage.actor, kpi=row, kind="weekday_weights", weights=[Decimal(str(w)) for w in figures.WEEK]
        )


def schedule(stage):
    """Ad accounts and the media schedule of the winter launch with its day plan."""
    winter = stage.campaigns["winter"]
    for account in content.ACCOUNTS:
        stage.accounts[account.key] = media.create_ad_account(
            stage.actor,
            platform=account.platform,
            name=account.name,
            external_id=account.external_id,
            currency=account.currency,
            time_zone="Asia/Singapore" if account.key == "google" else "Asia/Shanghai",
            channel=stage.channels[account.channel],
        )
    kpis = list(winter.kpis.filter(metric__code__in=("conversions", "cpa", "revenue")))
    for line in (*content.LINES, *content.PLANNED_ONLY):
        if line.name:
            placement(stage, winter, line, kpis)


def placement(stage, campaign, line, kpis):
    account = stage.accounts[line.account]
    row = media.create_placement(
        stage.actor,
        campaign=campaign,
        name=line.name,
        channel=stage.channels[line.channel],
        flights=[(stage.day(line.start), stage.day(line.finish))],
        kpis=kpis,
        ad_account=account,
        platform=account.platform,
        owner=stage.people["lei"],
        position=line.position,
        buying_model=line.model,
        currency=account.currency,
        budget_amount=Decimal(line.budget),
        platform_id=line.external_id,
        landing_url="https://petrel.example/w2",
    )
    media.spread_budget(
        stage.actor, placement=row, mode="weekdays", weekdays=[Decimal(str(weight)) for weight in figures.WEEK]
    )
    for state in ("booked", "ready", "live")[: ("planned", "booked", "ready", "live").index(line.state)]:
        row = media.move_placement(stage.actor, placement=row, state=state)
    stage.placements[line.external_id or line.name] = row


def history(stage):
    """90 days of figures as the agencies would have uploaded them; three objects belong to no placement yet."""
    source = create_source(
        stage.actor, kind=SourceKind.FILE, platform="files", name="Agency reports 代理商日报", config={}
    )
    first = stage.day(-DAYS_BACK)
    for account in content.ACCOUNTS:
        link = link_of(source, account.external_id, account.name, account.currency, platform=account.platform)
        lines = [line for line in content.LINES if line.account == account.key]
        deliver(
            stage.actor,
            account_link=link,
            level="campaign",
            day_from=first,
            day_to=stage.day(-1),
            records=[record for line in lines for record in figures.records(line, stage.today, first)],
            is_complete=True,
            origin_id=source.pk,
        )


def ranges(stage):
    """What is expected of the winter launch each day; the dear launch film drives one figure out of its range."""
    for metric, low, high in content.RANGES:
        create_range(
            stage.actor,
            campaign=stage.campaigns["winter"],
            metric=stage.metrics[metric],
            low=Decimal(low),
            high=Decimal(high),
        )


def sandbox_source(stage, port):
    """A source that really pulls: the sandbox channel on loopback, every minute."""
    source = create_source(
        stage.actor,
        kind=SourceKind.JSON,
        platform="sandbox_ads",
        name="Sandbox Ads (sandbox 沙盒)",
        config=sandbox.config(port),
        token=sandbox.TOKEN,
        every_minutes=1,
        look_back_days=3,
        is_sandbox=True,
    )
    start_pull(stage.actor, source=source, day_from=stage.day(-14), day_to=stage.today)


def is_told():
    """Whether the demo (or anybody else) is here already."""
    return User.objects.exists()


def demo_sources():
    return Source._base_manager.filter(is_sandbox=True, archived_at=None).select_related("workspace")
