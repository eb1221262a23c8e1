"""List of campaigns, a new one, its settings and state."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Membership
from accounts.views import form_page
from accounts.views.people import choices, table
from campaigns import actions
from campaigns.actions.campaigns import guards_met
from campaigns.choices import CampaignState
from campaigns.forms import CampaignForm, StepForm
from campaigns.models import Campaign, Programme
from campaigns.permissions import can_create_campaign, can_lead, can_move, can_plan
from campaigns.rules import states
from campaigns.views import find_campaign, offer_undo, undone
from core.export import table_response

PAGE = 50
ORDERS = {
    "start": "start_date",
    "finish": "finish_date",
    "name": "name",
    "code": "code",
    "state": "state",
    "owner": "owner__name",
    "programme": "programme__name",
    "budget": "budget_amount",
}


def campaigns(request, slug):
    programmes = list(Programme.objects.visible_to(request.actor).active())
    owners = Membership.objects.visible_to(request.actor).of_people().select_related("user").order_by("user__name")
    people = [(str(one.user_id), one.user.name) for one in owners]
    groups = [(str(one.pk), one.name) for one in programmes]
    rows = filtered(request, groups, people)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export(request.GET["export"], rows)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_create": can_create_campaign(request.actor),
        "is_filtered": bool(set(request.GET) - {"page", "o"}),
        "filters": [
            {"name": "state", "label": _("State"), "options": choices(request, "state", CampaignState.choices)},
            {"name": "programme", "label": _("Programme"), "options": choices(request, "programme", groups)},
            {"name": "owner", "label": _("Owner"), "options": choices(request, "owner", people)},
            {
                "name": "archived",
                "label": _("Archive"),
                "options": choices(request, "archived", [("1", _("Archived"))]),
            },
        ],
    }
    return render(request, "campaigns/list.html", context)


def filtered(request, programmes, owners):
    """The campaigns that match the query string."""
    rows = Campaign.objects.visible_to(request.actor).with_people()
    rows = rows.exclude(archived_at=None) if request.GET.get("archived") == "1" else rows.active()
    allowed = {
        "state": CampaignState.values,
        "programme": [value for value, _label in programmes],
        "owner": [value for value, _label in owners],
    }
    if "o" not in request.GET:
        return table(request, rows, ORDERS, **allowed).order_by("-start_date", "pk")
    return table(request, rows, ORDERS, **allowed)


def export(kind, rows):
    header = [_("Code"), _("Name"), _("State"), _("Programme"), _("Owner"), _("First day"), _("Last day")]
    header += [_("Budget frame"), _("Currency"), _("Time zone"), _("Markets")]
    return table_response(kind, _("campaigns"), header, [line(row) for row in rows])


def line(row):
    """A campaign as a row of the export."""
    markets = ", ".join(market.label for market in row.markets.all())
    place = [row.code, row.name, row.get_state_display(), str(row.programme or ""), row.owner.name]
    return [*place, row.start_date, row.finish_date, row.budget_amount, row.currency, row.time_zone, markets]


def create(request, slug):
    workspace = request.actor.workspace
    initial = {"owner": request.user, "currency": workspace.currency, "time_zone": workspace.time_zone}
    initial["programme"] = request.GET.get("programme")
    form = CampaignForm(request.POST or None, actor=request.actor, initial=initial)
    if form.carries_out(lambda **typed: actions.create_campaign(request.actor, **typed)):
        messages.success(request, _("The campaign is made. Write its brief next."))
        return redirect("campaigns:brief", slug, form.result.code)
    return form_page(request, "campaigns/create.html", form)


def settings(request, slug, code):
    campaign = find_campaign(request, code)
    form = CampaignForm(request.POST or None, actor=request.actor, row=campaign)
    if form.carries_out(lambda **typed: actions.update_campaign(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:settings", slug, campaign.code)
    return settings_page(request, campaign, form)


def settings_page(request, campaign, form=None, step_form=None):
    """The settings, with whichever form was refused."""
    status = 422 if any(each and each.errors for each in (form, step_form)) else 200
    met = guards_met(campaign)
    board = reverse("overview:readiness", args=[request.actor.workspace.slug, campaign.code])
    context = {
        "campaign": campaign,
        "form": form or CampaignForm(actor=request.actor, row=campaign),
        "step_form": step_form,
        "steps": [step_of(step, met, board) for step in states.open_to(campaign.state)],
        "may_plan": can_plan(request.actor, campaign),
        "may_lead": can_lead(request.actor, campaign),
        "may_move": can_move(request.actor, campaign),
    }
    return render(request, "campaigns/settings.html", context, status=status)


def step_of(step, met, board):
    """A transition as the page shows it: what stands against it, whether it asks for a reason, where it is made."""
    standing = states.obstacles(step.name, met)
    asks = standing.pop("reason_given", None) is not None
    return {
        "name": step.name,
        "label": step.label,
        "target": capfirst(CampaignState(step.target).label),
        "obstacles": list(standing.values()),
        "asks_reason": asks,
        "board": board if step.name == "launch" else "",
        "is_bad": step.target == CampaignState.CANCELLED,
    }


@require_POST
def transition(request, slug, code):
    campaign = find_campaign(request, code)
    form = StepForm(request.POST, row=campaign)
    if form.carries_out(lambda **typed: actions.move_campaign(request.actor, campaign=campaign, **typed)):
        state = capfirst(campaign.get_state_display())
        messages.success(request, _("The campaign is now: %(state)s.") % {"state": state})
        return redirect("campaigns:settings", slug, code)
    return settings_page(request, campaign, step_form=form)


@require_POST
def archive(request, slug, code):
    campaign = find_campaign(request, code)
    actions.archive_campaign(request.actor, campaign=campaign)
    undo = reverse("campaigns:restore", args=[slug, code])
    offer_undo(request, _("“%(name)s” is archived.") % {"name": campaign}, undo)
    return redirect("campaigns:list", slug)


@require_POST
def restore(request, slug, code):
    campaign = find_campaign(request, code)
    actions.restore_campaign(request.actor, campaign=campaign)
    return undone(
        request, _("“%(name)s” is back.") % {"name": campaign}, reverse("campaigns:settings", args=[slug, code])
    )
