"""Real exports become facts whose sums are the platform's to the cent, however they are matched."""

import csv
import re
from decimal import Decimal

import pytest
from django.core.files import File

from analytics.actions import imports
from analytics.actions.matching import link_objects, unlinked
from analytics.models import DailyMetric, Fact
from placements.models import AdAccount
from tests import factories

pytestmark = pytest.mark.samples
USD = "google_ads_exports/overview_cards_GBsite_USD"
SIX = [
    f"{USD}/Time_series(2026.02.05-2026.02.10).csv",
    f"{USD}/Time_series(2026.02.05).csv",
    f"{USD}/Devices(2026.02.05-2026.02.10).csv",
    f"{USD}/Searches(Search_2026.02.05-2026.02.10).csv",
    "google_ads_exports/campaign_report_video_demandgen_INR/Campaign report.csv",
    "ga4_exports/events_2023/data-export.csv",
]


def upload(world, samples, names, answers=None):
    """Upload samples and answer every question as suggested, until none is left."""
    files = [File((samples / name).open("rb"), name=name.rpartition("/")[2]) for name in names]
    imported = imports.upload_files(world.actor, files=files, answers=answers)
    for _round in range(4):
        given = {}
        for row in imports.files_of(imported):
            for question in row.report["questions"]:
                answer = question["default"] or (question["options"] or ["USD"])[0]
                given.setdefault(str(row.pk), {})[question["code"]] = answer
        if not given:
            break
        imports.answer_questions(world.actor, imported=imported, answers=given)
    return imports.commit_import(world.actor, imported=imported)


def plain(text):
    """The figure in a cell, by another way than the importer's."""
    return Decimal(re.sub(r"[^0-9.\-]", "", text) or 0)


def column(samples, name, header):
    """The sum of a column of a plain CSV, by csv alone."""
    with (samples / name).open(encoding="utf-8-sig", newline="") as file:
        return sum(plain(row[header]) for row in csv.DictReader(file))


def rolled(account, metric, **filters):
    rows = DailyMetric.objects.filter(ad_account=account, metric=metric, **filters)
    return sum(rows.values_list("value", flat=True), Decimal(0))


def test_six_exports_at_once(world, samples):
    imported = upload(world, samples, SIX)
    assert imported.state == "committed"
    usd = AdAccount.objects.get(platform="google_ads", currency="USD")
    for metric, header in [("cost", "Cost"), ("clicks", "Clicks"), ("impressions", "Impressions")]:
        assert rolled(usd, metric, currency__in=["USD", ""]) == column(samples, SIX[0], header)
    assert usd.counting_level == "account"
    inr = AdAccount.objects.get(currency="INR")
    assert rolled(inr, "cost") == Decimal("2565.93")
    objects = list(unlinked([usd, inr]).select_related("account_link"))
    placement = factories.placement(world.campaign)
    before = {
        (account, code): rolled(account, code) for account in (usd, inr) for code in ("cost", "clicks", "impressions")
    }
    link_objects(world.actor, choices=[(found, world.campaign, placement, None, None) for found in objects[::2]])
    for (account, code), total in before.items():
        matched = rolled(account, code, campaign=world.campaign)
        assert matched + rolled(account, code, campaign=None) == total
    assert Fact.objects.filter(account_link__ad_account__platform="ga4").exists()


def test_the_same_exports_twice_change_nothing(world, samples):
    upload(world, samples, SIX)
    before = list(Fact.objects.order_by("pk").values_list("pk", "value", "origin_id"))
    again = upload(world, samples, SIX)
    assert sum(row.changed + row.removed for row in again.files.all()) == 0
    assert list(Fact.objects.order_by("pk").values_list("pk", "value", "origin_id")) == before


def test_undoing_the_exports_leaves_nothing(world, samples):
    imports.undo_import(world.actor, imported=upload(world, samples, SIX))
    assert not Fact.objects.exists() and not DailyMetric.objects.exists()


def test_the_kag_file(world, samples):
    (name,) = (path.name for path in (samples / "kag_facebook").glob("*.csv"))
    answers = {
        "period": {"from": "2017-08-17", "to": "2017-08-30"},
        "currency": "USD",
        "account": {"name": "KAG", "platform": "meta", "currency": "USD", "time_zone": "America/New_York"},
    }
    upload(world, samples, [f"kag_facebook/{name}"], answers)
    account = AdAccount.objects.get()
    assert account.counting_level == "ad"
    total = column(samples, f"kag_facebook/{name}", "Spent")
    assert abs(rolled(account, "cost") - total) < Decimal("0.001")
    assert rolled(account, "impressions") == column(samples, f"kag_facebook/{name}", "Impressions")
    assert not DailyMetric.objects.only_days().exists()
