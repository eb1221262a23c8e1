"""The team of a campaign: functions as cards with their holders, delegates, contact points."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import can_manage
from campaigns import actions
from campaigns.choices import Function
from campaigns.forms import ContactForm, DelegationForm, FunctionForm, MemberForm, NewFunctionForm
from campaigns.forms.fields import people_of
from campaigns.models import CampaignFunction, CampaignMember, ContactPoint, Delegation
from campaigns.permissions import can_plan
from campaigns.views import find_campaign, today_of
from core.errors import PharosError
from core.export import XLSX_TYPE, download, table_response, xlsx_bytes


@dataclass
class Card:
    """A function with the persons who hold it; `row` is its description, if it has one."""

    code: str
    row: CampaignFunction | None = None
    holders: list = field(default_factory=list)

    @property
    def label(self):
        return capfirst(Function(self.code).label)

    @property
    def is_vacant(self):
        return not self.holders and not (self.row and self.row.organization_id)


@dataclass
class Holder:
    """A member with whoever stands in for them today."""

    member: CampaignMember
    standing_in: Delegation | None = None


def cards_of(actor, campaign, today):
    """The functions of a campaign that are described or held, in the order of their positions, then of the list."""
    rows = CampaignFunction.objects.visible_to(actor).of(campaign).select_related("organization")
    found = {row.function: Card(row.function, row) for row in rows}
    standing_in = {
        row.member_id: row
        for row in Delegation.objects.visible_to(actor).of(campaign).on(today).select_related("delegate")
    }
    for member in members_of(actor, campaign):
        card = found.setdefault(member.function, Card(member.function))
        card.holders.append(Holder(member, standing_in.get(member.pk)))
    order = {code: at for at, code in enumerate(Function.values)}
    return sorted(found.values(), key=lambda card: (card.row.position if card.row else 0, order[card.code]))


def members_of(actor, campaign):
    rows = CampaignMember.objects.visible_to(actor).of(campaign).select_related("user", "organization")
    return rows.order_by("user__name", "function")


def team(request, slug, code):
    campaign = find_campaign(request, code)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export(request, campaign, request.GET["export"])
    return page(request, campaign)


def page(request, campaign, **forms):
    """The page, with whichever form was refused or is being edited: `function`, `delegation`, `contact`."""
    today = today_of(campaign)
    may_plan = can_plan(request.actor, campaign)
    cards = cards_of(request.actor, campaign, today)
    delegations = Delegation.objects.visible_to(request.actor).of(campaign)
    context = {
        "campaign": campaign,
        "today": today,
        "cards": cards,
        "editing": forms.get("function"),
        "delegations": delegations.select_related("member__user", "delegate"),
        "contacts": contacts_of(request.actor, campaign),
        "export": [{"url": "?export=xlsx", "label": "Excel"}, {"url": "?export=csv", "label": "CSV"}],
        "may_grant": can_manage(request.actor, request.actor.workspace_id),
        "may_plan": may_plan,
        **(_forms(request, campaign, cards, forms) if may_plan else {}),
    }
    failed = any(form and form.is_bound and form.errors for form in forms.values())
    return render(request, "campaigns/team.html", context, status=422 if failed else 200)


def contacts_of(actor, campaign):
    return ContactPoint.objects.visible_to(actor).of(campaign).select_related("user", "deputy")


def _forms(request, campaign, cards, forms):
    """The forms of the page; they share one question for the persons of the workspace."""
    people = [(one.user_id, one.user.name) for one in people_of(request.actor)]
    shared = {"actor": request.actor, "people": people}
    named = {card.code for card in cards}
    return {
        "people": people,
        "free_functions": [(value, capfirst(label)) for value, label in Function.choices if value not in named],
        "functions": [(value, capfirst(label)) for value, label in Function.choices],
        "delegation_form": forms.get("delegation") or DelegationForm(campaign=campaign, **shared),
        "contact_form": forms.get("contact") or ContactForm(**shared),
    }


def _back(slug, code, anchor=""):
    return redirect(reverse("campaigns:team", args=[slug, code]) + (f"#{anchor}" if anchor else ""))


# --- members and functions ------------------------------------------------------------------------------------------


@require_POST
def member_add(request, slug, code):
    campaign = find_campaign(request, code)
    form = MemberForm(request.POST, actor=request.actor)
    if form.carries_out(lambda **typed: actions.add_member(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _first_error(form))
    return _back(slug, code, form.data.get("function", ""))


def _first_error(form):
    return str(next(iter(next(iter(form.errors.values())))))


def _tried(request, act, sentence):
    """Do an act and say so, or say why not."""
    try:
        act()
        messages.success(request, sentence)
    except PharosError as error:
        messages.error(request, str(error))


@require_POST
def member_remove(request, slug, code, pk):
    campaign = find_campaign(request, code)
    member = get_object_or_404(CampaignMember.objects.visible_to(request.actor).of(campaign), pk=pk)
    _tried(request, lambda: actions.remove_member(request.actor, member=member), _("Removed."))
    return _back(slug, code, member.function)


@require_POST
def function_add(request, slug, code):
    campaign = find_campaign(request, code)
    form = NewFunctionForm(request.POST, actor=request.actor)
    if form.carries_out(lambda **typed: actions.add_function(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:function", slug, code, form.result.function)
    messages.error(request, _first_error(form))
    return _back(slug, code)


def _described(request, campaign, function):
    """The description of a function, None while nobody wrote one; 404 for what is no function."""
    if function not in Function.values:
        raise Http404
    return CampaignFunction.objects.visible_to(request.actor).of(campaign).filter(function=function).first()


def function(request, slug, code, function):
    """Edit what a function does and where that ends, in its card."""
    campaign = find_campaign(request, code)
    row = _described(request, campaign, function)
    form = FunctionForm(request.POST or None, actor=request.actor, row=row)
    form.function = function

    def save(**typed):
        if row is None:
            return actions.add_function(request.actor, campaign=campaign, function=function, **typed)
        return actions.update_function(request.actor, function=row, **typed)

    done = form.carries_out(save)
    if request.htmx:
        return _card(request, campaign, function, form, done)
    if done:
        messages.success(request, _("Saved."))
        return _back(slug, code, function)
    return page(request, campaign, function=form)


def _card(request, campaign, function, form, done):
    """The card alone: as a form, or after saving as it is read."""
    cards = {card.code: card for card in cards_of(request.actor, campaign, today_of(campaign))}
    context = {"campaign": campaign, "card": cards.get(function) or Card(function), "may_plan": True}
    context |= {"today": today_of(campaign), "editing": None if done or "cancel" in request.GET else form}
    context["people"] = [(one.user_id, one.user.name) for one in people_of(request.actor)]
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campaigns/_function.html", context, status=status)


@require_POST
def function_remove(request, slug, code, function):
    campaign = find_campaign(request, code)
    row = _described(request, campaign, function)
    if row is None:
        raise Http404
    _tried(request, lambda: actions.remove_function(request.actor, function=row), _("Removed."))
    return _back(slug, code)


# --- delegates ------------------------------------------------------------------------------------------------------


def _delegation(request, campaign, pk):
    rows = Delegation.objects.visible_to(request.actor).of(campaign).select_related("member__user")
    return get_object_or_404(rows, pk=pk)


@require_POST
def delegation_add(request, slug, code):
    campaign = find_campaign(request, code)
    form = DelegationForm(request.POST, actor=request.actor, campaign=campaign)
    if form.carries_out(lambda **typed: actions.add_delegation(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return _back(slug, code, "delegates")
    return page(request, campaign, delegation=form)


def delegation(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = _delegation(request, campaign, pk)
    form = DelegationForm(request.POST or None, actor=request.actor, campaign=campaign, row=row)
    if form.carries_out(lambda **typed: actions.update_delegation(request.actor, delegation=row, **typed)):
        messages.success(request, _("Saved."))
        return _back(slug, code, "delegates")
    return page(request, campaign, delegation=form)


@require_POST
def delegation_remove(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = _delegation(request, campaign, pk)
    _tried(request, lambda: actions.remove_delegation(request.actor, delegation=row), _("Removed."))
    return _back(slug, code, "delegates")


# --- contact points -------------------------------------------------------------------------------------------------


def _contact(request, campaign, pk):
    return get_object_or_404(contacts_of(request.actor, campaign), pk=pk)


@require_POST
def contact_add(request, slug, code):
    campaign = find_campaign(request, code)
    form = ContactForm(request.POST, actor=request.actor)
    if form.carries_out(lambda **typed: actions.add_contact_point(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return _back(slug, code, "contacts")
    return page(request, campaign, contact=form)


def contact(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = _contact(request, campaign, pk)
    form = ContactForm(request.POST or None, actor=request.actor, row=row)
    if form.carries_out(lambda **typed: actions.update_contact_point(request.actor, contact_point=row, **typed)):
        messages.success(request, _("Saved."))
        return _back(slug, code, "contacts")
    return page(request, campaign, contact=form)


@require_POST
def contact_remove(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = _contact(request, campaign, pk)
    _tried(request, lambda: actions.remove_contact_point(request.actor, contact_point=row), _("Removed."))
    return _back(slug, code, "contacts")


# --- export ---------------------------------------------------------------------------------------------------------


def export(request, campaign, kind):
    """Functions with their holders; as a workbook also delegates and contact points on sheets of their own."""
    cards = cards_of(request.actor, campaign, today_of(campaign))
    head = [_("Function"), _("Held by"), _("Organisation"), _("Duties"), _("Where they end")]
    functions = [_line(card) for card in cards]
    name = f"{campaign.code} {_('Team')}"
    if kind == "csv":
        return table_response("csv", name, head, functions)
    delegates = [_("Member"), _("Function"), _("Stood in for by"), _("First day"), _("Last day"), _("Note")]
    contacts = [_("Topic"), _("Contact"), _("Deputy"), _("How to reach"), _("Reply within (hours)")]
    rows = Delegation.objects.visible_to(request.actor).of(campaign).select_related("member__user", "delegate")
    sheets = [
        (_("Functions"), head, functions),
        (_("Delegates"), delegates, [_delegate_line(row) for row in rows]),
        (_("Contact points"), contacts, [_contact_line(row) for row in contacts_of(request.actor, campaign)]),
    ]
    return download(xlsx_bytes(sheets), f"{name}.xlsx", XLSX_TYPE)


def _line(card):
    persons = ", ".join(one.member.user.name for one in card.holders)
    described = card.row
    organization = str(described.organization or "") if described else ""
    words = (described.duties, described.boundary) if described else ("", "")
    return [card.label, persons, organization, *words]


def _delegate_line(row):
    function = capfirst(row.member.get_function_display())
    return [row.member.user.name, function, row.delegate.name, row.start_date, row.finish_date, row.note]


def _contact_line(row):
    return [row.topic, row.user.name, row.deputy.name if row.deputy else "", row.reach, row.reply_hours]
