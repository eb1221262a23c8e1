"""Exchange rates."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.forms import RateForm, RatesForm
from campaigns.models import ExchangeRate
from campaigns.permissions import can_rate

PAGE = 100


def rates(request, slug):
    form = RateForm(request.POST or None, initial={"quote": request.actor.workspace.currency})
    if form.carries_out(lambda **typed: actions.set_rate(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:exchange-rates", slug)
    return page(request, form=form)


def page(request, form=None, paste_form=None):
    rows = ExchangeRate.objects.visible_to(request.actor).order_by("-date", "base", "quote")
    initial = {"quote": request.actor.workspace.currency, "date": request.GET.get("day")}
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "form": form or RateForm(initial=initial),
        "paste_form": paste_form or RatesForm(),
        "may_rate": can_rate(request.actor),
    }
    failed = any(each and each.is_bound and each.errors for each in (form, paste_form))
    return render(request, "campaigns/exchange_rates.html", context, status=422 if failed else 200)


@require_POST
def paste(request, slug):
    form = RatesForm(request.POST)
    if form.carries_out(lambda **typed: actions.paste_rates(request.actor, **typed)):
        messages.success(request, _("%(count)d rates are saved.") % {"count": form.result})
        return redirect("campaigns:exchange-rates", slug)
    return page(request, paste_form=form)


@require_POST
def delete(request, slug, pk):
    row = get_object_or_404(ExchangeRate.objects.visible_to(request.actor), pk=pk)
    actions.delete_rate(request.actor, rate=row)
    messages.success(request, _("Deleted."))
    return redirect("campaigns:exchange-rates", slug)
