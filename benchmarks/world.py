"""What is measured: a campaign with 1,000 KPIs, placements and tasks, a matrix of 200 × 30, and figures of 90 days."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.actions import create_api_key
from analytics.actions.facts import deliver
from analytics.importers.reading import Record
from analytics.models import AccountLink, ExternalObject, ObjectLink, Source
from benchmarks import plans
from campaigns.choices import Function
from campaigns.models import CampaignMember, Channel, Goal, Kpi, Metric
from core.search import segmented
from placements.models import AdAccount, DayAllocation, Flight, Placement
from raci.models import Letter, RaciHolder, RaciRow
from tasks.models import Task
from tests import factories

DAYS = 90
METRICS = ("cost", "impressions", "clicks", "conversions", "revenue")
CHANNELS = ("sem", "social", "programmatic", "edm")
OBJECTS = 30  # counted objects of an account, each linked to a placement
BATCH = 2000


@dataclass
class World:
    """The workspace, its owner and the doors: a signed-in browser and a REST client with a key."""

    workspace: object
    actor: object
    campaign: object
    page: Client
    rest: Client
    today: date
    links: list

    @property
    def first_day(self):
        return self.today - timedelta(days=DAYS - 1)


def build():
    """A workspace with an empty campaign that began two months ago."""
    owner = factories.person(name="Bench Owner")
    workspace = factories.workspace(owner)
    actor = factories.actor_of(owner, workspace)
    today = timezone.localdate()
    start, finish = today - timedelta(days=60), today + timedelta(days=30)
    campaign = factories.campaign(workspace, owner, start_date=start, finish_date=finish, state="live")
    page = Client()
    page.force_login(owner)
    return World(workspace, actor, campaign, page, rest_client(actor), today, [])


def rest_client(actor):
    """A REST client by Bearer key."""
    expires = timezone.now() + timedelta(days=30)
    _key, secret = create_api_key(actor, name="bench", scopes=["*"], expires_at=expires)
    cache.clear()
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept": "application/json"})


def in_batches(model, rows):
    """Write rows made one after another without holding all of them."""
    rows = iter(rows)
    while some := list(islice(rows, BATCH)):
        model._base_manager.bulk_create(some)


def add_plan(world, count=1000):
    """`count` KPIs under 50 goals, and as many placements with a flight and a planned day each."""
    campaign, workspace, owner = world.campaign, world.workspace, world.actor.user
    base = {"workspace": workspace, "campaign": campaign}
    goals = [Goal(**base, title=f"Goal {n}", owner=owner, position=n) for n in range(50)]
    Goal.objects.bulk_create(goals)
    in_batches(Kpi, (kpi(world, goals[n % 50], n) for n in range(count)))
    add_placements(world, count)


def kpi(world, goal, n, _metrics={}):  # noqa: B006 the vocabulary is read once
    if not _metrics:
        _metrics.update({row.code: row for row in Metric.objects.filter(workspace=world.workspace)})
    campaign = world.campaign
    name = f"KPI {n}"
    return Kpi(
        workspace=world.workspace,
        campaign=campaign,
        goal=goal,
        name=name,
        metric=_metrics[METRICS[n % len(METRICS)]],
        baseline_value=10,
        baseline_source="last year",
        target_value=1000,
        start_date=campaign.start_date,
        finish_date=campaign.finish_date,
        owner=world.actor.user,
        position=n % 1000,
        search_text=segmented(name),
    )


def add_placements(world, count, start=0):
    """Placements over four channels, each with a flight of the whole campaign and one planned day."""
    campaign, workspace = world.campaign, world.workspace
    channels = [Channel.objects.get(workspace=workspace, code=code) for code in CHANNELS]
    base = {"workspace": workspace, "campaign": campaign}
    places = [
        Placement(
            **base,
            code=f"P{n}",
            name=f"Placement {n}",
            channel=channels[n % 4],
            owner=world.actor.user,
            platform="google_ads",
            currency=campaign.currency,
            budget_amount=Decimal(1000),
            landing_url="https://www.example.com/landing",
            utm_campaign=f"utm{n}",
            state="live",
            rank=n,
            search_text=segmented(f"P{n} Placement {n}"),
        )
        for n in range(start, start + count)
    ]
    in_batches(Placement, places)
    days = {"start_date": campaign.start_date, "finish_date": campaign.finish_date}
    in_batches(Flight, (Flight(**base, placement=place, **days) for place in places))
    in_batches(DayAllocation, (DayAllocation(**base, placement=place, date=world.today, amount=10) for place in places))


def add_work(world, count=1000, people=50):
    """A work plan with people of all functions on it, a fifth of the tasks in each state."""
    base = {"workspace": world.workspace, "campaign": world.campaign}
    team = [factories.member(world.workspace, name=f"Person {n}") for n in range(people)]
    CampaignMember.objects.bulk_create(
        CampaignMember(**base, user=user, function=Function.values[n % 10]) for n, user in enumerate(team)
    )
    tasks = plans.add_work(world.actor, world.campaign, count, team)
    for n, state in enumerate(("in_progress", "in_review", "blocked", "done")):
        Task.objects.filter(pk__in=[task.pk for task in tasks[n::5]], is_summary=False).update(state=state)
    return tasks


def add_matrix(world, tasks, rows=200, columns=30):
    """A matrix over the first tasks: ten functions and people as columns, two letters of three in each row's cells."""
    base = {"workspace": world.workspace, "campaign": world.campaign}
    lines = [RaciRow(**base, kind="task", task=task, position=n) for n, task in enumerate(tasks[:rows])]
    RaciRow.objects.bulk_create(lines)
    heads = [RaciHolder(**base, kind="function", function=code, position=n) for n, code in enumerate(Function.values)]
    team = CampaignMember.objects.filter(campaign=world.campaign).select_related("user")[: columns - len(heads)]
    heads += [RaciHolder(**base, kind="person", user=one.user, position=10 + n) for n, one in enumerate(team)]
    RaciHolder.objects.bulk_create(heads)
    cells = ((n, m, row, head) for n, row in enumerate(lines) for m, head in enumerate(heads) if (n + m) % 3)
    in_batches(Letter, (Letter(**base, row=row, holder=head, letter=letter_of(n, m)) for n, m, row, head in cells))


def letter_of(n, m):
    """One A and some R in a row; the others are asked or told."""
    return "A" if m in (n % 5, n % 5 + 1) else "RCI"[(n + m) % 7 % 3]


def account_link(world, n, channel=None):
    """An ad account as a file source delivers it."""
    place = Channel.objects.get(workspace=world.workspace, code=channel) if channel else None
    account = AdAccount.objects.create(
        workspace=world.workspace,
        platform="google_ads",
        name=f"Account {n}",
        currency="CNY",
        time_zone="Asia/Shanghai",
        channel=place,
    )
    source = Source.objects.create(
        workspace=world.workspace, kind="file", platform="google_ads", name=f"File {n}", rank=30
    )
    return AccountLink.objects.create(workspace=world.workspace, source=source, ad_account=account)


def records(level, objects, days, *, raised=0):
    """Rows of a report, one for each object and day, made as they are read."""
    for day in days:
        for n in range(objects):
            seed = (n * 7919 + day.toordinal() * 104729) % 9973 + raised
            values = {
                "cost": Decimal(seed) / 100,
                "impressions": Decimal(seed * 31),
                "clicks": Decimal(seed % 977),
                "conversions": Decimal(seed % 53),
                "revenue": Decimal(seed * 3) / 100,
            }
            yield Record(level, f"{level}-{n}", f"Object {n}", None, day, day, None, "", "CNY", values)


def deliver_all(world, link, level, rows, days):
    """One complete delivery of these days by the product's own way in."""
    return deliver(
        world.actor,
        account_link=link,
        level=level,
        day_from=days[0],
        day_to=days[-1],
        records=rows,
        is_complete=True,
        origin_id=uuid7(),
    )


def period(world, count=DAYS):
    """The last `count` days."""
    return [world.today - timedelta(days=n) for n in reversed(range(count))]


def assign(world, link, part):
    """Link each counted object of an account to a placement of the campaign."""
    places = list(Placement.objects.filter(campaign=world.campaign)[part * OBJECTS : (part + 1) * OBJECTS])
    found = ExternalObject.objects.filter(account_link=link, level="campaign").order_by("pk")
    ObjectLink.objects.bulk_create(
        ObjectLink(workspace=world.workspace, object=thing, campaign=world.campaign, placement=place, how="manual")
        for thing, place in zip(found, places, strict=False)
    )
