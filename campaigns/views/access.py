"""Access to tools and accounts: the list with its acts, one item with its proofs, the form, the export."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns import actions
from campaigns.actions.access import subjects_of, uncovered
from campaigns.actions.writing import today_of, zone_of
from campaigns.choices import AccessKind, AccessState
from campaigns.forms import AccessItemForm, MarkForm, ProofForm
from campaigns.models import AccessItem, AccessProof
from campaigns.permissions import can_plan, can_prove
from campaigns.views import find_campaign, menu, offer_undo, undone
from campaigns.views.readiness import said, tabs
from core.errors import Invalid
from core.export import table_response
from core.files import served

TONES = {  # the pressing first
    AccessState.EXPIRED: "bad",
    AccessState.STALE: "warn",
    AccessState.TO_REQUEST: "",
    AccessState.REQUESTED: "info",
    AccessState.GRANTED: "warn",
    AccessState.PROVEN: "ok",
}
PRESSING = tuple(TONES)


def find(request, code, pk):
    """An item of the campaign of the address, or 404."""
    rows = AccessItem.objects.visible_to(request.actor).with_owner()
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def living(request, campaign):
    """The items of a campaign that are not archived."""
    return AccessItem.objects.visible_to(request.actor).active().of(campaign).with_owner()


def items_of(request, campaign, rows):
    """The items that fit the filters, the pressing first, each with how far it is and what may be done."""
    found = sorted((shown(request, row, campaign) for row in rows), key=lambda row: PRESSING.index(row.state))
    asked = {name: request.GET.get(name, "") for name in ("state", "kind")}
    return [row for row in found if asked["state"] in ("", row.state) and asked["kind"] in ("", row.kind)]


def shown(request, row, campaign):
    row.stands = row.standing(today_of(campaign), zone_of(campaign))
    row.state, row.state_label = row.stands.state, AccessState(row.stands.state).label
    row.tone = TONES[row.state]
    row.may_prove = can_prove(request.actor, row)
    row.wants_proof = row.state in (AccessState.GRANTED, AccessState.STALE)
    row.wants_renewal = row.state == AccessState.EXPIRED and can_plan(request.actor, row)
    row.next_step = {"to_request": "requested", "requested": "granted"}.get(row.state, "")
    return row


def access(request, slug, code):
    campaign = find_campaign(request, code)
    rows = list(living(request, campaign))
    context = {
        "campaign": campaign,
        "slug": slug,
        "tabs": tabs(request, campaign),
        "items": items_of(request, campaign, rows),
        "missing": uncovered(request.actor, campaign, rows),
        "may_plan": can_plan(request.actor, campaign),
        "filters": [
            menu(request, "state", _("State"), AccessState.choices),
            menu(request, "kind", _("Kind"), AccessKind.choices),
        ],
        "is_filtered": any(request.GET.get(name) for name in ("state", "kind")),
        "export": [
            {"label": kind.upper(), "url": f"{reverse('campaigns:access-export', args=[slug, code])}?as={kind}"}
            for kind in ("csv", "xlsx")
        ],
    }
    return render(request, "campaigns/access.html", context)


def export(request, slug, code):
    """The list as CSV or XLSX."""
    campaign = find_campaign(request, code)
    header = [
        _("Name"),
        _("Kind"),
        _("Access level"),
        _("State"),
        _("Owner"),
        _("Ad account or data source"),
        _("Address"),
    ]
    header += [_("Requested on"), _("Granted on"), _("Expires on"), _("Proven"), _("Note")]
    rows = [cells(row, campaign) for row in items_of(request, campaign, living(request, campaign))]
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return table_response(kind, f"{campaign.code} {_('Access')}", header, rows)


def cells(row, campaign):
    words = [row.name, *(capfirst(text) for text in (row.get_kind_display(), row.get_level_display(), row.state_label))]
    proven = row.proven_at and row.proven_at.astimezone(zone_of(campaign)).strftime("%Y-%m-%d %H:%M")
    days = [row.requested_date, row.granted_date, row.expires_date]
    return [*words, row.owner.name, row.subject_label, row.address, *days, proven, row.note]


def item(request, slug, code, pk):
    """One item: how far it is, its proofs; a POST proves it."""
    row = find(request, code, pk)
    form = ProofForm(request.POST or None, request.FILES or None)
    if form.carries_out(lambda **typed: actions.prove_access(request.actor, item=row, **typed)):
        messages.success(request, _("“%(name)s” is proven.") % {"name": row})
        return redirect("campaigns:access", slug, code)
    context = {
        "campaign": row.campaign,
        "slug": slug,
        "item": shown(request, row, row.campaign),
        "proofs": list(row.proofs.select_related("given_by", "file")[:50]),
        "may_plan": can_plan(request.actor, row),
    }
    return form_page(request, "campaigns/access_item.html", form, **context)


def add(request, slug, code):
    campaign = find_campaign(request, code)
    subjects = subjects_of(request.actor, campaign)
    form = AccessItemForm(
        request.POST or None, actor=request.actor, subjects=subjects, initial=suggested(request, subjects)
    )
    if form.carries_out(lambda **typed: actions.add_access_item(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:access", slug, code)
    return form_page(request, "campaigns/access_form.html", form, campaign=campaign, slug=slug)


def suggested(request, subjects):
    """What a new item starts with: oneself as its owner, and the ad account or source that the link names."""
    chosen = next((subject for subject in subjects if subject.key == request.GET.get("subject")), None)
    about = {"subject": chosen.key, "name": chosen.label, "kind": chosen.kind} if chosen else {}
    return {"owner": request.user, "level": "edit", **about}


def edit(request, slug, code, pk):
    row = find(request, code, pk)
    subjects = subjects_of(request.actor, row.campaign)
    form = AccessItemForm(request.POST or None, actor=request.actor, subjects=subjects, row=row)
    if form.carries_out(lambda **typed: actions.update_access_item(request.actor, item=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect(row.get_absolute_url())
    return form_page(request, "campaigns/access_form.html", form, campaign=row.campaign, slug=slug, item=row)


@require_POST
def mark(request, slug, code, pk):
    """Requested or granted today."""
    row, form = find(request, code, pk), MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it was requested or granted."))
    else:
        said(request, lambda: actions.mark_access(request.actor, item=row, **form.cleaned_data), _("Saved."))
    return redirect("campaigns:access", slug, code)


@require_POST
def archive(request, slug, code, pk):
    row = find(request, code, pk)
    actions.archive_access_item(request.actor, item=row)
    undo = reverse("campaigns:access-restore", args=[slug, code, pk])
    offer_undo(request, _("“%(name)s” is off the list.") % {"name": row}, undo)
    return redirect("campaigns:access", slug, code)


@require_POST
def restore(request, slug, code, pk):
    row = find(request, code, pk)
    url = reverse("campaigns:access", args=[slug, code])
    try:
        actions.restore_access_item(request.actor, item=row)
    except Invalid as refused:
        messages.error(request, str(refused))
        return redirect(url)
    return undone(request, _("“%(name)s” is back.") % {"name": row}, url)


def proof_of(request, code, pk):
    rows = AccessProof.objects.visible_to(request.actor)
    rows = rows.select_related("item", "item__campaign", "item__workspace", "file")
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


@require_POST
def withdraw(request, slug, code, pk):
    proof = proof_of(request, code, pk)
    said(request, lambda: actions.withdraw_proof(request.actor, proof=proof), _("The proof is taken back."))
    return redirect(proof.item.get_absolute_url())


def evidence(request, slug, code, pk):
    """The bytes of a proof's file."""
    proof = proof_of(request, code, pk)
    if proof.file is None:
        raise Http404
    return served(proof.file)
