"""The register of a campaign: list with heat map, one risk, its acts."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns.views import find_campaign, menu, today_of, undone, where
from core.export import table_response
from core.models import Activity
from risks import actions
from risks.choices import RiskClass, RiskState
from risks.forms import MoveForm, ReviewForm, RiskForm
from risks.models import Incident, Risk
from risks.permissions import can_care_for, can_keep_risk
from risks.rules import register as rules
from risks.views import carried_out, frame, read, told

PAGE, LATEST, NEXT_REVIEW = 50, 10, 30
ORDERS = {
    "code": "code",
    "title": "title",
    "class": "risk_class",
    "state": "state",
    "score": "score_before",
    "after": "score_after",
    "owner": "owner__name",
    "review": "review_date",
}
FILTERS = ("q", "class", "state", "owner", "p", "i", "heat", "review", "archived")
HEATS = {5: (15, 25), 4: (10, 14), 3: (5, 9), 2: (3, 4), 1: (1, 2)}


def listing(request, slug, code):
    campaign = find_campaign(request, code)
    today, is_after = today_of(campaign), request.GET.get("map") == "after"
    found = filtered(request, campaign, today)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export(request.GET["export"], campaign, ordered(request, within(request, found, is_after)))
    cells = found.cells(is_after=is_after)
    page = Paginator(ordered(request, within(request, found, is_after)), PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.is_due = row.review_date is not None and row.review_date < today and row.state not in rules.OVER
    chosen = tuple(request.GET.get(name, "") for name in ("p", "i"))
    context = {
        "page": page,
        "grid": [
            (p, label, [(i, count, step, (str(p), str(i)) == chosen) for i, count, step in row])
            for p, label, row in rules.grid(cells)
        ],
        "impacts": list(rules.IMPACT.items()),
        "is_after": is_after,
        "mapped": sum(cells.values()),
        "filters": filters(request, campaign),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
        "is_cell": all(chosen),
    }
    return render(request, "risks/list.html", frame(request, campaign, "list", **context))


def filtered(request, campaign, today):
    """The campaign's risks as search and menus filter them; the cells of the map are counted on these."""
    asked = request.GET
    rows = Risk.objects.visible_to(request.actor).of(campaign).listed().found_by(asked.get("q", "")[:200])
    rows = rows.filter(archived_at__isnull=asked.get("archived") != "1")
    for name, lookup in (("class", "risk_class"), ("state", "state"), ("owner", "owner")):
        rows = where(rows, lookup, asked.get(name, ""))
    if asked.get("review") == "due":
        rows = rows.exclude(state__in=rules.OVER).filter(review_date__lt=today)
    if bounds := HEATS.get(_number(asked.get("heat"))):
        rows = rows.filter(score_before__range=bounds)
    return rows


def within(request, rows, is_after):
    """Of these, the ones of the cell of the map that was clicked."""
    suffix = "_after" if is_after else ""
    for name, field in (("p", "probability"), ("i", "impact")):
        if value := _number(request.GET.get(name)):
            rows = rows.filter(**{f"{field}{suffix}": value})
    return rows


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else None


def ordered(request, rows):
    """As the head of the table says; the gravest first unless it does."""
    asked = request.GET.get("o", "") or "-score"
    field = F(ORDERS.get(asked.removeprefix("-"), "score_before"))
    order = field.desc(nulls_last=True) if asked.startswith("-") else field.asc(nulls_last=True)
    return rows.order_by(order, "code", "pk")


def filters(request, campaign):
    rows = Risk.objects.visible_to(request.actor).of(campaign).filter(owner__isnull=False)
    people = rows.order_by("owner__name").values_list("owner_id", "owner__name").distinct()
    return [
        menu(request, "class", _("Class"), RiskClass.choices),
        menu(request, "state", _("State"), RiskState.choices),
        menu(request, "owner", _("Owner"), [(str(pk), name) for pk, name in people]),
        menu(request, "review", _("Review on"), [("due", _("overdue"))]),
        menu(request, "archived", _("Archive"), [("1", _("Archived only"))], _("Without archived")),
    ]


def export(kind, campaign, rows):
    """The filtered register as a file, in its order."""
    header = [_("Code"), _("Title"), _("Description"), _("Class"), _("State"), _("Probability"), _("Impact")]
    header += [_("Score"), _("Probability after"), _("Impact after"), _("Score after"), _("Response"), _("Owner")]
    header += [
        _("Deputy"),
        _("Review on"),
        _("Playbook"),
        _("KPI"),
        _("Placement"),
        _("Task"),
        _("Budget line"),
        _("Lesson"),
        _("Notes"),
    ]
    lines = (
        [
            *(row.code, row.title, row.description, row.get_risk_class_display(), row.get_state_display()),
            *(row.probability, row.impact, row.score, row.probability_after, row.impact_after, row.residual),
            *(row.response, row.owner, row.deputy, row.review_date, row.playbook, row.kpi, row.placement, row.task),
            *(row.budget_line, row.lesson, row.notes),
        ]
        for row in rows
    )
    return table_response(kind, f"{campaign.code} {_('risks')}", header, lines)


def risk_of(request, code, pk):
    """A risk of the campaign of the address, archived ones too, or 404."""
    rows = Risk.objects.visible_to(request.actor).listed()
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def create(request, slug, code):
    campaign = find_campaign(request, code)
    given = {"owner": campaign.owner_id, "review_date": today_of(campaign) + timedelta(NEXT_REVIEW)}
    form = RiskForm(request.POST or None, actor=request.actor, campaign=campaign, initial=given)
    if form.carries_out(lambda **typed: actions.create_risk(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("%(name)s is in the register.") % {"name": form.result})
        return redirect(form.result)
    return form_page(request, "risks/form.html", form, **frame(request, campaign, "list"))


def edit(request, slug, code, pk):
    risk = risk_of(request, code, pk)
    campaign = risk.campaign
    form = RiskForm(request.POST or None, actor=request.actor, campaign=campaign, row=risk)
    if form.carries_out(lambda **typed: actions.update_risk(request.actor, risk=risk, **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": risk})
        return redirect(risk)
    return form_page(request, "risks/form.html", form, **frame(request, campaign, "list", risk=risk))


def detail(request, slug, code, pk):
    risk = risk_of(request, code, pk)
    today, may_care = today_of(risk.campaign), can_care_for(request.actor, risk)
    lines = Activity.objects.visible_to(request.actor).about(risk.pk)
    review = {"review_date": today + timedelta(NEXT_REVIEW)}
    context = {
        "risk": risk,
        "is_due": risk.review_date is not None and risk.review_date < today and risk.state not in rules.OVER,
        "words": {
            "probability": rules.PROBABILITY[risk.probability],
            "impact": rules.IMPACT[risk.impact],
            "probability_after": rules.PROBABILITY.get(risk.probability_after),
            "impact_after": rules.IMPACT.get(risk.impact_after),
        },
        "moves": rules.open_to(risk.state) if may_care and risk.archived_at is None else [],
        "may_care": may_care and risk.archived_at is None,
        "may_keep": can_keep_risk(request.actor, risk),
        "review": ReviewForm(initial=review),
        "incidents": list(Incident.objects.visible_to(request.actor).filter(risk=risk).listed()[:LATEST]),
        "activities": told(lines[:LATEST], risk),
    }
    return render(request, "risks/detail.html", frame(request, risk.campaign, "list", **context))


@require_POST
def move(request, slug, code, pk):
    risk = risk_of(request, code, pk)
    if carried_out(request, lambda: actions.move_risk(request.actor, risk=risk, **read(MoveForm(request.POST)))):
        words = {"name": risk, "state": risk.get_state_display()}
        messages.success(request, _("%(name)s is “%(state)s” now.") % words)
    return redirect(risk)


@require_POST
def reviewed(request, slug, code, pk):
    risk = risk_of(request, code, pk)
    done = _("Reviewed. It comes up again on that day.")
    carried_out(request, lambda: actions.review_risk(request.actor, risk=risk, **read(ReviewForm(request.POST))), done)
    return redirect(risk)


@require_POST
def archive(request, slug, code, pk):
    risk = risk_of(request, code, pk)
    undo = reverse("risks:restore", args=[slug, code, pk])
    done = _("%(name)s is archived.") % {"name": risk}
    if carried_out(request, lambda: actions.archive_risk(request.actor, risk=risk), done, undo) is None:
        return redirect(risk)
    return redirect("risks:list", slug, code)


@require_POST
def restore(request, slug, code, pk):
    risk = actions.restore_risk(request.actor, risk=risk_of(request, code, pk))
    return undone(request, _("%(name)s is back in the register.") % {"name": risk}, risk.get_absolute_url())
