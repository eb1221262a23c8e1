"""The demo's figures: a pure function of line and day, so that the same seed tells the same story."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from analytics.importers import Record
from overview.management.demo.content import DEAR, DEAR_DAYS, DEAR_FACTOR

CENT = Decimal("0.01")
WEEK = (0.92, 0.94, 0.97, 1.0, 1.06, 1.14, 1.10)


def noise(*parts):
    """A steady number between -1 and 1 for these words."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4]) / 2**31 - 1


def wobble(spread, *parts):
    return Decimal(str(round(1 + spread * noise(*parts), 4)))


def records(line, today, first):
    """Records of the line's object for each of its days from `first` to yesterday."""
    day = max(first, today + timedelta(days=line.start))
    last = min(today - timedelta(days=1), today + timedelta(days=line.finish))
    while day <= last:
        yield record(line, day, today)
        day += timedelta(days=1)


def record(line, day, today):
    """One day of one object. A promotion wave lifts it; the dear line costs more in the last days."""
    age = (today - day).days
    lift = Decimal("1.45") if 0 < age <= 11 else Decimal(1)
    factor = Decimal(str(WEEK[day.weekday()])) * lift * wobble(0.14, line.external_id, day)
    impressions = int(line.impressions * factor)
    clicks = int(impressions * Decimal(line.ctr) * wobble(0.12, "ctr", line.external_id, day))
    dear = DEAR_FACTOR if line.external_id == DEAR and age <= DEAR_DAYS else Decimal(1)
    cost = (clicks * Decimal(line.cpc) * dear * wobble(0.08, "cpc", line.external_id, day)).quantize(CENT)
    orders = int(clicks * Decimal(line.cvr) * wobble(0.2, "cvr", line.external_id, day))
    revenue = (orders * Decimal(line.order) * wobble(0.05, "order", line.external_id, day)).quantize(CENT)
    values = {
        "impressions": Decimal(impressions),
        "clicks": Decimal(clicks),
        "cost": cost,
        "visits": Decimal(int(clicks * Decimal("0.86"))),
        "conversions": Decimal(orders),
        "conversion_value": revenue,
        "revenue": revenue,
    }
    return Record("campaign", line.external_id, line.object_name, None, day, day, None, "", None, values)


def brand_searches(day):
    """Searches for the brand's name on a day, as the index would tell."""
    return Decimal(int((560 + 4 * (day.toordinal() % 60)) * WEEK[day.weekday()] * float(wobble(0.1, "brand", day))))


def dollar_rate(day):
    """CNY for one USD on a day."""
    return (Decimal("7.12") * wobble(0.006, "usd", day)).quantize(Decimal("0.0001"))
