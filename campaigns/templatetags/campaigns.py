"""Words of this app's templates: @mentions in comments, the way to a campaign's pages."""

import re
from decimal import Decimal

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.rules import mentions as rules
from core import text
from core.money import decimal_text

register = template.Library()
KPI_VERBS = {
    "campaigns.kpi_created": _("made the KPI"),
    "campaigns.kpi_changed": _("changed the KPI"),
    "campaigns.kpi_targets_set": _("set its targets"),
    "campaigns.kpi_archived": _("archived the KPI"),
    "campaigns.kpi_restored": _("restored the KPI"),
}


@register.filter
def mentions(text):
    """The stored text in lines, escaped; whom it names stands out."""
    pieces = re.split(f"({rules.REFERENCE.pattern})", text)  # plain, whole reference, its name, its id, plain …
    found = []
    for at in range(0, len(pieces), 4):
        found.append(_lines(pieces[at]))
        if at + 2 < len(pieces):
            found.append(format_html('<b class="mention">@{}</b>', pieces[at + 2]))
    return format_html_join("", "{}", ((piece,) for piece in found))


@register.filter
def spoken(text):
    """The stored text as plain words."""
    return rules.spoken(text)


def _lines(piece):
    first, *others = piece.split("\n")
    return format_html("{}{}", first, format_html_join("", "<br>{}", ((line,) for line in others)))


@register.simple_tag(takes_context=True)
def fragment_url(context, name, *args):
    """The address of a fragment that a floor above may serve; empty when it does not."""
    try:
        return reverse(name, args=[context["request"].actor.workspace.slug, *args])
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def campaign_home(context, campaign):
    """The first page of a campaign: its cockpit, or its brief while no floor above serves one."""
    place = [context["request"].actor.workspace.slug, campaign.code]
    try:
        return reverse("overview:cockpit", args=place)
    except NoReverseMatch:
        return reverse("campaigns:brief", args=place)


@register.filter
def plain(value):
    """An exact figure for an input or a table of rates: no thousands marks, no empty digits."""
    return decimal_text(value) if isinstance(value, Decimal) else "" if value is None else value


@register.filter
def measured(value, kpi):
    """A figure of a KPI in its metric's unit: money with its sign, a share as per cent."""
    if kpi.metric is None:
        return text.trimmed(value, 6)
    language, currency = get_language(), kpi.campaign.currency
    return text.figure(value, kpi.metric.unit, language, currency=currency, short=False, decimals=kpi.places)


@register.simple_tag
def activity_words(line):
    """What a logbook line says happened to a KPI."""
    return KPI_VERBS.get(line.verb, line.verb.partition(".")[2].replace("_", " "))
