"""Settings of a workspace, its people and its organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.choices import OrganizationKind, Role
from accounts.forms import MemberForm, NewMemberForm, OrganizationForm, WorkspaceForm
from accounts.forms.joining import InviteMemberForm
from accounts.models import Invitation, Membership, Organization
from accounts.permissions import can_give_role, can_manage
from accounts.views import carried_out, form_page
from accounts.views.seats import kept_at, qr_image
from core.errors import PharosError
from core.export import table_response

PAGE = 50


def settings(request, slug):
    form = WorkspaceForm(request.POST or None, row=request.actor.workspace)
    if form.carries_out(lambda **typed: actions.change_workspace(request.actor, workspace=form.row, **typed)):
        messages.success(request, _("The workspace is saved."))
        return redirect("accounts:settings", slug)
    return form_page(request, "accounts/settings.html", form)


def table(request, rows, orders, **filters):
    """Rows filtered and ordered by the query string: `q`, one exact value a filter, `o` one of `orders`."""
    words = request.GET.get("q", "").strip()[:200]
    if words:
        rows = rows.found_by(words)
    for name, allowed in filters.items():
        if request.GET.get(name) in allowed:
            rows = rows.filter(**{name: request.GET[name]})
    order = request.GET.get("o", "")
    field = orders.get(order.removeprefix("-"), next(iter(orders.values())))
    return rows.order_by(f"-{field}" if order.startswith("-") else field, "pk")


def choices(request, name, labels):
    """A filter menu of the toolbar: each choice keeps the other filters."""
    chosen = request.GET.get(name, "")
    others = request.GET.copy()
    for gone in ("page", name):
        others.pop(gone, None)
    options = [("", _("All")), *((value, capfirst(label)) for value, label in labels)]
    return [
        {"value": value, "label": label, "active": value == chosen, "url": f"?{_with(others, name, value)}"}
        for value, label in options
    ]


def _with(params, name, value):
    changed = params.copy()
    if value:
        changed[name] = value
    return changed.urlencode()


PEOPLE_ORDERS = {"name": "user__name", "role": "role", "organization": "organization__name", "title": "title"}


def people(request, slug):
    rows = Membership.objects.visible_to(request.actor).of_people().select_related("user", "organization")
    rows = table(request, rows, PEOPLE_ORDERS, role=Role.values)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export_people(request.GET["export"], rows)
    may_manage = can_manage(request.actor, request.actor.workspace_id)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_manage": may_manage,
        "invitations": waiting(request) if may_manage else [],
        "filters": [{"name": "role", "label": _("Role"), "options": choices(request, "role", Role.choices)}],
    }
    return render(request, "accounts/people.html", context)


def export_people(kind, rows):
    header = [_("Name"), _("E-mail"), _("Role"), _("Organisation"), _("Job title")]
    lines = [(m.user.name, m.user.email, m.get_role_display(), m.organization, m.title) for m in rows]
    return table_response(kind, _("people"), header, lines)


def person_add(request, slug):
    form = NewMemberForm(request.POST or None, actor=request.actor)
    if form.carries_out(lambda **typed: actions.add_member(request.actor, **typed)):
        words = {"name": form.result.user.name}
        messages.success(request, _("%(name)s is in the workspace now; a mail is on its way.") % words)
        return redirect("accounts:people", slug)
    return form_page(request, "accounts/person_add.html", form)


# --- invitations ----------------------------------------------------------------------------------------------------

WAITING_SHOWN = 100


def invitations_of(request):
    return Invitation.objects.visible_to(request.actor).of_members().select_related("organization", "made_by")


def waiting(request):
    """Invitations that nobody has used yet, the latest first, each with its state."""
    rows = list(invitations_of(request).unused()[:WAITING_SHOWN])
    for row in rows:
        row.shown_state = row.state(now=timezone.now())
    return rows


def invite(request, slug):
    form = InviteMemberForm(request.POST or None, actor=request.actor)
    if form.carries_out(lambda **typed: actions.invite_member(request.actor, **typed)):
        return _invited(request, *form.result)
    return form_page(request, "accounts/invite.html", form)


def _invited(request, row, token):
    """The link and its QR code, this once."""
    url = actions.address_of_invitation(token)
    response = render(request, "accounts/invited.html", {"invitation": row, "url": url, "qr": qr_image(url)})
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
def invitation_again(request, slug, pk):
    row = get_object_or_404(invitations_of(request), pk=pk)
    try:
        made = actions.invite_again(request.actor, invitation=row)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect("accounts:people", slug)
    return _invited(request, *made)


@require_POST
def invitation_revoke(request, slug, pk):
    row = get_object_or_404(invitations_of(request), pk=pk)
    sentence, back = _("The invitation is taken back; its link is dead."), reverse("accounts:people", args=[slug])
    return carried_out(request, lambda: actions.revoke_invitation(request.actor, invitation=row), sentence, back)


# --- members --------------------------------------------------------------------------------------------------------


def person(request, slug, pk):
    rows = Membership.objects.visible_to(request.actor).of_people().select_related("user")
    membership = get_object_or_404(rows, pk=pk)
    form = MemberForm(request.POST or None, row=membership, actor=request.actor)
    if form.carries_out(lambda **typed: actions.change_member(request.actor, membership=membership, **typed)):
        messages.success(request, _("Saved."))
        return redirect("accounts:people", slug)
    may_change = can_give_role(request.actor, before=membership.role)
    return form_page(request, "accounts/person.html", form, membership=membership, may_change=may_change)


@require_POST
def person_remove(request, slug, pk):
    membership = get_object_or_404(Membership.objects.visible_to(request.actor).of_people(), pk=pk)
    try:
        actions.remove_member(request.actor, membership=membership)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect("accounts:people", slug)
    messages.success(request, _("%(name)s has no access to this workspace any more.") % {"name": membership.user})
    itself = membership.user_id == request.actor.user_id
    return redirect("accounts:start") if itself else redirect("accounts:people", slug)


ORGANIZATION_ORDERS = {"name": "name", "kind": "kind", "contact": "contact"}


def organizations(request, slug):
    rows = Organization.objects.visible_to(request.actor)
    archived = request.GET.get("archived") == "1"
    rows = table(
        request, rows.exclude(archived_at=None) if archived else rows.active(), ORGANIZATION_ORDERS, kind=KINDS
    )
    if request.GET.get("export") in ("csv", "xlsx"):
        return export_organizations(request.GET["export"], rows)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "archived": archived,
        "may_manage": can_manage(request.actor, request.actor.workspace_id),
        "filters": [
            {"name": "kind", "label": _("Kind"), "options": choices(request, "kind", OrganizationKind.choices)},
            {"name": "archived", "label": _("State"), "options": choices(request, "archived", [("1", _("Archived"))])},
        ],
    }
    return render(request, "accounts/organizations.html", context)


KINDS = OrganizationKind.values


def export_organizations(kind, rows):
    header = [_("Name"), _("Kind"), _("Contact"), _("Note")]
    lines = [(row.name, row.get_kind_display(), row.contact, row.note) for row in rows]
    return table_response(kind, _("organisations"), header, lines)


def organization_add(request, slug):
    form = OrganizationForm(request.POST or None, initial={"kind": OrganizationKind.AGENCY})
    if form.carries_out(lambda **typed: actions.create_organization(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return redirect("accounts:organizations", slug)
    return form_page(request, "accounts/organization.html", form)


def organization(request, slug, pk):
    row = get_object_or_404(Organization.objects.visible_to(request.actor), pk=pk)
    form = OrganizationForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.change_organization(request.actor, organization=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("accounts:organizations", slug)
    door = kept_at(request, row) if row.kind != OrganizationKind.IN_HOUSE else {}
    return form_page(request, "accounts/organization.html", form, **{"organization": row, **door})


@require_POST
def organization_archive(request, slug, pk):
    return _moved(request, slug, pk, actions.archive_organization, _("%(name)s is archived."))


@require_POST
def organization_restore(request, slug, pk):
    return _moved(request, slug, pk, actions.restore_organization, _("%(name)s is back."))


def _moved(request, slug, pk, act, sentence):
    """Archive or restore; a script (the undo of a toast) gets the sentence, a browser goes back to the list."""
    row = get_object_or_404(Organization.objects.visible_to(request.actor), pk=pk)
    if not request.accepts("text/html"):
        act(request.actor, organization=row)
        return JsonResponse({"text": sentence % {"name": row.name}})
    try:
        act(request.actor, organization=row)
        undo = reverse("accounts:organization-restore", args=[slug, pk]) if row.archived_at else ""
        messages.success(request, sentence % {"name": row.name}, extra_tags=undo)
    except PharosError as error:
        messages.error(request, str(error))
    return redirect("accounts:organizations", slug)
