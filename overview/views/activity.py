"""The logbook of a workspace, a campaign, a person and a thing: who did what, when, from what to what."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiKey
from campaigns.models import Campaign
from campaigns.views import find_campaign
from core.export import table_response
from core.policy import manager
from overview.forms import ActivityFilter
from overview.querysets.logbook import chosen, doers, logbook, page_of
from overview.querysets.told import MOST, told
from overview.rules.verbs import THINGS, sentence, spoken
from overview.views.links import link_to_subject
from overview.views.tabs import campaign_tabs

EXPORTED = 20_000
PLACES = ("before", "after", "export")


def activity(request, slug):
    return _page(request, slug, logbook(request.actor))


def campaign_activity(request, slug, code):
    campaign = find_campaign(request, code)
    rows = logbook(request.actor).filter(campaign_id=campaign.pk)
    return _page(request, slug, rows, campaign=campaign, tabs=campaign_tabs(request, campaign))


def _page(request, slug, rows, campaign=None, **context):
    actor = request.actor
    campaigns = [] if campaign else list(Campaign.objects.visible_to(actor).order_by("name").only("name", "code"))
    form = ActivityFilter(request.GET, doers(actor, request.GET.get("who", "")), campaigns)
    rows = chosen(rows, form.chosen())
    kind = request.GET.get("export")
    if kind in ("csv", "xlsx"):
        return _download(kind, rows[:EXPORTED], actor)
    place = {name: request.GET.get(name, "")[:40] for name in ("before", "after")}
    found, is_newer, is_older = page_of(_from(rows, actor), **place)
    context |= {
        "form": form,
        "subject": found[0] if found and form.chosen().get("subject") else None,
        "newer": found[0].pk if found and is_newer else None,
        "older": found[-1].pk if found and is_older else None,
        "days": by_day(lines(slug, actor, found, {one.pk: one for one in campaigns or [campaign] if one})),
        "is_filtered": any(value for name, value in request.GET.items() if name not in PLACES),
        "campaign": campaign,
    }
    return render(request, "overview/activity.html", context)


def _from(rows, actor):
    """With the event of each line for those who see from where things were done."""
    return rows.select_related("event") if manager(actor) else rows


def lines(slug, actor, rows, campaigns):
    """Lines of the logbook with their sentence and the address of what they are about; `campaigns` are by id."""
    codes = {pk: campaign.code for pk, campaign in campaigns.items()}
    return [_line(slug, actor, row, campaigns, codes) for row in rows]


def _line(slug, actor, row, campaigns, codes):
    changes = told(row, actor)
    return {
        "row": row,
        "words": sentence(row.verb),
        "url": link_to_subject(slug, row, codes),
        "campaign": campaigns.get(row.campaign_id),
        "changes": changes[:MOST],
        "more": max(0, len(changes) - MOST),
        "event": row.event if "event" in row._state.fields_cache else None,
    }


def by_day(found):
    """`[(day, lines)]` in the person's zone."""
    days = {}
    for line in found:
        days.setdefault(timezone.localtime(line["row"].at).date(), []).append(line)
    return list(days.items())


def _download(kind, rows, actor):
    sees = manager(actor)
    head = [_("At"), _("Who"), _("Act"), _("Thing"), _("Kind"), _("Campaign"), _("Changes")]
    head += [_("IP address"), _("Key")] if sees else []
    names = dict(Campaign.objects.visible_to(actor).values_list("pk", "name"))
    keys = dict(ApiKey.objects.visible_to(actor).values_list("pk", "name")) if sees else {}
    rows = _from(rows, actor).iterator(chunk_size=2000)
    cells = (_cells(row, actor, names) + (_origin(row.event, keys) if sees else []) for row in rows)
    return table_response(kind, _("Activity"), head, cells)


def _cells(row, actor, names):
    return [
        timezone.localtime(row.at).replace(microsecond=0),
        row.user_name,
        spoken(row.verb, row.subject_label),
        row.subject_label,
        str(THINGS.get(row.subject_type, row.subject_type)),
        names.get(row.campaign_id, ""),
        "; ".join(f"{label}: {before or '–'} → {after or '–'}" for label, before, after in told(row, actor)),
    ]


def _origin(event, keys):
    return [event.ip or "", keys.get(event.key_id, "")]
