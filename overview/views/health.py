"""The health of the process, and the gallery of components for those who build pages."""

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.models import Max
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django_scopes import scopes_disabled

from analytics.models import Fact, FactRevision, Source
from core.models import Heartbeat

STALE_SECONDS = 180
FACTS_CACHE_SECONDS = 10


def healthz(request):
    """Database, worker, scheduler (ok, age in seconds), last pull, number of facts held and of values restated since.

    503 when the scheduler is stale or the database does not answer.
    """
    try:
        return _health(timezone.now())
    except OperationalError:
        return JsonResponse({"database": {"ok": False, "vendor": connection.vendor, "age": None}}, status=503)


def _health(now):
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    with scopes_disabled():
        last_pull = Source.objects.aggregate(at=Max("last_success_at"))["at"]
        facts, restated = cache.get_or_set("facts", _figures, FACTS_CACHE_SECONDS)
    state = {name: _alive(beats.get(name), now) for name in ("worker", "scheduler")}
    body = {
        "database": {"ok": True, "vendor": connection.vendor, "age": 0},
        **state,
        "last_pull_at": last_pull,
        "facts": facts,
        "restated": restated,
        "jobs": "embedded" if settings.EMBEDDED_WORKER else "celery",
    }
    return JsonResponse(body, status=200 if state["scheduler"]["ok"] else 503)


def _figures():
    return Fact.objects.count(), FactRevision.objects.count()


def readyz(request):
    """Whether requests can be served: the database answers."""
    connection.ensure_connection()
    return JsonResponse({"ready": True})


def guide(request):
    """Every component once; only while developing and testing."""
    return render(request, "components/guide.html")


def _alive(at, now):
    age = (now - at).total_seconds() if at else None
    return {"ok": age is not None and age < STALE_SECONDS, "age": age}
