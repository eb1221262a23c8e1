"""One asset: open, look, change, move, archive."""

from django.contrib import messages
from django.db.models import Value
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from assets import actions
from assets.choices import AssetKind
from assets.forms import AddressForm, AssetForm, FileForm, NewAssetForm, RightForm, StageForm, TextForm
from assets.models import AssetVersion
from assets.permissions import can_produce
from assets.rules import logbook, rights, stages, standards, types
from assets.views import asset_of
from assets.views.lists import back
from assets.views.panel import panel
from campaigns.models import BriefVersion, Kpi
from campaigns.permissions import can_plan
from campaigns.rules import brief
from campaigns.views import find_campaign, undone
from core.errors import PharosError
from core.models import Activity
from tasks.models import Problem

LATEST, MOST_VERSIONS = 12, 60


def create(request, slug, code):
    campaign = find_campaign(request, code)
    form = NewAssetForm(request.POST or None, actor=request.actor, campaign=campaign)
    if form.carries_out(lambda **typed: actions.create_asset(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("“%(title)s” is in the topic pool.") % {"title": form.result})
        return redirect(form.result)
    return form_page(request, "assets/form.html", form, campaign=campaign, slug=slug)


def edit(request, slug, code, pk):
    asset = asset_of(request, code, pk)
    form = AssetForm(request.POST or None, actor=request.actor, campaign=asset.campaign, row=asset)
    if form.carries_out(lambda **typed: actions.update_asset(request.actor, asset=asset, **typed)):
        messages.success(request, _("“%(title)s” is saved.") % {"title": asset})
        return redirect(asset)
    return form_page(request, "assets/form.html", form, campaign=asset.campaign, slug=slug, asset=asset)


def detail(request, slug, code, pk):
    return page_of(request, asset_of(request, code, pk))


def page_of(request, asset, status=200, **more):
    """The page of an asset; `more` are forms that were refused, or what somebody else wrote meanwhile."""
    versions = versions_of(request.actor, asset)
    current = versions[0] if versions else None
    may_work = bool(can_produce(request.actor, asset)) and asset.archived_at is None
    context = {
        "asset": asset,
        "campaign": asset.campaign,
        "slug": asset.workspace.slug,
        "versions": versions,
        "current": current,
        "says": standards.said(asset.standard.demands) if asset.standard else "",
        "moves": stages.open_to(asset.stage) if may_work else [],
        "may_plan": bool(can_plan(request.actor, asset)),
        "may_work": may_work,
        "takes_versions": may_work and asset.stage in stages.TAKES_VERSIONS,
        **around(request.actor, asset),
        "rights": rights_of(asset),
        "right_form": RightForm(auto_id="right_%s"),
        "activities": activities(request.actor, asset, versions),
        "brief": brief_of(request.actor, asset.campaign),
        "is_late": asset.stage in stages.OPEN and bool(asset.submit_by) and asset.submit_by < today(asset),
        "standing": panel(request.actor, asset),
        **handing_in(asset, current),
        **more,
    }
    return render(request, "assets/detail.html", context, status=status)


def today(asset):
    return actions.stages.today_of(asset.campaign)


def handing_in(asset, current):
    """The forms by which the next version comes, as the kind takes them."""
    takes = actions.versions.TAKES[asset.kind]
    text = {"text": current.text if current else "", "based_on": asset.current_number}
    return {
        "text_form": TextForm(initial=text, auto_id="text_%s") if "text" in takes else None,
        "file_form": FileForm(auto_id="file_%s") if "upload" in takes else None,
        "address_form": AddressForm(auto_id="address_%s") if "url" in takes else None,
        "writes": asset.kind == AssetKind.COPY,
    }


def versions_of(actor, asset):
    """The versions of an asset, newest first, with their pictures and findings in words."""
    rows = AssetVersion.objects.visible_to(actor).filter(asset=asset).select_related("uploader", "file")
    found = list(rows.read_ahead("renditions")[:MOST_VERSIONS])
    for one in found:
        pictures = {(each.kind, each.page): each for each in one.renditions.all()}
        one.thumbnail, one.preview = pictures.get(("thumbnail", 1)), pictures.get(("preview", 1))
        one.pages = [each for (kind, _page), each in sorted(pictures.items()) if kind == "page"]
        one.is_played = types.PLAYED.get(one.measures.get("type"), "") if asset.kind == AssetKind.VIDEO else ""
        one.says = [{"tone": TONES[each["severity"]], "text": standards.sentence(each)} for each in one.findings]
        one.facts = standards.measured(one.measures)
    return found


TONES = {"block": "bad", "warn": "warn"}


def rights_of(asset):
    rows = list(asset.rights.select_related("file"))
    for one in rows:
        state = rights.state_of(one.start_date, one.finish_date, today=today(asset))
        one.tone, one.says = rights.TONES[state], rights.said(state)
    return rows


def brief_of(actor, campaign):
    """[(label, text)] of the brief in force, to be read beside the work."""
    rows = BriefVersion.objects.visible_to(actor).filter(campaign=campaign).order_by("-number")
    found = rows.first()
    return [(brief.label(key), text) for key, text in found.texts().items() if text] if found else []


def around(actor, asset):
    """The KPIs an asset serves and the problems in its way, each with id and words: one question."""
    kpis = Kpi.objects.visible_to(actor).filter(assets=asset).order_by()
    problems = Problem.objects.visible_to(actor).open().filter(subject_id=asset.pk).order_by()
    rows = kpis.values_list(Value("kpis"), "position", "pk", "name").union(
        problems.values_list(Value("problems"), Value(0), "pk", "text"), all=True
    )
    found = {"kpis": [], "problems": []}
    for kind, _position, pk, words in sorted(rows):
        found[kind].append({"pk": pk, "words": words})
    return found


def activities(actor, asset, versions):
    """The latest acts on this asset, in words."""
    keys = [str(asset.pk), *(str(one.pk) for one in versions)]
    rows = Activity.objects.visible_to(actor).about(*keys)
    rows = rows.exclude(verb="assets.version_checked")
    found = list(rows[:LATEST])
    labels = {field.name: _(capfirst(field.verbose_name)) for field in asset._meta.fields}
    labels |= {"remark": _("Remark"), "reply": _("Answer"), "guest": _("Guest"), "text": _("Remark")}
    labels |= {"kpis": _("KPIs"), "note": _("What changed"), "current_number": _("Version")}
    labels |= {
        "decision": _("Verdict"),
        "words": _("What was said"),
        "edits": _("Exact edits"),
        "reviewer": _("Reviewer"),
    }
    labels |= {"people": _("People"), "reason": _("Why"), "organization": _("Organisation")}
    for one in found:
        one.words, one.lines = logbook.did(one.verb), logbook.lines(one.changes, labels)
    return found


@require_POST
def move(request, slug, code, pk):
    asset = asset_of(request, code, pk)
    form = StageForm({"stage": request.POST.get("stage") or request.POST.get("state")})
    try:
        if not form.is_valid():
            return _refused(request, asset, _("There is no such stage."))
        actions.move_stage(request.actor, asset=asset, **form.cleaned_data)
    except PharosError as error:
        return _refused(request, asset, str(error))
    words = {"title": asset, "stage": asset.get_stage_display()}
    sentence = _("“%(title)s” is in the stage “%(stage)s” now.") % words
    if wants_json(request):
        return JsonResponse({"text": sentence, "undo": ""})
    messages.success(request, sentence)
    return _after(request, asset)


def wants_json(request):
    return "application/json" in request.headers.get("Accept", "")


def _refused(request, asset, sentence):
    if wants_json(request):
        return JsonResponse({"detail": sentence}, status=422)
    messages.error(request, sentence)
    return _after(request, asset)


def _after(request, asset):
    """The board when the act was done there, else the asset."""
    return back(request, asset.campaign) if request.POST.get("from") else redirect(asset)


@require_POST
def archive(request, slug, code, pk):
    asset = asset_of(request, code, pk)
    try:
        actions.archive_asset(request.actor, asset=asset)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(asset)
    undo = reverse("assets:restore", args=[slug, code, pk])
    messages.success(request, _("“%(title)s” is archived.") % {"title": asset}, extra_tags=undo)
    return redirect("assets:list", slug, code)


@require_POST
def restore(request, slug, code, pk):
    asset = actions.restore_asset(request.actor, asset=asset_of(request, code, pk))
    return undone(request, _("“%(title)s” is back.") % {"title": asset}, asset.get_absolute_url())
