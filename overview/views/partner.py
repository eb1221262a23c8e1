"""A partner's home, and its media lines: what is theirs, and nothing else."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models.faces import names_for
from assets import actions as assets
from assets.models import Rendition
from assets.models.heard import feedback, of_partner, stood
from assets.permissions import can_fetch
from assets.views import ICONS
from assets.views.partner_proof import marked_picture
from campaigns.permissions import can_ask
from core.errors import PharosError
from overview.querysets import partner as found
from placements.models import Slot

LISTED = 8


def home(request, slug):
    """What is due, what came back, what is answered, what starts soon; the next step is one tap away."""
    actor, today = request.actor, timezone.localdate()
    assets_ = [one for one in stood(list(of_partner(actor)), today) if one.waits]
    said = feedback(actor, [one.pk for one in assets_ if one.standing == "returned"])
    for one in assets_:
        one.icon, one.words = ICONS[one.kind], said.get(one.pk, ())
    tasks = list(found.open_tasks(actor))
    for task in tasks:
        task.left = (task.finish_date - today).days if task.finish_date else None
    since = timezone.now() - timedelta(days=found.ANSWERED_DAYS)
    context = {
        "slug": slug,
        "today": today,
        "returned": [one for one in assets_ if one.standing == "returned"],
        "assets": [one for one in assets_ if one.standing != "returned"],
        "tasks": tasks,
        "questions": asked(actor, since),
        "steps": list(found.steps_of(actor)),
        "placements": found.starting(list(found.placements_of(actor)), today),
        "most": LISTED,
    }
    late = [one for one in assets_ if one.is_late] + [one for one in tasks if one.left is not None and one.left < 0]
    counted = ("returned", "assets", "tasks", "questions", "steps")
    context |= {"late": len(late), "count": sum(len(context[name]) for name in counted)}
    return render(request, "overview/partner_home.html", context)


def asked(actor, since):
    """Questions that wait or were answered, with who speaks."""
    rows = list(found.questions_of(actor, since=since))
    names = names_for(actor, [person for row in rows for person in (row.asked_by, row.answered_by)])
    for row in rows:
        row.waits = row.state == "open"
        row.by = names[row.asked_by_id] if row.waits else names.get(row.answered_by_id, "")
    return rows


def placements(request, slug):
    """The organisation's own media lines with what is planned and spent on them."""
    rows = found.with_money(found.placements_of(request.actor))
    context = {"slug": slug, "placements": rows, "totals": found.totals(rows), "today": timezone.localdate()}
    return render(request, "overview/partner_placements.html", context)


def placement(request, slug, pk):
    """One line: flights, days, money, slots."""
    row = get_object_or_404(found.placements_of(request.actor), pk=pk)
    money = found.with_money([row])[0]
    spent = found.spent_by_day(row)
    planned = {one.date: one for one in row.days.all()}
    dates = sorted({*planned, *(day for day, currency in spent if currency == row.currency)})
    slots = list(found.slots_of(row))
    small = dict(
        Rendition.objects.filter(kind="thumbnail", version__in=[one.version_id for one in slots if one.version_id])
        .order_by()
        .values_list("version_id", "pk")
    )
    for slot in slots:
        slot.has_picture = slot.version_id in small
        slot.may_fetch = slot.version is not None and bool(can_fetch(request.actor, slot.version))
    context = {
        "slug": slug,
        "placement": money,
        "flights": list(row.flights.all()),
        "days": [(day, planned.get(day), spent.get((day, row.currency))) for day in dates],
        "slots": slots,
        "may_ask": bool(can_ask(request.actor, row.campaign)),
    }
    return render(request, "overview/partner_placement.html", context)


def slot_of(request, pk):
    rows = Slot.objects.visible_to(request.actor).select_related(
        "placement", "version__asset", "version__file", "version__campaign"
    )
    slot = get_object_or_404(rows.filter(placement__archived_at=None), pk=pk)
    if slot.version is None:
        raise Http404
    return slot


def slot_picture(request, slug, pk):
    """What was released to run in a slot, small and marked."""
    rows = Rendition.objects.filter(version=slot_of(request, pk).version_id, kind="thumbnail").select_related("file")
    return marked_picture(request.actor, get_object_or_404(rows))


@require_POST
def slot_download(request, slug, pk):
    """A link to the approved original that runs in a slot, used at once."""
    slot = slot_of(request, pk)
    try:
        _download, token = assets.open_download(request.actor, version=slot.version)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect("overview:partner-placement", slug, slot.placement_id)
    return redirect("assets:partner-take", slug, token)
