"""The logbook of a workspace and of a campaign: who did what, when, from what to what."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Campaign
from campaigns.views import find_campaign
from core.export import table_response
from overview.forms import ActivityFilter
from overview.querysets.logbook import logbook, within_days
from overview.rules.verbs import sentence, spoken
from overview.views.links import link_to_subject
from overview.views.tabs import campaign_tabs

PAGE, EXPORTED = 50, 20_000
DIRECT = {"person": "user_id", "verb": "verb"}


def activity(request, slug):
    return _page(request, slug, logbook(request.actor))


def campaign_activity(request, slug, code):
    campaign = find_campaign(request, code)
    rows = logbook(request.actor).filter(campaign_id=campaign.pk)
    return _page(request, slug, rows, campaign=campaign, tabs=campaign_tabs(request, campaign))


def _page(request, slug, rows, **context):
    people = User.objects.filter(memberships__workspace=request.actor.workspace_id).order_by("name")
    form = ActivityFilter(request.GET, people)
    rows = filtered(rows, form.chosen())
    kind = request.GET.get("export")
    if kind in ("csv", "xlsx"):
        return _download(kind, rows[:EXPORTED])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    days = by_day(lines(slug, request.actor, page.object_list))
    is_filtered = any(value for name, value in request.GET.items() if name != "page")
    return render(
        request,
        "overview/activity.html",
        {"form": form, "page": page, "days": days, "is_filtered": is_filtered, **context},
    )


def filtered(rows, chosen):
    """Lines that fit the filters: person, area, act, words of the thing's name, days."""
    for name, column in DIRECT.items():
        if name in chosen:
            rows = rows.filter(**{column: getattr(chosen[name], "pk", chosen[name])})
    if "area" in chosen:
        rows = rows.filter(verb__startswith=f"{chosen['area']}.")
    if "q" in chosen:
        rows = rows.filter(subject_label__icontains=chosen["q"])
    return within_days(rows, chosen.get("start"), chosen.get("finish"))


def lines(slug, actor, rows, campaign=None):
    """Lines of the logbook with their sentence and the address of what they are about; one query for the campaigns,
    none where they are known to be of one `campaign`."""
    rows = list(rows)
    ids = {row.campaign_id for row in rows if row.campaign_id} if campaign is None else set()
    campaigns = {one.pk: one for one in Campaign.objects.visible_to(actor).filter(pk__in=ids)} if ids else {}
    campaigns |= {campaign.pk: campaign} if campaign else {}
    codes = {pk: campaign.code for pk, campaign in campaigns.items()}
    return [
        {
            "row": row,
            "words": sentence(row.verb),
            "url": link_to_subject(slug, row, codes),
            "campaign": campaigns.get(row.campaign_id),
            "changes": told(row)[:6],
        }
        for row in rows
    ]


def by_day(found):
    """`[(day, lines)]` in the person's zone."""
    days = {}
    for line in found:
        days.setdefault(timezone.localtime(line["row"].at).date(), []).append(line)
    return list(days.items())


def _download(kind, rows):
    head = [_("At"), _("Person"), _("Act"), _("Thing"), _("Kind"), _("Changes")]
    cells = (
        [
            timezone.localtime(row.at).replace(microsecond=0),
            row.user_name,
            spoken(row.verb, row.subject_label),
            row.subject_label,
            row.subject_type,
            "; ".join(f"{name}: {before} → {after}" for name, before, after in told(row)),
        ]
        for row in rows.iterator(chunk_size=2000)
    )
    return table_response(kind, _("Activity"), head, cells)


def told(row):
    """What changed, as (the field in words, before, after); what was empty and stays so is not told."""
    pairs = ((name, pair) for name, pair in row.changes.items() if isinstance(pair, list) and len(pair) == 2)
    return [(field_words(row.subject_type, name), *pair) for name, pair in pairs if any(map(_says, pair))]


def _says(value):
    return value not in (None, "", [], {})


def field_words(label, name):
    """A field as its table calls it, rows that point at it as theirs does; the bare name where it has gone since."""
    try:
        field = apps.get_model(label)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return name.replace("_", " ")
    words = field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name
    return _(capfirst(words))  # a field without words of its own may bear a word of the pages
