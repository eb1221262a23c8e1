"""Which dashboard it is, and addresses that keep what its filters say."""

from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics.forms.asking import Asked
from analytics.rules.periods import COMPARISONS, CUSTOM, PERIODS, today_in
from campaigns.models import Campaign, Channel, ExchangeRate
from core.errors import Invalid

KEPT = ("period", "from", "to", "compare", "channels", "placements", "accounts", "metrics", "currency")
CHARTS = (
    # part, width, height of the place it takes while it comes
    ("trend", "w8"),
    ("attention", "w4"),
    ("goals", "w6"),
    ("pacing", "w6"),
    ("mix", "w8"),
    ("funnel", "w4"),
    ("placements", "w12"),
    ("accounts", "w12"),
)
AS_BOOKED = "booked"  # in the address: each currency apart
_PART, _NOBODY = "part", UUID(int=0)  # stand-ins for the part of an address that differs
OF_CAMPAIGNS_ONLY = {"attention", "goals", "pacing"}


class Place:
    """Which dashboard it is, and addresses that keep what its filters say."""

    def __init__(self, request, slug, code):
        self.request, self.slug, self.code = request, slug, code
        rates = ExchangeRate.objects.visible_to(request.actor)
        rows = Campaign.objects.visible_to(request.actor).annotate(
            has_rates=Exists(rates.filter(quote=OuterRef("currency")))
        )
        self.campaign = request.campaign = get_object_or_404(rows, code=code) if code else None
        self.name = "analytics:dashboard" if code else "analytics:data-dashboard"
        self.args = [slug, code] if code else [slug]
        self.query = {name: ",".join(request.GET.getlist(name)) for name in KEPT if request.GET.get(name)}
        self.currency = (self.campaign or request.actor.workspace).currency
        self.has_rates = self.campaign.has_rates if code else rates.filter(quote=self.currency).exists()

    def ask(self, params=None, **more):
        """`(Asked, problem)`: an address that cannot be read shows the usual period and says why."""
        try:
            return self._asked(self.request.GET if params is None else params, **more), ""
        except Invalid as error:
            return self._asked(QueryDict(), **more), str(error)

    def _asked(self, params, **more):
        asked = params.copy()
        asked["currency"] = self._currency(params.get("currency", ""))
        return Asked(self.request.actor, asked, campaign=self.campaign, **more)

    def _currency(self, wanted):
        """The campaign's own currency where the workspace keeps rates into it, unless the address says otherwise."""
        wanted = wanted or (self.currency if self.has_rates else AS_BOOKED)
        return "" if wanted == AS_BOOKED else wanted

    def today(self):
        """The day it is in the campaign's (or workspace's) zone."""
        return today_in((self.campaign or self.request.actor.workspace).time_zone, timezone.now())

    def url(self, **changes):
        """This page with some filters changed; "" removes one."""
        return f"{self._page}?{self.kept(**changes)}"

    @cached_property
    def _page(self):
        return reverse(self.name, args=self.args)

    def kept(self, **changes):
        """The filters as a query string."""
        query = {name: value for name, value in {**self.query, **changes}.items() if value not in ("", None)}
        return urlencode(query)

    def part_url(self, part, **more):
        """Where a card comes from."""
        before, after = self._part_page
        return f"{before}{part}{after}?{self.kept(**more)}"

    @cached_property
    def _part_page(self):
        """What stands before and behind a card's name in its address; looked up once for all."""
        return reverse(f"{self.name}-part", args=[*self.args, _PART]).rsplit(_PART, 1)

    def export_url(self, table, kind):
        """Where a table's file comes from."""
        return f"{reverse(f'{self.name}-export', args=[*self.args, table])}?{self.kept(kind=kind)}"

    def address(self, name, *args):
        """A page of analytics in this campaign."""
        return reverse(f"analytics:{name}", args=[self.slug, self.code, *args])

    def addresses(self, name):
        """A function key -> its page of this name, which is looked up once for all."""
        before, after = self.address(name, _NOBODY).rsplit(str(_NOBODY), 1)
        return lambda key: f"{before}{key}{after}"

    def exports(self):
        """The menu of files."""
        tables = [("days", _("Days")), ("channels", _("Channels")), ("placements", _("Placements"))]
        tables += [("accounts", _("Accounts"))]
        made = [{"label": _("Everything (XLSX)"), "url": self.export_url("all", "xlsx")}]
        return made + [
            {"label": f"{label} ({kind.upper()})", "url": self.export_url(table, kind)}
            for table, label in tables
            for kind in ("csv", "xlsx")
        ]

    def parts(self):
        """The cards in order."""
        asked = [(part, width) for part, width in CHARTS if self.campaign or part not in OF_CAMPAIGNS_ONLY]
        wide = {"trend": "w12"} if not self.campaign else {}
        return [{"name": part, "width": wide.get(part, width), "url": self.part_url(part)} for part, width in asked]

    def filters(self, asked):
        """The menus of the filter bar."""
        period = asked.choice.period
        names = {name: label for name, label in PERIODS.items() if name != CUSTOM}
        if not self.campaign:
            names.pop("campaign_to_date")
        custom = {"from": "", "to": ""}
        menus = [_menu("period", _("Period"), names, period.name, lambda name: self.url(period=name, **custom))]
        menus[0]["current"] = PERIODS[period.name] if period.name != CUSTOM else f"{period.first} – {period.last}"
        menus.append(
            _menu("compare", _("Compare"), COMPARISONS, asked.choice.compare, lambda name: self.url(compare=name))
        )
        channels = list(Channel.objects.visible_to(self.request.actor).active())
        chosen = next((row.code for row in channels if (row.pk,) == asked.question.channels), "")
        names = {"": _("All channels"), **{row.code: row.label for row in channels}}
        menus.append(_menu("channels", _("Channel"), names, chosen, lambda code: self.url(channels=code)))
        names = {AS_BOOKED: _("As booked")} | {code: code for code in (self.currency, "CNY", "USD", "EUR")}
        chosen = asked.question.currency or AS_BOOKED
        menus.append(_menu("currency", _("Currency"), names, chosen, lambda code: self.url(currency=code)))
        return menus

    def chips(self, asked):
        """Filters that have no menu: chosen placements and accounts, channels beyond one."""
        counted = (
            ("placements", _("Placements"), asked.question.placements),
            ("accounts", _("Accounts"), asked.question.accounts),
            ("channels", _("Channels"), asked.question.channels if len(asked.question.channels) > 1 else ()),
            ("metrics", _("Metrics"), asked.question.metrics if self.query.get("metrics") else ()),
        )
        return [
            {"label": label, "value": len(chosen), "clear_url": self.url(**{name: ""})}
            for name, label, chosen in counted
            if chosen
        ]

    def metric_options(self, asked, board):
        """The metric chooser: what the tiles may show."""
        shown = {tile.metric.code for tile in board.shown()}
        language = get_language() or "en"
        return [
            {"code": code, "label": metric.name(language), "on": code in shown}
            for code, metric in asked.metrics.items()
        ]


def _menu(name, label, names, current, url):
    options = [
        {"value": value, "label": text, "active": value == current, "url": url(value)} for value, text in names.items()
    ]
    return {"name": name, "label": label, "options": options, "current": names.get(current, "")}


def seen_version(request):
    """The version of a row that a page's form was made of; None where it does not say."""
    saw = request.POST.get("lock_version", "")
    return int(saw) if saw.isdecimal() and len(saw) < 10 else None
