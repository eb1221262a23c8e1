"""The dashboard over all figures: its shell, each card, and the drill-down against plain SQL."""

from types import SimpleNamespace

from django.db import connection, transaction
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from analytics.api.facts import FactFilter
from analytics.models import Fact, ObjectLink
from analytics.querysets import FactQuerySet
from analytics.store import dialect
from analytics.views import parts
from benchmarks.measure import cpu_ms, emit, in_turn, queries
from benchmarks.world import DAYS
from campaigns.models import Kpi

OWN_BARS = {"campaign goals": "-"}  # with a thousand KPIs: see few_kpis


def measure(world, options):
    """Shell and cards of the campaign and of the workspace, the REST summary, and facts one by one."""
    emit("dashboard: facts", Fact.objects.filter(workspace=world.workspace).count(), "facts", "-")
    slug, code, asked = world.workspace.slug, world.campaign.code, f"?from={world.first_day}&to={world.today}"
    for title, name, args in (("campaign", "dashboard", [slug, code]), ("workspace", "data-dashboard", [slug])):
        try:
            shell = reverse(f"analytics:{name}", args=args) + asked
        except NoReverseMatch:
            continue
        figure(world.page, f"dashboard of the {title}, shell", shell, "<= 12", "<= 40")
        for part, url in cards(world, name, args):
            bar = OWN_BARS.get(f"{title} {part}", "<= 25")
            figure(world.page, f"dashboard of the {title}, card {part}", url + asked, "-", bar)
    few_kpis(world, asked)
    summary(world)
    drill_down(world)


def few_kpis(world, asked, count=100):
    """The card of goals in a campaign that has as many KPIs as a large one may have; the world's has a thousand."""
    url = reverse("analytics:dashboard-part", args=[world.workspace.slug, world.campaign.code, "goals"])
    with transaction.atomic():
        Kpi.objects.filter(campaign=world.campaign, position__gte=count).delete()
        figure(world.page, f"dashboard of a campaign of {count} KPIs, card goals", url + asked, "-", "<= 25")
        transaction.set_rollback(True)


def cards(world, name, args):
    """(name, address) of each card that this page offers."""
    found = []
    for part in parts.PARTS:
        url = reverse(f"analytics:{name}-part", args=[*args, part])
        if world.page.get(url).status_code == 200:
            found.append((part, url))
    return found


def figure(client, title, url, query_bar, cpu_bar):
    """Queries and CPU-ms of one address, which must answer with 200: an error page is no figure."""
    answered = client.get(url).status_code
    if answered != 200:
        raise SystemExit(f"{url} answered {answered}")
    emit(f"{title}: queries", queries(lambda: client.get(url)), "queries", query_bar)
    emit(f"{title}: cpu", cpu_ms(lambda: client.get(url), runs=10), "CPU-ms", cpu_bar)


def summary(world):
    url = reverse("api:facts-summary") + f"?from={world.first_day}&to={world.today}&campaign={world.campaign.code}"
    figure(
        world.rest, f"rest summary of {DAYS} days by day", f"{url}&group_by=day&metrics=cost,clicks", "<= 8", "<= 25"
    )


def drill_down(world):
    """Facts of one account's ads over 90 days, and those of a placement, as REST lists them; what REST asks for the
    cost of these ads against the same rows by plain SQL."""
    account, days = f"account={world.links[0].ad_account_id}", f"start={world.first_day}&end={world.today}"
    placement = ObjectLink.objects.filter(object__account_link=world.links[0]).values_list("placement_id", flat=True)[0]
    asked = {"": f"{account}&{days}", " of a placement": f"placement={placement}&{days}", " of all": ""}
    for of, query in asked.items():
        url = f"{reverse('api:facts-list')}?{query}&limit=100"
        figure(world.rest, f"drill-down to 100 facts{of}", url, "<= 8", "<= 25")
    rows = asked_by_rest(world, f"{account}&{days}&metric=cost&level=ad&breakdown=")
    through_rest, plain = in_turn(lambda: list(rows.all()), lambda: raw(world))
    emit("drill-down against plain SQL", through_rest, "CPU-ms", "<= 2", plain)


def asked_by_rest(world, query):
    """What the list of figures asks of the database for this query, with four columns of a thousand rows."""
    request = SimpleNamespace(_request=SimpleNamespace(actor=world.actor))
    rows = FactFilter(QueryDict(query), queryset=FactQuerySet(Fact).visible_to(world.actor), request=request).qs
    return rows.order_by("-id").values_list("object__name", "date_from", "value", "currency")[:1000]


def raw(world):
    """The same by hand: the newest of the account are walked, which SQLite has to be told."""
    link, day = world.links[0], "f.date_from" if connection.vendor == "postgresql" else "+f.date_from"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT o.name, f.date_from, f.value, f.currency FROM analytics_fact f
            JOIN analytics_externalobject o ON o.id = f.object_id
            WHERE f.workspace_id = %s AND f.account_link_id = %s AND f.metric = 'cost' AND f.breakdown = ''
            AND {day} >= %s AND f.date_to <= %s AND o.level = 'ad' ORDER BY f.id DESC LIMIT 1000""",
            [dialect.key(world.workspace.pk), dialect.key(link.pk), world.first_day, world.today],
        )
        return cursor.fetchall()
