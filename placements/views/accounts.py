"""The ad accounts of the workspace."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns.views import menu, undone
from core.export import table_response
from placements import actions
from placements.forms import AdAccountForm
from placements.models import AdAccount
from placements.permissions import can_create_ad_account

PAGE = 50
ORDERS = {
    "platform": "platform",
    "name": "name",
    "id": "external_id",
    "currency": "currency",
    "zone": "time_zone",
    "level": "counting_level",
    "channel": "channel__position",
    "organization": "organization__name",
    "placements": "used",
}


def _rows(request):
    asked = request.GET
    rows = AdAccount.objects.visible_to(request.actor).listed()
    rows = rows.annotate(used=Count("placements", filter=Q(placements__archived_at__isnull=True)))
    rows = rows.filter(archived_at__isnull=asked.get("archived") != "1")
    if asked.get("platform"):
        rows = rows.on(asked["platform"])
    if words := asked.get("q", "").strip()[:100]:
        rows = rows.filter(Q(name__icontains=words) | Q(external_id__icontains=words) | Q(platform__icontains=words))
    order = asked.get("o", "")
    field = ORDERS.get(order.removeprefix("-"), "platform")
    return rows.order_by(f"-{field}" if order.startswith("-") else field, "name", "pk")


def accounts(request, slug):
    rows = _rows(request)
    if request.GET.get("export") in ("csv", "xlsx"):
        return _export(request.GET["export"], rows)
    platforms = AdAccount.objects.visible_to(request.actor).order_by("platform").values_list("platform", flat=True)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "slug": slug,
        "may_keep": can_create_ad_account(request.actor),
        "is_filtered": any(request.GET.get(name) for name in ("q", "platform", "archived")),
        "filters": [
            menu(request, "platform", _("Platform"), [(one, one) for one in platforms.distinct()]),
            menu(request, "archived", _("Archive"), [("1", _("Archived only"))], _("Without archived")),
        ],
    }
    return render(request, "placements/accounts.html", context)


def _export(kind, rows):
    header = [_("Platform"), _("Name"), _("Account id"), _("Currency"), _("Time zone"), _("Counting level")]
    header += [_("Channel"), _("Run by"), _("Placements")]
    lines = (
        [
            *(row.platform, row.name, row.external_id, row.currency, row.time_zone, row.get_counting_level_display()),
            *(row.channel, row.organization, row.used),
        ]
        for row in rows
    )
    return table_response(kind, _("Ad accounts"), header, lines)


def account_create(request, slug):
    form = AdAccountForm(request.POST or None, actor=request.actor)
    if form.carries_out(lambda **typed: actions.create_ad_account(request.actor, **typed)):
        messages.success(request, _("%(name)s is added.") % {"name": form.result})
        return redirect("placements:accounts", slug)
    return form_page(request, "placements/account_form.html", form, slug=slug)


def account_edit(request, slug, pk):
    account = _account(request, pk)
    form = AdAccountForm(request.POST or None, actor=request.actor, row=account)
    if form.carries_out(lambda **typed: actions.update_ad_account(request.actor, ad_account=account, **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": account})
        return redirect("placements:accounts", slug)
    return form_page(request, "placements/account_form.html", form, slug=slug, account=account)


def _account(request, pk):
    return get_object_or_404(AdAccount.objects.visible_to(request.actor).listed(), pk=pk)


@require_POST
def account_archive(request, slug, pk):
    account = actions.archive_ad_account(request.actor, ad_account=_account(request, pk))
    undo = reverse("placements:account-restore", args=[slug, pk])
    messages.success(request, _("%(name)s is archived.") % {"name": account}, extra_tags=undo)
    return redirect("placements:accounts", slug)


@require_POST
def account_restore(request, slug, pk):
    account = actions.restore_ad_account(request.actor, ad_account=_account(request, pk))
    return undone(request, _("%(name)s is back.") % {"name": account}, reverse("placements:accounts", args=[slug]))
