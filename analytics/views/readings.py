"""Readings by hand of a campaign: what no platform delivers."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from analytics.actions.manual import BY_HAND, enter_readings
from analytics.forms.readings import ReadingsForm
from analytics.models import ExternalObject, Fact
from analytics.permissions.imports import can_enter_readings
from campaigns.models import Metric
from campaigns.views import find_campaign
from core.errors import PharosError

SHOWN = 60


def readings(request, slug, code):
    """The form, and the latest readings."""
    campaign = find_campaign(request, code)
    first = {"metric": request.GET.get("metric"), "channel": request.GET.get("channel")}
    form = ReadingsForm(request.POST or None, initial=first, workspace_id=request.actor.workspace_id)
    if request.method == "POST" and form.is_valid() and _entered(request, campaign, form):
        return redirect("analytics:readings", slug, code)
    context = {
        "campaign": campaign,
        "form": form,
        "rows": _latest(request.actor, campaign),
        "labels": {row.code: row.label for row in Metric.objects.filter(workspace_id=request.actor.workspace_id)},
        "may_enter": can_enter_readings(request.actor, campaign),
        "slug": slug,
    }
    return render(request, "analytics/readings.html", context, status=422 if form.errors else 200)


def _latest(actor, campaign):
    """The latest readings, by the few accounts that hold them: so they are found among all figures."""
    read = ExternalObject.objects.visible_to(actor).filter(account_link__ad_account__platform=BY_HAND)
    found = read.filter(links__campaign=campaign).values_list("pk", "account_link").distinct()
    objects, accounts = zip(*found, strict=True) if found else ((), ())
    rows = Fact.objects.visible_to(actor).filter(object__in=objects, account_link__in=accounts)
    return rows.select_related("account_link__ad_account__channel").order_by("-date_from", "metric")[:SHOWN]


def _entered(request, campaign, form):
    """Write the readings down; a refusal becomes an error of the form."""
    data = form.cleaned_data
    try:
        done = enter_readings(
            request.actor, campaign=campaign, metric=data["metric"], channel=data["channel"], rows=data["rows"]
        )
    except PharosError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("%(n)d readings are written down.") % {"n": done.rows})
    return True


urls = [path("c/<slug:code>/readings/", readings, name="readings")]
