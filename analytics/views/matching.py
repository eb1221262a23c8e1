"""Pages of matching: what is unassigned with its money and suggestions, and what is matched, how and since when."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Max, Min, OuterRef, Q, Subquery, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.actions import matching as acts
from analytics.choices import LinkHow
from analytics.models import DailyTotal, ExternalObject, Fact, ObjectLink
from analytics.permissions.matching import can_match
from analytics.views.place import seen_version
from campaigns.models import Campaign
from core import text
from core.errors import Invalid, PharosError
from core.querysets import ExactSum
from placements.models import AdAccount, Placement

PAGE = 50
READ = ("level", "external_id", "name", "utm", "parent__name", "parent__external_id", "parent__parent__name")
READ += ("account_link__ad_account__name", "account_link__ad_account__platform", "account_link__ad_account__currency")
READ += ("account_link__ad_account__counting_level", "account_link__ad_account__channel__code")
LIKELY = 70  # a suggestion of this score is filled in and chosen; a person still says yes


def unassigned(request, slug):
    """Objects whose figures belong to no plan line yet, dearest first, each with what it may be."""
    return _page_of_unassigned(request, slug)


def _page_of_unassigned(request, slug, typed=None, status=200):
    """The page; after a refusal with what was chosen and typed on it."""
    accounts = list(AdAccount.objects.visible_to(request.actor))
    keys = list(_dearest_first(_searched(acts.unlinked(accounts), request)))  # the sort reads them all anyway
    page = Paginator(keys, PAGE)
    page = page.get_page(request.GET.get("page"))
    objects = _objects(page.object_list)
    places = acts.places_of(request.actor)
    found = acts.suggestions(request.actor, objects, places)
    labels = {row.pk: _label(row) for row in sorted(places, key=_by_code)}
    context = {
        "groups": _kept(_grouped(objects, found, labels, _figures(objects)), typed),
        "all_to": typed.get("all_to", "") if typed else "",
        "totals": _totals(request.actor),
        "page": page,
        "plans": [*labels.values(), *_campaigns(request.actor)],
        "q": request.GET.get("q", ""),
        "slug": slug,
        "may_match": can_match(request.actor),
        "tabs": _tabs(slug, "unassigned"),
    }
    return render(request, "analytics/unassigned.html", context, status=status)


def _dearest_first(rows):
    """The keys of objects by account, those with most cost first."""
    spent = Fact._base_manager.filter(object=OuterRef("pk"), metric="cost", breakdown="").order_by()
    cost = Subquery(spent.values("object").annotate(sum=Sum("value")).values("sum"))
    order = ("account_link__ad_account__name", F("cost").desc(nulls_last=True), "name", "pk")
    return rows.annotate(cost=cost).order_by(*order).values_list("pk", flat=True)


def _objects(keys):
    """The objects of a page in its order, with what naming and matching them reads."""
    rows = ExternalObject.objects.select_related("account_link__ad_account__channel", "parent__parent").only(*READ)
    found = rows.in_bulk(keys)
    return [found[key] for key in keys]


def _figures(objects):
    """`{object key: its sums and days}`."""
    rows = Fact._base_manager.filter(object__in=objects, breakdown="").order_by().values("object_id")
    sums = {code: ExactSum("value", filter=Q(metric=code)) for code in ("cost", "impressions", "clicks")}
    currency = Max("currency", filter=Q(metric="cost"))
    rows = rows.annotate(money=currency, first=Min("date_from"), last=Max("date_to"), **sums)
    return {row["object_id"]: row for row in rows}


def _searched(rows, request):
    words = request.GET.get("q", "").strip()[:100]
    return rows.filter(Q(name__icontains=words) | Q(external_id__icontains=words)) if words else rows


def _grouped(objects, found, labels, figures):
    """[{account, lines}] in the order of the page; a suggestion is filled in only where it is likely."""
    groups, select, belongs = [], _("Select %(name)s"), _("%(name)s belongs to")
    for row in objects:
        line = _line(row, found[row.pk], labels) | _said(figures.get(row.pk))
        name = str(row)
        line |= {"name": name, "select": select % {"name": name}, "belongs": belongs % {"name": name}}
        if not groups or groups[-1]["account"] != row.account_link.ad_account:
            groups.append({"account": row.account_link.ad_account, "lines": []})
        groups[-1]["lines"].append(line)
    return groups


def _said(sums):
    """An object's figures and days in words."""
    if not sums:
        return dict.fromkeys(("cost", "impressions", "clicks", "days"), text.MISSING)
    return {
        "cost": text.money(sums["cost"], sums["money"], get_language()),
        "impressions": text.trimmed(sums["impressions"], 2),
        "clicks": text.trimmed(sums["clicks"], 2),
        "days": f"{sums['first']:%Y-%m-%d} – {sums['last']:%m-%d}",
    }


def _kept(groups, typed):
    """The lines with what is chosen and filled in: what is likely, or after a refusal what somebody had typed."""
    chosen = set(typed.getlist("object")) if typed else ()
    for line in (line for group in groups for line in group["lines"]):
        key = line["key"]
        line |= (
            {"chosen": key in chosen, "to": typed.get(f"to_{key}", "")}
            if typed
            else {"chosen": line["label"], "to": line["label"]}
        )
    return groups


def _line(row, match, by_placement):
    """An object with the likeliest label and why, and the other suggestions as (label, reason)."""
    offers = [
        (one.score, by_placement[one.placement], one.reason)
        for one in match.suggestions
        if one.placement in by_placement
    ]
    if match.placement in by_placement:
        offers.insert(0, (100, by_placement[match.placement], match.reason))
    likely = offers[0] if offers and offers[0][0] >= LIKELY else (0, "", "")
    others = [(label, reason) for _score, label, reason in offers if label != likely[1]]
    return {"key": str(row.pk), "object": row, "label": likely[1], "reason": likely[2], "others": others[:2]}


def _plans(actor, places):
    """`{label: (campaign's key, placement's key or None)}`: what an object may be matched to, as the page offers it."""
    found = {_label(row): (row.campaign_id, row.pk) for row in sorted(places, key=_by_code)}
    return found | {label: (pk, None) for label, pk in _campaigns(actor).items()}


def _campaigns(actor):
    """`{label: key}` of the campaigns that an object may be matched to without a placement."""
    rows = Campaign.objects.visible_to(actor).active().order_by("code").values_list("code", "name", "pk")
    return {f"{code} · {name}": pk for code, name, pk in rows}


def _label(place):
    return f"{place.campaign__code} / {place.code} · {place.name}"


def _meant(plans, words):
    """The label that somebody's words mean: they are it, or its code or name and no other's."""
    words = words.strip()
    if not words or words in plans:
        return words
    found = [label for label in plans if words.casefold() in _short(label)]
    return found[0] if len(found) == 1 else words


def _short(label):
    """The code and the name in a label, to compare with."""
    code, _dot, name = label.partition(" · ")
    return code.split(" / ")[-1].casefold(), name.casefold()


def _by_code(place):
    return place.campaign__code, place.code


def _chosen(actor, plans, labels):
    """`{label: (campaign, placement or None)}` of the labels that somebody chose."""
    chosen = {label: plans[label] for label in labels if label in plans}
    campaigns = Campaign.objects.visible_to(actor).in_bulk({campaign for campaign, _placement in chosen.values()})
    placements = Placement.objects.visible_to(actor).in_bulk({placement for _campaign, placement in chosen.values()})
    return {label: (campaigns[of], placements.get(placement)) for label, (of, placement) in chosen.items()}


def _totals(actor):
    """Unassigned and total money per currency, out of the roll-up."""
    rows = DailyTotal.objects.visible_to(actor).filter(metric="cost").values("currency")
    rows = rows.annotate(total=ExactSum("value"), unassigned=ExactSum("value", filter=Q(campaign=None))).order_by(
        "currency"
    )
    return [row for row in rows if row["total"]]


def _tabs(slug, active):
    names = (("unassigned", _("Unassigned")), ("matched", _("Matched")))
    return [
        {"label": label, "url": reverse(f"analytics:{name}", args=[slug]), "active": name == active}
        for name, label in names
    ]


@require_POST
def unassigned_link(request, slug):
    """Match the chosen objects, each to its own line or all to one."""
    given = request.POST
    keys = [int(key) for key in given.getlist("object") if key.isdecimal() and len(key) < 19]
    objects = ExternalObject.objects.visible_to(request.actor).filter(pk__in=keys).select_related("account_link")
    all_plans = _plans(request.actor, acts.places_of(request.actor))
    to_all = given.get("all_to", "").strip()
    asked = [(row, _meant(all_plans, to_all or given.get(f"to_{row.pk}", ""))) for row in objects]
    plans = _chosen(request.actor, all_plans, {label for _row, label in asked})
    unknown = [str(row) for row, label in asked if label not in plans]
    try:
        _match([(row, *plans[label], None, None) for row, label in asked if label in plans], unknown, request)
    except PharosError as refused:
        messages.error(request, str(refused))
        return _page_of_unassigned(request, slug, given, status=422)
    return redirect(reverse("analytics:unassigned", args=[slug], query=request.GET))


def _match(choices, unknown, request):
    """All of them or none."""
    if unknown:
        names = ", ".join(unknown)[:300]
        raise Invalid(_("Choose a placement or campaign for: %(names)s.") % {"names": names}, code="plan_unknown")
    if not choices:
        return
    acts.link_objects(request.actor, choices=choices)
    text = ngettext(
        "%(n)d object is matched; the choice is remembered.",
        "%(n)d objects are matched; the choices are remembered.",
        len(choices),
    )
    messages.success(request, text % {"n": len(choices)})


@require_POST
def unassigned_again(request, slug):
    """Let the rules look at everything unassigned once more."""
    accounts = AdAccount.objects.visible_to(request.actor).select_related("channel")
    count = acts.match_again(request.actor, ad_accounts=accounts)
    text = ngettext("The rules matched %(n)d object.", "The rules matched %(n)d objects.", count)
    messages.success(request, text % {"n": count})
    return redirect("analytics:unassigned", slug)


def matched(request, slug):
    """What is matched: to which line, how, since when; each can be taken away."""
    rows = ObjectLink.objects.visible_to(request.actor).filter(campaign__in=Campaign.objects.visible_to(request.actor))
    rows = rows.select_related("object__account_link__ad_account", "campaign", "placement").order_by("-id")
    words, how = request.GET.get("q", "").strip()[:100], request.GET.get("how", "")
    if words:
        rows = rows.filter(Q(object__name__icontains=words) | Q(placement__name__icontains=words))
    if how in LinkHow.values:
        rows = rows.filter(how=how)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "hows": [{"value": value, "label": label, "active": value == how} for value, label in LinkHow.choices],
        "q": words,
        "slug": slug,
        "may_match": can_match(request.actor),
        "tabs": _tabs(slug, "matched"),
    }
    return render(request, "analytics/matched.html", context)


@require_POST
def object_unlink(request, slug, pk):
    rows = ObjectLink.objects.visible_to(request.actor).filter(campaign__in=Campaign.objects.visible_to(request.actor))
    link = get_object_or_404(rows.select_related("campaign"), pk=pk)
    acts.unlink(request.actor, link=link, seen=seen_version(request))
    messages.success(request, _("Its figures are unassigned again."))
    return redirect("analytics:matched", slug)


urls = [
    path("data/unassigned/", unassigned, name="unassigned"),
    path("data/unassigned/link/", unassigned_link, name="unassigned-link"),
    path("data/unassigned/again/", unassigned_again, name="unassigned-again"),
    path("data/unassigned/matched/", matched, name="matched"),
    path("data/unassigned/matched/<uuid:pk>/unlink/", object_unlink, name="object-unlink"),
]
